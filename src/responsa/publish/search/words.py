"""Text to stems, by rules that are data: the page's script gets the same ones from the manifest and stems alike.

A word is a run of letters and digits without accents, in small letters. Scripts that put no spaces between words
give each pair of neighbouring signs instead.
"""

import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from typing import Final
from unicodedata import category, normalize

SHORTEST: Final = 4
KEPT: Final = 200_000
"""Words whose stems are remembered."""
LONGEST: Final = 24
"""Letters of a stem that count; longer ones are formulas and addresses."""
STOPWORDS: Final = (
    "a about above after again against all am an and any are as at be because been before being below between both but "
    "by can could describe did discuss do does doing down during each explain few for from further had has have having "
    "he her here hers herself him himself his how i if in into is it its itself just like may me mean means might more "
    "most much must my myself no nor not of off on once only or other ought our ours ourselves out over own s same "
    "shall she should so some such t tell than that the their theirs them themselves then there these they this those "
    "through to too under until up upon us very was we were what when where which while who whom whose why will with "
    "without would you your yours yourself"
)
"""Words that are in every question, as in ``responsa.index.stems``; ``s`` and ``t`` are what apostrophes leave."""
UNSPACED: Final = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
"""Thai, Lao, Burmese, Khmer, kana and Han, as a class of a regular expression."""

_DERIVED: Final = (
    "ational:at ization:iz isation:iz iveness:iv fulness:ful ousness:ous alization:al ability:abl ibility:ibl "
    "ativity:at ation:at ator:at ative:at ality:al alism:al alist:al alize:al alise:al ically:ic icity:ic ivity:iv "
    "iously:ious ously:ous ively:iv ally:al fully:ful ably:abl ibly:ibl ical:ic ment: ness: ly: ise:iz ize:iz yse:yz "
    "yze:yz our:or ate:at tre:ter"
)
_LAST: Final = (
    "ic: ful: ance: ence: ancy: ency: able: ible: abl: ibl: ant: ent: al: ism: ist: ity: ous: ious: ive: iv: iz: "
    "at: ion:"
)
STEPS: Final[tuple[tuple[int, str], ...]] = (
    (2, "sses:ss ies:y ysis:yz yses:yz ss:ss us:us is:is s:"),
    (2, "eed:ee ingly: edly: ing: ed:"),
    (2, "bb:b dd:d gg:g mm:m nn:n pp:p rr:r tt:t"),
    (3, _DERIVED),
    (4, _LAST),
    (5, "er: or: y:"),
    (2, "ie:i y:i e: i:i"),
)
"""Endings and what stands for them. Of each step the longest ending is taken that leaves so many letters or more."""

# Bytes of small letters and digits stand for themselves, as do those of letters beyond ASCII; the rest are blanks.
_SIMPLE: Final = bytes(
    ord(chr(byte).lower()) if chr(byte).isascii() and chr(byte).isalnum() else 32 if chr(byte).isascii() else byte
    for byte in range(256)
)
_FOREIGN: Final = re.compile(r"[^\x00-\x7f]+")
_RUN: Final = re.compile(f"[{UNSPACED}]+|[^{UNSPACED}]+")
_SIGNS: Final = re.compile(f"[{UNSPACED}]")
_STOP: Final = frozenset(STOPWORDS.split())
_PLAIN: Final = re.compile(r"[a-z]+")
_VOWEL: Final = re.compile("[aeiouy]")


def _table(rules: str) -> dict[str, str]:
    return dict(rule.split(":") for rule in rules.split())


_TABLES: Final = tuple((least, _table(rules), max(map(len, _table(rules)))) for least, rules in STEPS)


def words(text: str) -> list[str]:
    """Every word in order, unstemmed."""
    plain = folded(text)
    if plain.isascii():
        return plain.split()
    return [word for run in plain.split() for word in ((run,) if run.isascii() else _spaced(run))]


def stems(text: str) -> Counter[str]:
    """How often each stem is in a text, without stop words."""
    counts = Counter(map(_stems().__getitem__, words(text)))
    del counts[""]
    return counts


def folded(text: str) -> str:
    """Letters and digits as they are, in small letters without accents, and a blank for all else."""
    plain = text if text.isascii() else _FOREIGN.sub(_folded, text.lower())
    return plain.encode().translate(_SIMPLE).decode()


def _folded(match: re.Match[str]) -> str:
    return "".join([_sign(sign) for sign in normalize("NFKD", match[0])])


@lru_cache(maxsize=1 << 12)
def _sign(sign: str) -> str:
    kind = category(sign)[0]
    return "" if kind == "M" else sign.lower() if sign.isascii() or kind in "LN" else " "


def _spaced(run: str) -> Iterator[str]:
    for part in _RUN.findall(run):
        if _SIGNS.match(part):
            yield from (part[at : at + 2] for at in range(max(1, len(part) - 1)))
        else:
            yield part


class _Stems(dict[str, str]):
    """Stems of the words seen so far: a text's words are looked up in a third of the time that a cache's call takes."""

    def __missing__(self, word: str) -> str:
        found = stem(word)
        if len(self) > KEPT:
            self.clear()
        self[word] = found
        return found


@lru_cache(maxsize=1)
def _stems() -> _Stems:
    return _Stems()


def stem(word: str) -> str:
    """What stands for a word and its forms: nothing for a stop word. Only words of small Latin letters change."""
    if word in _STOP:
        return ""
    if len(word) < SHORTEST or not _PLAIN.fullmatch(word):
        return word[:LONGEST]
    for least, table, longest in _TABLES:
        word = _step(word, least, table, longest)
    return word[:LONGEST]


def _step(word: str, least: int, table: dict[str, str], longest: int) -> str:
    for length in range(min(longest, len(word) - least), 0, -1):
        ending = table.get(word[-length:])
        if ending is not None:
            return word[:-length] + ending if _VOWEL.search(word, 0, len(word) - length) else word
    return word
