"""One flashcard: a question and the beginning of its answer, made beside the page that answers it in full."""

from hashlib import blake2b
from html import escape
from typing import Final

import msgspec
from msgspec import Struct

from responsa.article import Article
from responsa.library.refusal import is_refusal, is_soft_refusal
from responsa.publish.citations import without
from responsa.publish.study.short import short
from responsa.publish.views import QuestionView

NAME: Final = 6
"""Bytes of a card's name."""
SIZE: Final = 64
"""Cards in a file, at most on average; half as many at least."""
BITS: Final = 32


class Face(Struct, frozen=True, array_like=True):
    """A card. ``name`` is of its address and stays while that stays: a reader's progress is kept by it.

    ``answer`` is safe HTML, all else text. ``references`` says how many the full answer has.
    """

    name: str
    question: str
    answer: str
    url: str
    references: int = 0
    disclosure: str = ""
    language: str = ""
    direction: str = "ltr"
    machine: bool = False


def face(view: QuestionView, article: Article) -> bytes | None:
    """The card as it is kept; none where the article declines to answer, evades or says nothing."""
    if is_refusal(article) or is_soft_refusal(article):
        return None
    answer = short(without(view.body), escape(view.url))
    if not answer.strip():
        return None
    card = Face(
        name_of(view.url), view.question, answer, view.url, len(view.references), view.disclosure, view.language,
        view.direction, view.machine,
    )  # fmt: skip
    return msgspec.json.encode(card)


def name_of(url: str) -> str:
    """Twelve hexadecimal digits."""
    return blake2b(url.encode("utf-8", "replace"), digest_size=NAME).hexdigest()


def bits_of(count: int) -> int:
    """Of how many first bits of its name a card's file is told, where there are so many cards."""
    bits = 0
    while count > SIZE << bits:
        bits += 1
    return bits


def file_of(name: str, bits: int) -> int:
    """Which file of its deck a card is in: an edit never moves another card."""
    return int(name[:8], 16) >> (BITS - bits)
