import pytest

from responsa.publish.places import is_reserved, place_of, shelf_url, twin_of_page, urls_of


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("/", "index.html"),
        ("/learn/a/questions/b", "learn/a/questions/b.html"),
        ("/a/", "a/index.html"),
        ("/a/b.html", "a/b.html"),
        ("/index", "index.html"),
    ],
)
def test_an_address_has_one_place_and_the_place_names_it_again(url, place):
    assert place_of(url) == place
    assert url in urls_of(place)


@pytest.mark.parametrize("url", ["", "a", "//a", "/../a", "/a?b", "/a#b", "/a b", "/\x00"])
def test_what_is_no_address_has_no_place(url):
    with pytest.raises(ValueError, match="not an address"):
        place_of(url)


def test_a_twin_lies_beside_its_page():
    assert twin_of_page("a/b.html") == "a/b.md"


@pytest.mark.parametrize(
    ("permalink", "page", "url"),
    [
        ("/learn/{subject}/questions/{slug}", 1, "/learn/m"),
        ("/learn/{subject}/questions/{slug}", 3, "/learn/m/page/3"),
        ("/{subject}/{slug}/", 1, "/m"),
        ("/{slug}", 1, "/subjects/m"),
        ("/x-{subject}/{slug}", 1, "/subjects/m"),
    ],
)
def test_a_subjects_list_has_the_address_that_the_permalink_gives_it(permalink, page, url):
    assert shelf_url(permalink, "m", page) == url


@pytest.mark.parametrize("place", ["index.html", "404.html", "learn/m.html", "learn/m/page/12.html"])
def test_the_sites_own_places_are_reserved(place):
    assert is_reserved(place, frozenset({"/learn/m"}))
    assert not is_reserved("learn/m/page/x.html", frozenset({"/learn/m"}))
