"""The content words of questions, folded so that plurals, tenses and spellings of one word are one."""

import re
import unicodedata
import zlib
from array import array
from collections import Counter
from functools import lru_cache
from typing import Final

_WORD: Final = re.compile(r"[^\W_]+(?:[+#]+(?!\w))?")
_APOSTROPHE: Final = re.compile(r"['\u2019](?:s\b)?")
_SHORT: Final = 4
_VOWEL: Final = re.compile(r"[aeiouy]")
_PLURALS: Final = (("ies", "y"), ("sses", "ss"), ("xes", "x"), ("ches", "ch"), ("shes", "sh"), ("zes", "z"))
_NO_PLURALS: Final = ("ss", "us", "is", "ics")
_BRITISH: Final = (("isation", "ization"), ("aem", "em"), ("oed", "ed"), ("oes", "es"), ("paed", "ped"))
STOPWORDS: Final = frozenset(
    """a about above after again all also am an and any are as at be because been being between both but by can
    content could describe did discuss discusses do does doing each etc explain explains few for from further had has
    have having he her here hers him his highlighting how i if in include includes including into is it its itself just
    like may me mean means might more most much must my of on only or other our out over overview own please provide
    provides same shall she should so some such summary tell than that the their them then there these they this those
    through to too up upon us various very was we were what when where which while who whom whose why will with would
    you your""".split()  # noqa: SIM905 - a word list reads better as one text
)


class _Unmarked(dict[int, int | None]):
    """What stands for a sign: nothing for an accent, else itself. Filled as signs are met."""

    def __missing__(self, sign: int) -> int | None:
        self[sign] = found = None if unicodedata.combining(chr(sign)) else sign
        return found


_UNMARKED: Final = _Unmarked()
NONE: Final = -1


class _Numbers(dict[str, int]):
    """The number of a word's stem, ``NONE`` for one that tells nothing. Forgotten as a whole where it grows large."""

    def __missing__(self, word: str) -> int:
        if len(self) > _KNOWN:
            self.clear()
        self[word] = found = number(stem(word)) if len(word) > 1 and word not in STOPWORDS else NONE
        return found


_KNOWN: Final = 1 << 18
_NUMBERS: Final = _Numbers()


def words(text: str) -> list[str]:
    """Words in lower case without accents and possessives, in order. ``C++`` and ``C#`` are words."""
    folded = text.casefold()
    if not folded.isascii():
        folded = unicodedata.normalize("NFKD", folded).translate(_UNMARKED)
    if "'" in folded or "\u2019" in folded:
        folded = _APOSTROPHE.sub("", folded)
    return _WORD.findall(folded)


def content(text: str) -> list[str]:
    """The stems of a text's content words, in order."""
    return [stem(word) for word in words(text) if word not in STOPWORDS]


def often(text: str, most: int) -> bytes:
    """The numbers of the ``most`` stems that a text uses most, the earlier first where it uses two as often."""
    counts = Counter(map(_NUMBERS.__getitem__, words(text)))
    counts.pop(NONE, 0)
    # Sorting is stable, also backwards: words stand in the order of their first use.
    return array("I", sorted(counts, key=counts.__getitem__, reverse=True)[:most]).tobytes()


@lru_cache(maxsize=1 << 17)
def number(word: str) -> int:
    """A number for a word, the same at every run. Two of 100,000 words share theirs; nobody would notice."""
    return zlib.crc32(word.encode("utf-8", "surrogatepass"))


@lru_cache(maxsize=1 << 17)
def stem(word: str) -> str:
    """One form for plurals, tenses and British spellings. Light on purpose: ``nitrate`` never becomes ``nitrite``."""
    if len(word) < _SHORT or not word.isalpha():
        return word
    folded = _tenseless(_singular(word))
    for other, ours in _BRITISH:
        folded = folded.replace(other, ours)
    if folded.endswith("our") and len(folded) > _SHORT + 1:
        folded = f"{folded[:-3]}or"
    folded = folded.removesuffix("e") if len(folded) > _SHORT else folded
    return f"{folded[:-1]}z" if folded.endswith("is") and "is" in word[-5:-1] else folded


def _singular(word: str) -> str:
    for ending, single in _PLURALS:
        if word.endswith(ending) and len(word) > len(ending) + 1:
            return word.removesuffix(ending) + single
    return word[:-1] if word.endswith("s") and not word.endswith(_NO_PLURALS) else word


def _tenseless(word: str) -> str:
    for ending in ("ing", "ed"):
        base = word.removesuffix(ending)
        if base != word and len(base) >= _SHORT and _VOWEL.search(base):
            return base[:-1] if base[-1] == base[-2] and base[-1] not in "ls" else base
    return word
