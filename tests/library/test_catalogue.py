import os
import random
import signal
import subprocess
import sys
import time

import pytest

from responsa.errors import ResponsaError, UsageError
from responsa.library import library as libraries
from responsa.library.catalogue import refresh
from responsa.shards import Here, Processes

B = "/learn/medicine/questions/b"


def content(catalogue):
    """Everything a consumer can see, but for stamps."""
    cards = list(catalogue.cards())
    links = [(card.url, catalogue.links_from(card.url), catalogue.links_to(card.url)) for card in cards]
    return cards, links, list(catalogue.unreadable()), list(catalogue.aliases()), catalogue.subjects()


def fresh(folder):
    with refresh(libraries.read(folder)) as catalogue:
        return content(catalogue)


def path(folder, name):
    return folder / f"content/learn/medicine/{name}.md"


def test_cards_come_newest_first(library):
    with refresh(library) as catalogue:
        assert [card.url[-1] for card in catalogue.cards(subject="medicine")] == ["c", "b", "a"]
        assert list(catalogue.cards(subject="law")) == []


def test_links_are_known_from_both_ends(library):
    with refresh(library) as catalogue:
        assert [link.source[-1] for link in catalogue.links_to(B)] == ["a", "c"]
        assert [link.source for link in catalogue.dangling()] == [B]


def test_a_consumer_learns_what_changed_and_what_it_was(folder, new_record):
    with refresh(libraries.read(folder)) as catalogue:
        stamp = catalogue.stamp
    path(folder, "a").write_text(new_record("a", subject="Law"))
    path(folder, "b").unlink()
    path(folder, "d").write_text(new_record("d"))
    with refresh(libraries.read(folder)) as catalogue:
        assert [card.url[-1] for card in catalogue.changed(stamp)] == ["a", "d"]
        assert [(f.url[-1], f.subject_slug, f.gone) for f in catalogue.former(stamp)] == [
            ("a", "medicine", False),
            ("b", "medicine", True),
        ]
        assert catalogue.lookup([B, "/none"]) == {}


def test_nothing_changed_keeps_the_stamp(library):
    with refresh(library) as one:
        stamp = one.stamp
    for name in "abc":
        os.utime(path(library.folder, name))
    with refresh(library) as other:
        assert other.stamp == stamp


def test_a_change_of_same_size_within_the_clock_tick_is_seen(library):
    file = path(library.folder, "a")
    refresh(library).close()
    times = file.stat()
    with file.open("r+b") as opened:
        opened.write(file.read_bytes().replace(b"Medicine", b"Medecine"))
    os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))
    with refresh(library) as catalogue:
        assert "Medecine" in {card.subject for card in catalogue.cards()}


def test_other_settings_are_taken_up(folder):
    refresh(libraries.read(folder)).close()
    (folder / "responsa.toml").write_text('[[subjects]]\ntitle = "Medicine"\nlisted = false\n')
    with refresh(libraries.read(folder)) as catalogue:
        assert not list(catalogue.cards(listed=True))


def test_a_refusal_is_held_until_the_policy_says_otherwise(folder, new_record):
    path(folder, "a").write_text(new_record("a", answer="I cannot answer this question."))
    with refresh(libraries.read(folder)) as catalogue:
        assert [card.held for card in catalogue.cards(by="path")] == ["refusal", "", ""]
    (folder / "responsa.toml").write_text('[policy]\nrefusals = "publish"\n')
    with refresh(libraries.read(folder)) as catalogue:
        assert len(list(catalogue.published())) == 3


def test_repeats_are_grouped(folder, new_record):
    path(folder, "z").write_text(new_record("a", id=1, question="A??"))
    with refresh(libraries.read(folder)) as catalogue:
        for field in ("url", "id", "question_key", "answer_digest"):
            assert [[card.path.stem for card in group.cards] for group in catalogue.repeated(field)] == [["a", "z"]]
        assert catalogue.path_of("/learn/medicine/questions/a").stem == "a"
        assert len(list(catalogue.published())) == 3


def test_unreadable_files_are_listed_and_heal(folder, new_record):
    path(folder, "a").write_text("nothing")
    with refresh(libraries.read(folder)) as catalogue:
        assert [(file.path.stem, file.line) for file in catalogue.unreadable()] == [("a", 1)]
        assert catalogue.count() == 2
    path(folder, "a").write_text(new_record("a"))
    with refresh(libraries.read(folder)) as catalogue:
        assert not list(catalogue.unreadable())


@pytest.mark.parametrize("executor", [Here(), Processes(2)])
def test_the_order_of_refreshes_does_not_show(folder, executor, new_record):
    path(folder, "b").rename(folder / "b")
    refresh(libraries.read(folder), executor).close()
    (folder / "b").rename(path(folder, "b"))
    path(folder, "a").write_text(new_record("a", answer="Changed."))
    with refresh(libraries.read(folder), executor) as catalogue:
        grown = content(catalogue)
    (folder / ".responsa/catalogue.sqlite").unlink()
    assert grown == fresh(folder)


@pytest.mark.parametrize("damage", ["truncated", "zeroed", "random", "text", "empty", "other version"])
def test_damage_is_healed(folder, damage):
    expected = fresh(folder)
    file = folder / ".responsa/catalogue.sqlite"
    data = file.read_bytes()
    file.write_bytes(
        {
            "truncated": data[: len(data) // 2],
            "zeroed": bytes(len(data)),
            "random": data[:100] + random.Random(7).randbytes(len(data) - 100),
            "text": b"hello",
            "empty": b"",
            "other version": data[:60] + b"\0\0\0\x63" + data[64:],
        }[damage]
    )
    assert fresh(folder) == expected


def test_a_place_that_cannot_be_written_is_a_clear_error(folder):
    (folder / ".responsa").write_text("a file")
    with pytest.raises(ResponsaError, match="cannot be"):
        refresh(libraries.read(folder))


REFRESH = """
import sys
from pathlib import Path
from responsa.library import library
from responsa.library.catalogue import refresh
print("ready", flush=True)
for _ in range(50):
    refresh(library.read(Path(sys.argv[1]))).close()
"""


def test_commands_at_the_same_time_agree(folder):
    running = [subprocess.Popen([sys.executable, "-c", REFRESH, folder], stdout=subprocess.DEVNULL) for _ in range(2)]
    assert [child.wait(60) for child in running] == [0, 0]
    assert len(fresh(folder)[0]) == 3


def test_a_kill_at_any_moment_leaves_a_whole_catalogue(folder, new_record):
    for number in range(60):
        path(folder, f"n{number}").write_text(new_record(f"n{number}", id=number))
    chance = random.Random(3)
    for _ in range(6):
        (folder / ".responsa/catalogue.sqlite").unlink(missing_ok=True)
        with subprocess.Popen([sys.executable, "-c", REFRESH, folder], stdout=subprocess.PIPE) as child:
            child.stdout.readline()
            time.sleep(chance.random() * 0.05)
            child.send_signal(signal.SIGKILL)
        assert len(fresh(folder)[0]) == 63


WRITE = """
import sys
from pathlib import Path
from responsa.article import Edit
from responsa.library import library as libraries
from responsa.library.write import write
library = libraries.read(Path(sys.argv[1]))
print("ready", flush=True)
for number in range(2000):
    edits = [Edit(f"/learn/medicine/questions/{slug}", "score", number / 2000, "x") for slug in "abc"]
    write(library, libraries.apply(library, edits))
"""


def test_a_kill_while_writing_leaves_every_file_whole(folder):
    chance = random.Random(5)
    for _ in range(6):
        with subprocess.Popen([sys.executable, "-c", WRITE, folder], stdout=subprocess.PIPE) as child:
            child.stdout.readline()
            time.sleep(chance.random() * 0.1)
            child.send_signal(signal.SIGKILL)
        articles = list(libraries.read(folder).articles())
        assert [article.answer for article in articles] == [f"The answer to {slug}." for slug in "abc"]


@pytest.mark.real
def test_the_real_library_holds_what_was_counted(real_library, tmp_path):
    (tmp_path / "content").symlink_to(real_library / "content")
    with refresh(libraries.read(tmp_path)) as catalogue:
        assert catalogue.count() == 35_915
        assert sum(card.held == "refusal" and card.no_index for card in catalogue.cards()) == 67
        assert len(list(catalogue.dangling())) == 310
        repeats = {f: sum(len(g.cards) - 1 for g in catalogue.repeated(f)) for f in ("id", "question_key", "url")}
        assert repeats == {"id": 2_474, "question_key": 2_706, "url": 0}
        shelves = catalogue.subjects()
        assert (len(shelves), sum(len(shelf.spellings) for shelf in shelves)) == (40, 44)


def test_a_changed_key_mapping_finds_other_aliases_in_the_same_bytes(folder):
    path = folder / "content/learn/medicine/a.md"
    path.write_text(path.read_text().replace("score: -1.0", "score: -1.0\naliases: [/old]\nmoved_from: [/older]"))
    with refresh(libraries.read(folder)) as catalogue:
        assert [old for old, _ in catalogue.aliases()] == ["/old"]
    (folder / "responsa.toml").write_text('[layout]\nkind = "seed"\nkeys = { aliases = "moved_from" }\n')
    with refresh(libraries.read(folder)) as catalogue:
        assert [old for old, _ in catalogue.aliases()] == ["/older"]


def test_an_edit_of_the_same_size_with_its_time_set_back_is_seen(folder):
    path = folder / "content/learn/medicine/a.md"
    old = path.stat()
    os.utime(path, ns=(old.st_atime_ns, old.st_mtime_ns - 10**10))
    before = path.stat()
    time.sleep(2.1)
    with refresh(libraries.read(folder)) as catalogue:
        stamp = catalogue.stamp
    inode = path.stat().st_ino
    with path.open("r+b") as file:
        text = file.read().replace(b"The answer to a.", b"The answer to A.")
        file.seek(0)
        file.write(text)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert (path.stat().st_ino, path.stat().st_mtime_ns, path.stat().st_size) == (
        inode,
        before.st_mtime_ns,
        before.st_size,
    )
    with refresh(libraries.read(folder)) as catalogue:
        assert [card.path.name for card in catalogue.changed(stamp)] == ["a.md"]


def test_derived_files_never_leave_the_library_by_a_link(folder, tmp_path_factory):
    outside = tmp_path_factory.mktemp("outside")
    (folder / ".responsa").symlink_to(outside)
    with pytest.raises(ResponsaError, match="is a link"):
        refresh(libraries.read(folder))
    assert not list(outside.iterdir())


def test_another_folder_of_articles_is_taken_up_where_ledgers_are(folder):
    (folder / "evidence/medicine").mkdir(parents=True)
    (folder / "evidence/medicine/a.json").write_text("{}")
    refresh(libraries.read(folder)).close()
    (folder / "content/learn").rename(folder / "articles")
    (folder / "responsa.toml").write_text('[layout]\ncontent = "articles"\n')
    with refresh(libraries.read(folder)) as catalogue:
        assert {card.path.parts[0] for card in catalogue.cards()} == {"articles"}
        assert catalogue.count() == 3


def test_a_folder_of_articles_that_is_not_there_is_told_and_empties_nothing(folder):
    refresh(libraries.read(folder)).close()
    (folder / "responsa.toml").write_text('[layout]\ncontent = "contnet/learn"\n')
    with pytest.raises(UsageError, match="contnet/learn: no such folder; the articles should lie there"):
        refresh(libraries.read(folder))
