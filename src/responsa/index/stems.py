"""Text as the words that searching compares: in lower case, without accents, by their stems."""

import re
import unicodedata
from collections.abc import Callable
from typing import Final

import Stemmer

_WORD: Final = re.compile(r"[^\W_]+")
_APOSTROPHE: Final = re.compile(r"'(?:s\b|(?<=[^\W_]')(?=[^\W_]))")
"""A possessive, or an apostrophe within a word."""
_MARKS: Final = "\u2013\u2014\u201c\u201d\u2026\u2022\u00a0\u2192\u2265\u2264\u00d7\u2212\u00b0\u2248"
"""What most answers hold beyond ASCII: signs between words. Without them they are read three times as fast."""
_FOREIGN: Final = re.compile(r"[^\x00-\x7f]+")
_UNSPACED: Final = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]+")
_PHRASE: Final = re.compile('["\u201c\u201d]([^"\u201c\u201d]+)["\u201c\u201d]')
WIDTH: Final = 32
"""Bytes of a word that count: what is longer is a formula or a line of code."""
_ALGORITHMS: Final = {
    "ar": "arabic", "da": "danish", "de": "german", "el": "greek", "en": "english", "es": "spanish", "fi": "finnish",
    "fr": "french", "hu": "hungarian", "it": "italian", "nl": "dutch", "no": "norwegian", "pt": "portuguese",
    "ro": "romanian", "ru": "russian", "sv": "swedish", "tr": "turkish",
}  # fmt: skip
STOPWORDS: Final = frozenset(
    """a about above after again against all am an and any are as at be because been before being below between both but
    by can could describe did discuss do does doing down during each explain few for from further had has have having he
    her here hers herself him himself his how i if in into is it its itself just like may me mean means might more most
    much must my myself no nor not of off on once only or other ought our ours ourselves out over own same shall she
    should so some such tell than that the their theirs them themselves then there these they this those through to too
    under until up upon us very was we were what when where which while who whom whose why will with without would you
    your yours yourself""".split()
)


class Stems:
    """The words of a language. Safe to share between threads: the stemmer, which is not, is made anew for a call."""

    def __init__(self, language: str = "en") -> None:
        self.algorithm = _ALGORITHMS.get(language.partition("-")[0].casefold(), "")
        self._stopwords = STOPWORDS if self.algorithm == "english" else frozenset()

    def stemmer(self) -> Callable[[str], str]:
        """What turns one word of ``words`` into its stem. For one thread."""
        if not self.algorithm:
            return lambda word: word
        stem: Callable[[str], str] = Stemmer.Stemmer(self.algorithm).stemWord
        return stem

    def of(self, text: str) -> list[str]:
        """The stems of a text, in order."""
        return [*map(self.stemmer(), words(text))]

    def asked(self, query: str) -> dict[str, str]:
        """The stems of a query with a word of each, without words that are in every question unless all are."""
        found = words(query)
        telling = [word for word in found if word not in self._stopwords]
        stem, stems = self.stemmer(), dict[str, str]()
        for word in telling or found:
            stems.setdefault(stem(word), word)
        return stems

    def phrases(self, query: str) -> list[list[str]]:
        """What stands in quotes: stems that must follow one another."""
        return [stems for part in _PHRASE.findall(query) if (stems := self.of(part))]


def words(text: str) -> list[str]:
    """The words of a text before stemming. Scripts without spaces give pairs of neighbouring signs."""
    folded = text.casefold()
    if not folded.isascii():
        folded = _plain(folded)
    if "'" in folded:
        folded = _APOSTROPHE.sub("", folded)
    return _WORD.findall(folded)


def _plain(text: str) -> str:
    text = text.replace("\u2019", "'")
    for mark in _MARKS:
        text = text.replace(mark, " ")
    if text.isascii():
        return text
    return _UNSPACED.sub(_pairs, _FOREIGN.sub(_unaccented, text))


def _unaccented(match: re.Match[str]) -> str:
    # NFKC at the end: without it Korean syllables stay apart as their letters.
    parts = unicodedata.normalize("NFKD", match[0])
    return unicodedata.normalize("NFKC", "".join(sign for sign in parts if not unicodedata.combining(sign)))


def _pairs(match: re.Match[str]) -> str:
    run = match[0]
    return f" {' '.join(run[at : at + 2] for at in range(max(1, len(run) - 1)))} "


def unquoted(query: str) -> str:
    """The query as a sentence, for an encoder."""
    return _PHRASE.sub(r"\1", query).strip() or query


def packed(stem: str) -> bytes:
    """How an index keeps a stem."""
    return stem.encode("utf-8", "replace")[:WIDTH].rstrip(b"\0")
