import pytest

from library_folder import REFUSAL, address, put
from responsa.library.library import read
from responsa.relate.duplicates import duplicates
from responsa.relate.merge import merges

LONG = "A longer answer that says more than the others do about it."


@pytest.fixture
def clusters(relate):
    def found(folder):
        relations, catalogue = relate(folder)
        return duplicates(relations, catalogue), catalogue

    return found


def names(cluster):
    return {copy.page.url.rpartition("/")[2]: copy.why for copy in cluster.copies}


def test_copies_in_words_answers_and_subjects_are_one_cluster(tmp_path, clusters):
    put(tmp_path, "a", question="What is the role of the liver?", answer=LONG)
    put(tmp_path, "b", question="what is the role of the liver", subject="Biology", answer="Short.")
    put(tmp_path, "c", question="Describe the main function of the liver.", answer="Short too.")
    put(tmp_path, "d", question="Which tasks has that organ?", answer=LONG)
    put(tmp_path, "e", question="What is the role of the kidney?", answer="Other.")
    ((cluster,), _) = clusters(tmp_path)
    assert cluster.canonical.url == address("a")
    assert cluster.reason == "first by address"
    assert names(cluster) == {
        "b": "the same question, in another subject",
        "c": "the same question in other words (1.00)",
        "d": "the same answer",
    }


def test_near_questions_that_differ_in_a_word_are_not_merged(tmp_path, clusters):
    for word in ("military", "political"):
        put(tmp_path, word, question=f"What were the {word} causes of the long great war in old Europe?", answer=word)
    assert clusters(tmp_path)[0] == []


def test_a_cluster_is_no_chain(tmp_path, clusters):
    put(tmp_path, "a", question="What is anatomy?", answer="One.")
    put(tmp_path, "b", question="What is anatomy?", answer="Two.", day=2)
    put(tmp_path, "c", question="Who was Galen?", answer="Two.", day=3)
    put(tmp_path, "d", question="Who was Galen?", answer="Three is longer.", day=4)
    put(tmp_path, "e", question="What is a scalpel?", answer="Three is longer.", day=5)
    put(tmp_path, "f", question="What is a scalpel?", answer="Four.", day=6)
    found, _ = clusters(tmp_path)
    members = [{cluster.canonical.url, *(copy.page.url for copy in cluster.copies)} for cluster in found]
    assert sum(map(len, members)) == len(set().union(*members))
    assert not any({address("a"), address("f")} <= group for group in members)


def test_refusals_share_their_words_and_are_no_duplicates(tmp_path, clusters):
    put(tmp_path, "a", question="What is anatomy?", answer=REFUSAL)
    put(tmp_path, "b", question="Who was Galen?", answer=REFUSAL)
    assert clusters(tmp_path)[0] == []


def test_an_article_that_is_held_back_never_stays_before_one_that_is_not(tmp_path, clusters):
    put(tmp_path, "a", question="What is anatomy?", answer=REFUSAL)
    put(tmp_path, "b", question="What is anatomy?", answer="It is.")
    ((cluster,), _) = clusters(tmp_path)
    assert cluster.canonical.url == address("b")


@pytest.mark.parametrize(
    ("more", "reason"),
    [("score: 0.9\n", "better score"), ("sources:\n  - id: a\n    title: A source\n", "has sources")],
)
def test_evidence_counts_before_length(tmp_path, clusters, more, reason):
    put(tmp_path, "a", question="What is anatomy?", answer=LONG)
    path = put(tmp_path, "b", question="What is anatomy?", answer="Short.", more=more)
    if "score" in more:
        path.write_text(path.read_text().replace("score: -1.0\n", "", 1))
    ((cluster,), _) = clusters(tmp_path)
    assert (cluster.canonical.url, cluster.reason) == (address("b"), reason)


def test_the_one_that_stays_takes_addresses_and_wordings_over_and_links_follow(tmp_path, clusters, carry_out):
    sourced = "sources:\n  - id: a\n    title: A source\n"
    put(tmp_path, "a", question="What is the role of the liver?", answer=LONG, links=[address("b")], more=sourced)
    more = "aliases:\n  - /old/b\nalso_asked:\n  - Why have a liver?\n"
    put(tmp_path, "b", question="What is the function of the liver?", more=more)
    put(tmp_path, "c", question="Who was Galen?", links=[address("b")])
    put(tmp_path, "d", question="What is a scalpel?", links=[address("a"), address("x"), address("b")])
    found, catalogue = clusters(tmp_path)
    (merge,) = merges(found, catalogue)
    assert [path.name for path in merge.gone] == ["b.md"]
    carry_out(tmp_path, merge.edits)
    library = read(tmp_path)
    by_url = {article.url: article for article in library.articles()}
    stays = by_url[address("a")]
    assert stays.aliases == (address("b"), "/old/b")
    assert stays.also_asked == ("What is the function of the liver?", "Why have a liver?")
    assert stays.related == ()
    assert [link.url for link in by_url[address("c")].related] == [address("a")]
    assert [link.url for link in by_url[address("d")].related] == [address("a"), address("x")]
    # Cut off before the copy's file went: the same article stays, and nothing is left but to remove it.
    found, catalogue = clusters(tmp_path)
    (again,) = merges(found, catalogue)
    assert (again.cluster.canonical.url, again.edits) == (address("a"), ())
    assert [path.name for path in again.gone] == ["b.md"]
