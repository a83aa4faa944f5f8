import random

import pytest

from library_folder import REFUSAL, address, put
from responsa.article import ABSENT
from responsa.library.library import read
from responsa.relate import known as kept_state
from responsa.relate import neighbours
from responsa.relate import related as related_now
from responsa.relate.links import chosen
from responsa.relate.related import related, relink

TOPICS = ("liver", "kidney", "heart", "lung")
ASKED = ("surgery", "anatomy", "infection", "transplant", "imaging", "screening", "cancer")


@pytest.fixture
def folder(tmp_path):
    for topic in TOPICS:
        for number, asked in enumerate(ASKED, 1):
            put(tmp_path, f"{topic}-{asked}", question=f"What is {topic} {asked}?", day=number)
    return tmp_path


def links_of(folder, relate):
    found, _ = relate(folder)
    return {page.url: [one.url for one in related(page, found)] for page in found.table.by_url.values() if page.listed}


def test_every_article_gets_five_others_of_its_topic(folder, relate):
    links = links_of(folder, relate)
    assert all(len(urls) == len(set(urls)) == 5 for urls in links.values())
    assert all(url not in urls for url, urls in links.items())
    assert all("liver" in url or "surgery" in url for url in links[address("liver-surgery")])


def test_what_was_written_is_proposed_no_more(folder, relate, carry_out):
    found, _ = relate(folder)
    assert carry_out(folder, relink(found))
    again, _ = relate(folder)
    assert list(relink(again)) == []


def test_links_are_written_in_the_style_of_the_library(folder, relate, carry_out):
    found, _ = relate(folder)
    carry_out(folder, relink(found, [found.table.by_url[address("liver-cancer")]]))
    text = (folder / "content/learn/medicine/liver-cancer.md").read_text()
    block = text[text.index("related_article1:") : text.index("related_article2:")]
    keys = [line.strip().partition(":")[0] for line in block.splitlines() if line.startswith("    ") and line[4] != " "]
    assert keys == ["id", "title", "subject", "url"]
    assert text.count("related_article") == 5


def test_dead_hidden_held_doubled_and_own_links_go(tmp_path, relate, carry_out):
    for number, asked in enumerate(ASKED, 1):
        put(tmp_path, f"liver-{asked}", question=f"What is liver {asked}?", day=number)
    put(tmp_path, "liver-hidden", question="What is liver biopsy?", more="no_index: true\n")
    put(tmp_path, "liver-refused", question="What is liver failure?", answer=REFUSAL)
    bad = ("gone", "liver-hidden", "liver-refused", "liver-cancer", "liver-surgery", "liver-surgery", "liver-imaging")
    put(tmp_path, "liver-cancer", question="What is liver cancer?", links=[address(name) for name in bad])
    found, _ = relate(tmp_path)
    page = found.table.by_url[address("liver-cancer")]
    edits = {edit.field: edit.after for edit in relink(found, [page])}
    assert edits["related_article6"] is edits["related_article7"] is ABSENT
    carry_out(tmp_path, relink(found))
    links = links_of(tmp_path, relate)
    assert len(links[page.url]) == len(set(links[page.url])) == 5
    assert {address("gone"), address("liver-hidden"), address("liver-refused"), page.url}.isdisjoint(links[page.url])
    assert address("liver-hidden") not in links
    stored = read(tmp_path).article(next(p for p in read(tmp_path).paths() if p.name == "liver-cancer.md")).related
    assert [link.slot for link in stored] == [1, 2, 3, 4, 5]
    assert stored[4].url == address("liver-surgery")


def test_a_good_link_keeps_its_slot(folder, relate):
    best = links_of(folder, relate)[address("liver-cancer")]
    put(folder, "liver-cancer", question="What is liver cancer?", links=[address("none"), best[1], best[0]])
    found, _ = relate(folder)
    slots = chosen(found.table.by_url[address("liver-cancer")], found.table, found.found)
    assert (slots[2], slots[3]) == (best[1], best[0])
    assert sorted(slots) == [1, 2, 3, 4, 5]


def test_repeats_of_the_page_and_of_each_other_are_no_links(folder, relate):
    put(folder, "copy", question="What is liver cancer?", day=20)
    put(folder, "reworded", question="Describe the main liver cancer.", day=21)
    put(folder, "same-answer", question="What does hepatocellular mean?", answer="The **answer** to liver-cancer.")
    links = links_of(folder, relate)
    asked_again = {address(name) for name in ("liver-cancer", "copy", "reworded")}
    assert asked_again.isdisjoint(links[address("liver-cancer")])
    assert address("same-answer") not in links[address("liver-cancer")]
    assert all(len(asked_again & set(urls)) <= 1 for urls in links.values())


def test_editors_pin_and_ban(folder, relate, carry_out):
    pinned, banned = address("heart-surgery"), links_of(folder, relate)[address("liver-cancer")][0]
    more = f"related_pinned:\n  - {pinned}\n  - /nowhere\nrelated_banned: {banned}\n"
    put(folder, "liver-cancer", question="What is liver cancer?", more=more)
    found, _ = relate(folder)
    links = related(found.table.by_url[address("liver-cancer")], found)
    assert (links[0].url, links[0].why) == (pinned, "pinned by an editor")
    assert len(links) == 5
    assert banned not in [link.url for link in links]
    carry_out(folder, relink(found))
    assert list(relink(relate(folder)[0])) == []


def test_a_library_too_small_gets_what_there_is(tmp_path, relate):
    put(tmp_path, "a", question="What is anatomy?")
    put(tmp_path, "b", question="What is surgery?")
    assert links_of(tmp_path, relate) == {address("a"): [address("b")], address("b"): [address("a")]}
    assert links_of(tmp_path / "none", relate) if (tmp_path / "none").mkdir() else True


def test_six_suitable_articles_give_five_links(tmp_path, relate):
    for word in ("anatomy", "surgery", "heart", "lung", "infection", "sleep"):
        put(tmp_path, word, question=f"What is {word}?")
    assert {len(urls) for urls in links_of(tmp_path, relate).values()} == {5}


@pytest.mark.parametrize("seed", range(4))
def test_after_any_edits_the_result_is_that_of_starting_anew(folder, relate, seed, monkeypatch):
    monkeypatch.setattr(neighbours, "MOST", 1.0)
    monkeypatch.setattr(related_now, "FEW", seed)
    chance = random.Random(seed)
    relate(folder)
    for _ in range(3):
        name = f"{chance.choice(TOPICS)}-{chance.choice(ASKED)}"
        if chance.random() < 0.3:
            (folder / f"content/learn/medicine/{name}.md").unlink(missing_ok=True)
        else:
            put(folder, name, question=f"What is {chance.choice(TOPICS)} {chance.choice(('fever', *ASKED))}?", day=9)
        step = links_of(folder, relate)
    (folder / ".responsa" / kept_state.FOLDER / kept_state.NAME).unlink()
    assert links_of(folder, relate) == step


def flipped(path):
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


DAMAGE = {"flipped": flipped, "emptied": lambda path: path.write_bytes(b""), "removed": lambda path: path.unlink()}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_state_is_made_again(folder, relate, damage):
    before = links_of(folder, relate)
    home = folder / ".responsa" / kept_state.FOLDER
    for name in sorted({path.name for path in home.rglob("*.*")}):
        (path,) = home.rglob(name)
        DAMAGE[damage](path)
        assert links_of(folder, relate) == before
