import itertools
import sqlite3
from pathlib import PurePosixPath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from responsa.article import Article, Seo
from responsa.publish.search import files as formats
from responsa.publish.search.bits import decode, encode, packed, read_varint, unpacked, varint
from responsa.publish.search.entry import Entry, entry
from responsa.publish.search.files import MANIFEST, name, read_list, read_shard
from responsa.publish.search.gather import gathered
from responsa.publish.search.manifest import read_manifest
from responsa.publish.search.numbers import hash_of, numbered, span_of
from responsa.publish.search.patch import update
from responsa.publish.search.store import Store

TITLES = {"law": "Law", "medicine": "Medicine"}


def article(url="/a", question="What is a cell?", answer="A cell is small.", **more):
    return Article(url=url, path=PurePosixPath("a.md"), question=question, answer=answer, subject="Medicine", **more)


def of(url, answer, slug="medicine"):
    return entry(article(url, f"What is {url[1:]}?", answer), f"What is {url[1:]}?", slug)


class Site:
    """A store, and the files of the site that its updates wrote."""

    def __init__(self):
        self.store = Store(sqlite3.connect(":memory:", isolation_level=None))
        self.files = {}

    def update(self, **wish):
        written = []
        for file in update(self.store, TITLES, self.files.get, **wish):
            written.append(file.path)
            if file.content is None:
                self.files.pop(file.path, None)
            else:
                self.files[file.path] = file.content
        return written

    def clean(self):
        """What a build from nothing makes of the same articles."""
        other = Site()
        rows = self.store._database.execute("SELECT * FROM search_articles").fetchall()
        other.store._database.executemany(
            "INSERT INTO search_articles VALUES (?, ?, NULL, ?, ?)", [(*r[:2], *r[3:]) for r in rows]
        )
        other.update()
        return other.files


def test_an_entry_depends_on_nothing_but_its_article():
    made = entry(article(), "What is a cell?", "medicine")
    assert made == entry(article(), "What is a cell?", "medicine")
    lines = made.terms.decode().split("\n")
    assert len(lines) == 8
    assert "=medicine" in lines[0].split()
    assert {term for line in lines for term in line.split()} == {"=medicine", "cell", "small"}


def test_tex_tags_and_link_addresses_are_no_words():
    text = r"See <b class='zebra'>bold</b> $\fracture{a}$ [here](/learn/hidden) https://example.org/secret."
    terms = entry(article(answer=text), "t", "law").terms.decode().split()
    assert "bold" in terms
    assert not {"zebra", "fracture", "fractur", "hidden", "hidd", "secret", "example"} & set(terms)


@given(st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 7)), unique_by=lambda pair: pair[0]), st.integers(8, 20))
def test_a_list_survives_its_bits(pairs, span):
    postings = sorted(number << 3 | level for number, level in pairs)
    bits = unpacked(packed(encode(postings, span)))
    assert decode(bits, 0, len(postings), span)[0] == postings


def test_a_list_that_is_cut_off_is_an_error():
    bits = encode([8, 800, 8000], 10)
    with pytest.raises(ValueError, match="cut off"):
        decode(bits[:-4], 0, 3, 10)


@given(st.integers(0, 1 << 40))
def test_a_varint_survives(number):
    assert read_varint(varint(number), 0) == (number, len(varint(number)))


def test_names_of_files_cannot_leave_the_folder():
    assert [name(text) for text in ("cell", "", "..", "a/b", "Ü", "-")] == [
        "-cell",
        "-",
        "_2e2e",
        "_612f62",
        "_c39c",
        "_2d",
    ]


@given(st.sets(st.text(min_size=1), min_size=1, max_size=60))
def test_numbers_depend_on_the_set_of_addresses_alone(urls):
    hashes = sorted(map(hash_of, urls))
    numbers = list(numbered(hashes, span_of(len(urls))))
    assert len(set(numbers)) == len(urls)
    assert numbers == sorted(numbers)
    without = list(numbered(hashes[:-1], span_of(len(urls))))
    assert without == numbers[:-1]


def test_lists_are_the_same_in_one_batch_and_in_many():
    articles = [(number, f"cell w{number % 3}\n\nx{number}".encode()) for number in range(20)]
    small = [(term, list(postings)) for term, postings in gathered(articles, batch=3)]
    assert small == [(term, list(postings)) for term, postings in gathered(articles)]
    assert dict(small)["x7"] == [7 << 3 | 2]
    assert dict(small)["w1"] == [number << 3 for number in range(1, 20, 3)]


WORDS = [
    *"abcdefgh",
    "cell",
    "heart",
    "zebra",
    "apple",
    "anchor",
    "liver",
    "law",
    "court",
    "over1",
    "2024",
    "été",
    "細胞",
]
ANSWERS = st.lists(st.sampled_from(WORDS), max_size=25).map(" ".join)
STEPS = st.lists(
    st.tuples(
        st.sampled_from([f"/{letter}" for letter in "abcdefghij"]),
        st.one_of(st.none(), ANSWERS),
        st.sampled_from(sorted(TITLES)),
    ),
    min_size=1,
    max_size=12,
)


@settings(max_examples=150, deadline=None)
@given(st.lists(STEPS, min_size=1, max_size=5))
@pytest.mark.parametrize(("frequent", "split", "room"), [(800, 3, 1800), (2, 2, 12)])
def test_an_index_brought_up_to_date_equals_one_made_from_nothing(frequent, split, room, batches):
    with pytest.MonkeyPatch.context() as patch:
        for key, value in {"FREQUENT": frequent, "SPLIT": split, "ROOM": room, "OFFERED": 2}.items():
            patch.setattr(formats, key, value)
        site = Site()
        for steps in batches:
            for url, answer, slug in steps:
                if answer is None:
                    site.store.drop_all([url])
                else:
                    site.store.put_all([(url, of(url, answer, slug))])
            site.update()
            assert site.files == site.clean()


def filled(count=300):
    site = Site()
    texts = (f"A sentence on thing{number} and the liver, with part{number % 7}." for number in range(count))
    site.store.put_all((f"/q{number}", of(f"/q{number}", text)) for number, text in enumerate(texts))
    site.update()
    return site


def test_nothing_changed_writes_only_the_manifest():
    site = filled()
    before = dict(site.files)
    site.store.put_all([("/q1", of("/q1", "A sentence on thing1 and the liver, with part1."))])
    assert site.update() == [MANIFEST]
    assert site.files == before


def test_an_edit_touches_the_files_of_its_words_alone():
    site = filled()
    site.store.put_all([("/q1", of("/q1", "A sentence on thing1 and the liver, with part1. Spleen."))])
    written = site.update()
    assert written[-1] == MANIFEST
    assert len(written) <= 4
    assert any(path.startswith("search/s/") for path in written)


@pytest.mark.parametrize("damage", [None, b"", b"\xff" * 40])
def test_a_damaged_index_is_made_from_nothing(damage):
    site = filled()
    shards = [path for path in site.files if path.startswith("search/s/")]
    for path in shards:
        if damage is None:
            del site.files[path]
        else:
            site.files[path] = damage
    site.store.put_all([("/q1", of("/q1", "Spleen."))])
    assert len(site.update()) > 5
    assert site.files == site.clean()


def test_another_version_of_the_rules_makes_all_again():
    site = filled()
    site.files[MANIFEST] = site.files[MANIFEST].replace(b'"step":0.1625', b'"step":0.17')
    assert len(site.update()) > 5
    assert site.files == site.clean()


def test_the_manifest_tells_what_there_is():
    site = filled()
    told = read_manifest(site.files[MANIFEST])
    assert told.articles == 300
    assert [
        tuple(shelf) if isinstance(shelf, list) else (shelf.slug, shelf.title, shelf.count) for shelf in told.subjects
    ] == [("medicine", "Medicine", 300)]
    shards = [read_shard(site.files[f"search/s/{name(start)}.bin"], told.span) for start in told.starts.split(" ")]
    words = list(itertools.chain.from_iterable(shards))
    assert words == sorted(words)
    assert "thing299" in words
    assert len(read_list("=medicine", site.files["search/f/-medicine.bin"], told.span)[1]) == 300


def test_a_description_is_shown_short():
    long = article(seo=Seo(description="word " * 60))
    assert len(entry(long, "t", "law").face) < 150
    assert isinstance(entry(long, "t", "law"), Entry)
