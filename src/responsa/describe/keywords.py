"""The keywords of an article: the terms that its question and answer turn on, as they spell them."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Final

from responsa.describe.prose import without_tex
from responsa.evidence.claims import Kind, claims
from responsa.relate.words import STOPWORDS, stem

Term = tuple[str, ...]
"""The words of a term, or their stems."""

MOST: Final = 10
LONGEST: Final = 3
"""Words of a term."""
BEGINNING: Final = 6000
_ASKED: Final = 4.0
"""What a term of the question counts beside one of the answer; a heading or label counts ``_NAMED``."""
_NAMED: Final = 2.0
_RUN: Final = re.compile(r"[^\W_](?:[\w'’+#-]*[\w+#])?")
_BREAK: Final = re.compile(r"[.,;:!?()\[\]{}\"“”/\n–—=<>|]+")
_PLAIN: Final = STOPWORDS | frozenset(
    """according across allow allows among another area areas aspect aspects based become becomes best better
    called case cases cause causes certain change changes characteristic characteristics come common commonly compare
    concept concepts consider considered context create critical crucial define defined definition describe described
    despite detail detailed determine difference differences different discuss due effect effects effective effectively
    ensure essential even every example examples explain factor factors feature features find first focus following
    follows form forms function functions generally give given good great help helps high higher identify impact
    implication implications importance important improve increase increased individual involve involved involves issue
    issues key kind know known large lead leading leads less level levels low lower main major make makes making many
    method methods multiple need needs new notable number often one order overall part particular particularly people
    play plays point points potential primarily primary process processes produce produces provide provided providing
    purpose question rather reason reasons reduce refer refers related relationship relevant require required requires
    result resulting results role roles second see several show shows significance significant significantly similar
    simple since specific specifically state step steps still support take term terms therefore thing things third three
    time times two type types typically understand understanding use used useful uses using usually value values
    variety vital way ways well whether within work works four five six set line way being itself non yet however
    without would cannot around away back want said say says like lot although though unlike per via etc occur occurs
    occurring represent represents contribute contributes contributing influence influences
    measured indicate indicates""".split()
)


def keywords(question: str, answer: str, most: int = MOST) -> tuple[str, ...]:
    """At most ``most`` terms, the most telling first; of equals, the one that comes first."""
    worth: dict[Term, float] = {}
    spelled: dict[Term, Counter[str]] = {}
    for weight, text in _texts(question, answer):
        for term in _terms(text):
            key = tuple(stem(word.casefold()) for word in term)
            worth[key] = worth.get(key, 0.0) + weight
            spelled.setdefault(key, Counter())[_spelling(term)] += 1
    # Sorting is stable: terms stand in the order of their first use.
    ranked = sorted(worth, key=lambda key: -_value(key, worth[key]))
    return tuple(spelled[key].most_common(1)[0][0] for key in _distinct(ranked, most))


def _texts(question: str, answer: str) -> Iterator[tuple[float, str]]:
    yield _ASKED, question
    for claim in claims(answer[:BEGINNING]):
        if claim.kind is not Kind.CODE and (text := without_tex(claim.text)):
            yield (_NAMED if claim.kind is Kind.HEADING else 1.0), text


def _terms(text: str) -> Iterator[Term]:
    """Every run of one to three telling words that no sign and no plain word breaks."""
    for part in _BREAK.split(text):
        run: list[str] = []
        for word in [*_RUN.findall(part), ""]:
            if word and not _says_little(word):
                run.append(word)
                continue
            yield from (
                tuple(run[at : at + size]) for size in range(1, LONGEST + 1) for at in range(len(run) - size + 1)
            )
            run = []


def _says_little(word: str) -> bool:
    folded = word.casefold().replace("’", "'").removesuffix("'s")
    return len(folded) < 2 or folded in _PLAIN or folded.isdigit() or (folded.endswith("ly") and len(folded) > 4)  # noqa: PLR2004 - an adverb; a letter alone


def _spelling(term: tuple[str, ...]) -> str:
    """In lower case but for names and short forms, which have a capital elsewhere than at a start."""
    return " ".join(word if any(sign.isupper() for sign in word[1:]) else word.casefold() for word in term)


def _value(key: Term, worth: float) -> float:
    """Longer terms say more, where they come back."""
    return worth * (1.0, 1.9, 2.2)[len(key) - 1] if worth > 1 else worth * 0.9


def _distinct(ranked: list[Term], most: int) -> list[Term]:
    """Without terms that only take up words of one already there."""
    found: list[Term] = []
    for key in ranked:
        if len(found) == most:
            break
        if not any(set(key) <= set(other) or set(other) < set(key) for other in found):
            found.append(key)
    return found
