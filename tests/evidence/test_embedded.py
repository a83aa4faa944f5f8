import pytest

from responsa.evidence.claims import Claim, Kind
from responsa.evidence.embedded import Embedded
from responsa.evidence.passages import Paragraph, passages
from responsa.evidence.retrieval import Nearest
from responsa.evidence.verdict import Verdict

SOURCE = """Median overall survival was 19.2 months with atezolizumab and bevacizumab in unresectable carcinoma.
Metformin lowers blood glucose and is recommended for adults with type 2 diabetes.
The treaty was signed by Otto von Bismarck in 1871 after the war against France.
The device is not suitable for children younger than 12 years and weighs 5 mg.
Photosynthesis increases when the light becomes stronger and more carbon dioxide is present."""


def look(text, lead="", source=SOURCE):
    nearest = Nearest(passages("s", [Paragraph(line) for line in source.splitlines()]))
    return Embedded(nearest.names).judge(Claim(0, 1, text, Kind.STATEMENT, lead), nearest.search(text, lead))


@pytest.mark.parametrize("line", SOURCE.splitlines())
def test_the_same_words_are_quoted(line):
    found = look(line)
    assert (found.verdict, found.confidence, found.quote) == (Verdict.QUOTED, 1.0, line)


@pytest.mark.parametrize(
    ("claim", "kind", "ours", "theirs"),
    [
        (SOURCE.splitlines()[0].replace("19.2", "9.2"), "number", "9.2 months", "19.2 months"),
        (SOURCE.splitlines()[0].replace("months", "weeks"), "unit", "19.2 weeks", "19.2 months"),
        (SOURCE.splitlines()[0].replace("atezolizumab", "pembrolizumab"), "name", "pembrolizumab", "atezolizumab"),
        (SOURCE.splitlines()[1].replace("lowers", "raises"), "direction", "raises", "lowers"),
        (SOURCE.splitlines()[1].replace("recommended", "contraindicated"), "recommendation", "contraindicated", "recommended"),  # noqa: E501
        (SOURCE.splitlines()[1].replace("adults", "children"), "population", "children", "adults"),
        (SOURCE.splitlines()[2].replace("Otto von Bismarck", "Max Weber"), "name", "Max Weber", "Otto von Bismarck"),
        (SOURCE.splitlines()[3].replace("not ", ""), "negation", "without it", "is not suitable for"),
        (SOURCE.splitlines()[3].replace("younger than 12", "older than 12"), "direction", ">", "<"),
        (SOURCE.splitlines()[4].replace("increases", "does not increase"), "negation", "not", "increases"),
    ],
)  # fmt: skip
def test_an_exchange_is_told_with_both_values(claim, kind, ours, theirs):
    found = look(claim)
    assert found.verdict is Verdict.DIFFERS
    difference = next(d for d in found.differences if d.kind == kind)
    assert ours in difference.claim
    assert theirs in difference.source
    assert f"source says {difference.source}" in found.reason


@pytest.mark.parametrize(
    "claim",
    [
        "The treaty was signed in 1871 by Otto von Bismarck after the war against France.",
        "The device is unsuitable for children younger than twelve years and weighs 5 mg.",
        "Median overall survival was 1.6 years with atezolizumab and bevacizumab in unresectable carcinoma.",
        "Metformin reduces blood glucose and is recommended for adults with type 2 diabetes.",
        "Photosynthesis increases if the light becomes stronger and more carbon dioxide is there.",
    ],
)
def test_another_wording_is_no_difference(claim):
    assert look(claim).verdict is Verdict.WORDING


@pytest.mark.parametrize(
    ("source", "claim", "kind"),
    [
        ("The wound closes within weeks of the operation.", "The wound closes within years of the operation.", "unit"),
        ("The tower grows by up to 15 centimetres.", "The tower grows by up to 15 millimetres.", "unit"),
        ("Dialysis removes about a third of the drug.", "Dialysis removes about a half of the drug.", "number"),
        ("Warfarin thins the blood of most patients.", "Digoxin thins the blood of most patients.", "name"),
        ("A raised alpha-fetoprotein calls for a scan of the liver.", "A raised CA19-9 calls for a scan of the liver.", "name"),  # noqa: E501
        ("Hepatitis A spreads by food and water.", "Hepatitis C spreads by food and water.", "name"),
        ("A stroke was the usual cause of death.", "A heart attack was the usual cause of death.", "name"),
        ("It tends to appear in childhood in most families.", "It tends to appear in middle age in most families.", "population"),  # noqa: E501
        ("Women are treated more often than men at home.", "Men are treated more often than women at home.", "population"),  # noqa: E501
        ("An overactive gland raises the pulse at rest.", "An underactive gland raises the pulse at rest.", "direction"),  # noqa: E501
        ("The joint is typically affected in the morning.", "The joint is rarely affected in the morning.", "direction"),  # noqa: E501
        ("The marrow is unable to make enough cells.", "The marrow is able to make enough cells.", "negation"),
        ("Smokers have four times the risk of nonsmokers.", "Nonsmokers have four times the risk of smokers.", "negation"),  # noqa: E501
        ("In SHARP the drug prolonged life. In REFLECT another was not inferior.", "In REFLECT the drug prolonged life.", "name"),  # noqa: E501
    ],
)  # fmt: skip
def test_one_of_a_kind_in_the_place_of_another_differs(source, claim, kind):
    found = look(claim, source=source)
    assert found.verdict is Verdict.DIFFERS
    assert kind in {difference.kind for difference in found.differences}


@pytest.mark.parametrize(
    ("source", "claim"),
    [
        ("Women are more likely than men to break a hip.", "Men are less likely than women to break a hip."),
        (
            "If the fever is not treated at once, most patients lose their hearing.",
            "Most patients lose their hearing if the fever is not treated at once.",
        ),
        ("The dose is halved in adults.", "The dose is halved in adults (Meyer 2018)."),
        ("The dose is halved in adults.", "The dose is halved in adults [3]."),
        ("Carriers may or may not fall ill in old age.", "Carriers may or may not fall ill in old age."),
        ("A raised AFP calls for a scan of the liver.", "A raised alpha-fetoprotein calls for a scan of the liver."),
        ("Diseases of the heart are common in adults.", "Disease of the heart is common in adults."),
    ],
)
def test_turned_sentences_and_citations_are_no_difference(source, claim):
    assert look(claim, source=source).verdict in {Verdict.QUOTED, Verdict.WORDING}


def test_what_no_passage_holds_is_none():
    assert look("Bridges are built from steel and stone.").verdict is Verdict.NONE
    assert look("Zzz qqq.").nearest == ()


def test_a_number_that_the_passage_lacks_is_not_verified():
    found = look("Metformin lowers blood glucose by 20% and is recommended for adults with type 2 diabetes.")
    assert found.verdict in {Verdict.RELATED, Verdict.NONE}


def test_what_rules_out_the_advised_is_in_tension():
    source = "Resection with curative intent is the treatment of choice for resectable colorectal liver metastases."
    found = look("Once liver cancer is metastatic, surgery is generally not an option.", "Surgery", source)
    assert (found.verdict, found.tension) == (Verdict.RELATED, "the answer rules out what the passage advises")


def test_the_embedded_checker_never_says_true_or_false():
    for line in SOURCE.splitlines():
        for claim in (line, f"It is not true that {line}", line[: len(line) // 2]):
            assert look(claim).verdict not in {Verdict.SUPPORTED, Verdict.CONTRADICTED}
