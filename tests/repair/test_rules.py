"""Each rule on articles in sight: what it proposes, and what it leaves to a person."""

import pytest

from library_folder import REFUSAL, address, put
from responsa.article import ABSENT
from responsa.check.rules import RULES as CHECKED
from responsa.library.catalogue import refresh
from responsa.library.library import read
from responsa.repair import single
from responsa.repair.rules import RULES
from responsa.repair.scene import Scene


def repairs(folder, name):
    library, rule = read(folder), RULES[name]
    with refresh(library) as catalogue:
        scene = Scene(library, catalogue)
        found = single.function(rule.make)(scene) if rule.together else single.repairs(scene, rule)
        return {repair.about: repair for repair in found}


def edits(folder, name):
    found = repairs(folder, name)
    return {(edit.url, edit.field): edit.after for repair in found.values() for edit in repair.edits}


def test_links_are_led_on_or_removed(tmp_path):
    put(tmp_path, "new", more="aliases:\n  - /learn/old\n")
    put(
        tmp_path,
        "a",
        links=["/learn/old", "/questions/undefined" + address("b"), address("gone"), address("a"), address("new")],
    )
    put(tmp_path, "b")
    at = address("a")
    assert edits(tmp_path, "links") == {
        (at, "related_article1.url"): address("new"),
        (at, "related_article1.title"): "What is new?",
        (at, "related_article1.subject"): "Medicine",
        (at, "related_article1.id"): 1,
        (at, "related_article2.url"): address("b"),
        (at, "related_article2.title"): "What is b?",
        (at, "related_article2.subject"): "Medicine",
        (at, "related_article2.id"): 1,
        (at, "related_article3"): ABSENT,
        (at, "related_article4"): ABSENT,
        (at, "related_article5"): ABSENT,
    }


def test_ids_go_to_the_article_that_links_call_by_it(tmp_path):
    put(tmp_path, "a", day=1)
    put(tmp_path, "b", day=2)
    put(tmp_path, "c", day=3, links=[address("b")])
    found = edits(tmp_path, "ids")
    assert found == {(address("a"), "id"): 2, (address("c"), "id"): 3}


def test_links_follow_an_article_that_gets_a_new_id(tmp_path):
    put(tmp_path, "a", day=1, links=[address("b"), address("c")])
    put(tmp_path, "b", day=2, links=[address("c")])
    put(tmp_path, "c", day=3)
    found = edits(tmp_path, "ids")
    assert found[address("b"), "id"] == 3
    assert found[address("a"), "related_article1.id"] == 3


def test_ids_that_are_no_numbers_are_a_persons(tmp_path):
    for name in "ab":
        path = put(tmp_path, name)
        path.write_text(path.read_text().replace("id: 1\n", "id: x1\n"))
    assert edits(tmp_path, "ids") == {}


def test_an_address_with_undefined_becomes_the_layouts_and_stays_as_an_alias(tmp_path):
    url = "/learn/undefined/questions/hcc"
    put(tmp_path, "hcc", url=url)
    put(tmp_path, "b", url="/learn/undefined/questions/b")
    put(tmp_path, "c", url=address("b"))
    assert edits(tmp_path, "addresses") == {(url, "aliases"): [url], (url, "url"): address("hcc")}


def test_aliases_at_which_an_article_lives_are_removed(tmp_path):
    put(tmp_path, "a", more=f"aliases:\n  - {address('b')}\n  - /learn/old\n")
    put(tmp_path, "b", more=f"aliases: [{address('b')}]\n")
    put(tmp_path, "c", more="aliases: [/learn/old]\n")
    assert edits(tmp_path, "aliases") == {
        (address("a"), "aliases"): ["/learn/old"],
        (address("b"), "aliases"): ABSENT,
    }


def test_a_refusal_is_held_and_a_value_that_a_person_must_mend_stays(tmp_path):
    put(tmp_path, "a", answer=REFUSAL)
    put(tmp_path, "b", answer=REFUSAL, more="no_index: perhaps\n")
    put(tmp_path, "c", answer=REFUSAL, more="no_index: true\n")
    assert edits(tmp_path, "holds") == {(address("a"), "no_index"): True}


def test_only_word_for_word_copies_are_merged(tmp_path):
    put(tmp_path, "a", question="What is HCC?", answer="The same.")
    put(tmp_path, "b", question="What is HCC?", answer="The same.")
    put(tmp_path, "c", question="What is HCC?", answer="Another.")
    put(tmp_path, "d", question="What is ICC?", answer="The same.")
    (repair,) = repairs(tmp_path, "copies").values()
    assert repair.about == address("a")
    assert [path.name for path in repair.gone] == ["b.md"]
    assert {edit.field: edit.after for edit in repair.edits} == {"aliases": [address("b")]}


def test_a_description_that_fits_stays_and_its_own_first_sentence_is_kept(tmp_path):
    first = "How cirrhosis leads to cancer of the liver in adults."
    put(tmp_path, "a", more=f"seo:\n  page_description: {first}\n")
    put(tmp_path, "b", more=f"seo:\n  page_description: {first} {'More of no use to anybody. ' * 8}\n")
    put(tmp_path, "c", answer="Liver cancer is found by ultrasound in people at risk.")
    put(tmp_path, "d", more="seo:\n  page_description: [a, list]\n")
    found = edits(tmp_path, "descriptions")
    assert found[address("b"), "seo.page_description"].startswith(first)
    assert found[address("c"), "seo.page_description"] == "Liver cancer is found by ultrasound in people at risk."
    assert not {address("a"), address("d")} & {url for url, _ in found}


@pytest.mark.parametrize(("having", "mended"), [(3, True), (1, False)])
def test_keywords_are_filled_only_where_the_library_has_them(tmp_path, having, mended):
    for number in range(4):
        more = "seo:\n  page_keywords: liver\n" if number < having else ""
        put(tmp_path, f"a{number}", question="What is liver cancer?", answer="Liver cancer is a tumour.", more=more)
    assert bool(edits(tmp_path, "keywords")) is mended


def test_of_two_files_with_one_address_only_the_first_is_edited(tmp_path):
    put(tmp_path, "a", url="/learn/x", subject="medicine")
    put(tmp_path, "b", url="/learn/x", subject="medicine")
    for name in "cde":
        put(tmp_path, name)
    assert list(edits(tmp_path, "spellings")) == [("/learn/x", "subject")]


def test_every_rule_says_why_in_a_sentence_and_names_rules_of_check():
    for rule in RULES.values():
        assert rule.why.endswith(".")
        assert set(rule.clears) <= CHECKED.keys()
        assert callable(single.function(rule.make))


def test_what_check_says_of_a_rule_names_the_command_that_mends_it():
    for rule in RULES.values():
        for name in rule.clears:
            assert f"`responsa fix --rule {rule.name}`" in CHECKED[name].fix, name
