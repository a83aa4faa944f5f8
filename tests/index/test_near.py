import pytest

from responsa.index.near import Spellings, distance

TERMS = [b"sorafenib", b"photosynthesi", b"form", b"from", b"cat", b"1984", b"liver"]


@pytest.mark.parametrize(
    ("word", "found"),
    [
        (b"sorafnib", [b"sorafenib"]),
        (b"photosinthsi", [b"photosynthesi"]),
        (b"livre", [b"liver"]),
        (b"fonm", [b"form"]),
        (b"car", []),
        (b"1985", []),
        (b"kidney", []),
    ],
)
def test_the_nearest_spellings_are_found(word, found):
    assert Spellings(TERMS).near(word) == found


def test_nothing_is_near_in_an_empty_index():
    assert Spellings([]).near(b"liver") == []


@pytest.mark.parametrize(("one", "other", "slips"), [("abc", "abc", 0), ("abc", "acb", 1), ("abc", "xyz", 3)])
def test_slips_are_counted(one, other, slips):
    assert distance(one.encode(), other.encode(), 2) == slips
