import pytest
from hypothesis import given
from hypothesis import strategies as st

from responsa.library.urls import LONGEST_SEGMENT, collisions, is_address, page_path, repaired, slugify


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("What is HCC?", "what-is-hcc"), ("Crohn's disease", "crohns-disease"), ("R&D", "r-and-d"),
        ("Straße nach Łódź", "strasse-nach-lodz"), ("肝臓とは", "肝臓とは"), ("???", "item"), ("CON", "con-"),
    ],
)  # fmt: skip
def test_a_slug_is_the_words_of_a_title(title, slug):
    assert slugify(title) == slug


@given(st.text())
def test_every_slug_is_part_of_an_address_and_its_own_slug(title):
    slug = slugify(title)
    assert is_address(f"/{slug}")
    assert slugify(slug) == slug


@pytest.mark.parametrize(
    "url",
    ["", "a", "//evil.example", "/a/../b", "/a//b", "/a b", "/a?b", "/a#b", "/a\\b", "/%2e%2e/a", "/a\n", "/.git/x",
     "/a<b", '/a"b', "/nul", "/a\u202eb", "/a\ud800", "/" + "x" * 300, "/."],
)  # fmt: skip
def test_what_is_not_safe_is_no_address(url):
    assert not is_address(url)
    with pytest.raises(ValueError, match="not an address"):
        page_path(url)


@given(st.text(alphabet="/.ab%\\ é\x00", max_size=20))
def test_a_page_lies_below_the_site(url):
    if is_address(url):
        parts = page_path(url).split("/")
        assert ".." not in parts
        assert all(0 < len(part.encode()) <= LONGEST_SEGMENT + len(".html") for part in parts)


def test_a_page_is_a_flat_file():
    assert page_path("/learn/medicine/questions/x") == "learn/medicine/questions/x.html"
    assert page_path("/") == "index.html"


def test_a_moved_address_is_repaired_and_others_stay():
    assert repaired("/questions/undefined/learn/a/questions/b") == "/learn/a/questions/b"
    assert repaired("/learn/a/questions/undefined-behaviour") == "/learn/a/questions/undefined-behaviour"


def test_addresses_that_differ_in_case_collide():
    assert list(collisions(["/a", "/b", "/A", "/a"])) == [("/a", "/A")]
