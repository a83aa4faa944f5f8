"""The description of an article: whole sentences of its own answer, at most 160 characters of them."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from responsa.describe.clause import LONGEST, shortened
from responsa.describe.prose import Said, said, without_tex
from responsa.evidence.plain import plain
from responsa.relate.words import content

FEWEST: Final = 40
"""Characters; a shorter sentence says too little of a page."""
EARLY: Final = 0.04
"""What a sentence loses for each that stands before it: answers say first what they are about."""
CUT: Final = 0.15
"""What a shortened sentence loses beside a whole one."""
_END: Final = re.compile(r"[.!?][\"”’')]?$")


def description(question: str, answer: str) -> str:
    """At most 160 characters in whole sentences of the answer, without Markdown and TeX.

    A sentence that is too long is cut at a joint where it ends well. Where none fits, the question stands for them;
    nothing where it does not fit either.
    """
    sentences = list(said(answer))
    asked = frozenset(content(question))
    for group in (_leading(sentences), _listed(sentences)):
        first = max(_candidates(group, asked), default=None)
        if first is not None:
            return _with_next(first[2], -first[1], sentences)
    return _of_question(question)


def kept(stored: str) -> str:
    """The whole sentences at the beginning of a description that is too long, as far as they fit; nothing if none."""
    text = without_tex(plain(stored))
    fitting = [match.end() for match in re.finditer(r"[.!?][\"”’')]?(?=\s+[A-Z]|$)", text) if match.end() <= LONGEST]
    return text[: fitting[-1]] if fitting and fitting[-1] >= FEWEST else ""


def fits(text: str) -> bool:
    """Whether a description is shown whole."""
    return bool(text.strip()) and len(text) <= LONGEST


def _leading(sentences: Sequence[Said]) -> list[Said]:
    return [one for one in sentences if not one.points and not one.listed]


def _listed(sentences: Sequence[Said]) -> list[Said]:
    return [one for one in sentences if not one.points]


def _candidates(sentences: Sequence[Said], asked: frozenset[str]) -> Iterator[tuple[float, int, str]]:
    """Each with its worth; of equals, the earlier."""
    for number, one in enumerate(sentences):
        text = one.text if len(one.text) <= LONGEST else shortened(one.text)
        if len(text) >= FEWEST:
            shared = len(asked & set(content(text))) / max(1, len(asked))
            worth = shared - EARLY * number - (0.0 if text == one.text else CUT)
            yield round(worth, 4), -one.place, text


def _with_next(text: str, place: int, sentences: Sequence[Said]) -> str:
    """With the sentences that follow it in the answer, as long as they fit."""
    by_place = {one.place: one for one in sentences}
    whole = place in by_place and by_place[place].text == text
    while whole and (following := by_place.get(place + 1)) and len(text) + 1 + len(following.text) <= LONGEST:
        if following.listed != by_place[place].listed:
            break
        text, place = f"{text} {following.text}", place + 1
    return text


def _of_question(question: str) -> str:
    # Plain letters and signs, `(x + y)^3`, are read as they stand: they are formulas, but no TeX.
    text = without_tex(plain(question)) or ("" if set("$\\*`|#<>[]") & set(question) else " ".join(question.split()))
    return text if fits(text) and _END.search(text) else ""
