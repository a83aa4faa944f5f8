"""Answers that answer nothing, told by their phrases. A fluent non-answer has none and is not found here."""

import re
from typing import Final

from responsa.article import Article

_OPENING: Final = 240
"""Characters: a refusal says so at once; later on, the same words are a limit that an answer states."""

_REFUSAL: Final = re.compile(
    r"(?:(?:i'?m sorry|i am sorry|sorry|i apologi[sz]e|unfortunately|apologies)\b[^.]{0,20}?)?\bi "
    r"(?:can(?:no|')t|can not|could(?:n't| not)|am (?:unable|not able) to|was unable to) "
    r"(?:answer|help|assist|respond|fulfil"
    r"|provide (?:an?|any|the|specific)[\w ]{0,30}(?:answer|information|details|response))\b"
    r"|(?:this|the|your) question can(?:no|')t be answered\b"
    r"|(?:it is|it's) (?:not possible|impossible) to answer (?:this|the|your) question\b"
    r"|as an ai(?: language)? (?:model|assistant)\b"
)
_SOFT: Final = re.compile(
    r"\b(?:the|this) (?:available|provided|given|gathered|supplied|retrieved) "
    r"(?:information|data|context|sources?|text|passages?|documents?|materials?|content|excerpts?)"
    r"(?: [\w.']+){0,4}? (?:do(?:es)?(?:n't| not)|lacks?|did not|fails? to|contains? no|provides? no|offers? no)\b"
    r"|\bthere is (?:not enough|insufficient|no(?: specific)?) information (?:available|provided|given|in the)\b"
    r"|\b(?:i|we) (?:do not|don't|did not|didn't) (?:have|find|know) (?:enough|any|sufficient|specific)\b"
    r"|\b(?:i|we) (?:could not|couldn't|cannot|can't) find (?:any|specific|enough|relevant)\b"
    r"|\bwithout (?:more|further|additional) (?:context|information|details)\b"
    r"[^.]{0,40}\b(?:difficult|hard|impossible|cannot)\b"
)
# Nearly all answers have none of these words: the phrases need not be tried.
# (A set of letters first: the search for one of them is what is fast. Then: nothing of a word stands before it.)
_HINT: Final = re.compile(
    r"[iIaAqQ](?<!\w.)(?:(?<=[iI])|(?<=[aA])[iI]|(?<=[qQ])[uU][eE][sS][tT][iI][oO][nN])\b", re.DOTALL
)
_QUIET: Final = (("\u2019", "'"), ("*", ""), ("_", ""), (">", " "))


def is_refusal(article: Article) -> bool:
    """Whether the answer opens by declining to answer."""
    start = article.answer[: 2 * _OPENING]
    return _HINT.search(start) is not None and _REFUSAL.match(_opening(start)) is not None


def is_soft_refusal(article: Article) -> bool:
    """Whether the answer opens by saying what its sources lack, without declining outright."""
    opening = _opening(article.answer)
    return _REFUSAL.match(opening) is None and _SOFT.search(opening) is not None


def _opening(answer: str) -> str:
    text = answer[: 2 * _OPENING]
    for sign, quiet in _QUIET:
        text = text.replace(sign, quiet)
    return " ".join(text.lower().split())[:_OPENING]
