"""The words of Markdown without its marks; formulas and code stay whole."""

import re
from html import unescape
from typing import Final

from responsa.records.maths import find_maths

_CODE: Final = re.compile(r"(?<!`)(`++)(.+?)(?<!`)\1(?!`)", re.DOTALL)
_IMAGE: Final = re.compile(r"!\[([^\[\]]*)\]\([^()\s]*(?:\s+\"[^\"]*\")?\)")
_LINK: Final = re.compile(r"\[([^\[\]]*)\](?:\([^()\s]*(?:\([^()\s]*\))?[^()\s]*(?:\s+\"[^\"]*\")?\)|\[[^\[\]]*\])")
_AUTOLINK: Final = re.compile(r"<((?:https?://|mailto:)[^<>\s]*)>")
_COMMENT: Final = re.compile(r"<!--.*?-->", re.DOTALL)
_TAG: Final = re.compile(r"</?[A-Za-z][^<>]*>")
_STARS: Final = re.compile(r"\*+(?=\S)|(?<=\S)\*+|~~")
_UNDERSCORES: Final = re.compile(r"(?<![\w\\])_{1,3}(?=\S)|(?<=[^\s\\])_{1,3}(?!\w)")
_ESCAPED: Final = re.compile(r"\\([!-/:-@\[-`{-~])")
_QUOTE_MARK: Final = re.compile(r"\n[ \t]*>[ \t]?")
_MARKED: Final = re.compile(r"[*_`\[\]<>\\&~$\n]")


def plain(markdown: str) -> str:
    """On one line, without marks, links' targets and tags."""
    if not _MARKED.search(markdown):
        return " ".join(markdown.split())
    parts: list[str] = []
    at = 0
    for start, end in whole_spans(markdown):
        parts += [_unmarked(markdown[at:start]), _code_or_formula(markdown[start:end])]
        at = end
    parts.append(_unmarked(markdown[at:]))
    return " ".join("".join(parts).split())


def whole_spans(markdown: str) -> list[tuple[int, int]]:
    """Where formulas and code spans lie; no sentence ends inside one."""
    formulas = [(span.start, span.end) for span in find_maths(markdown)]
    if "`" not in markdown:
        return formulas
    code = [match.span() for match in _CODE.finditer(markdown)]
    kept = [span for span in code if not any(span[0] < end and start < span[1] for start, end in formulas)]
    return sorted(formulas + kept)


def _code_or_formula(text: str) -> str:
    return text.strip("`").strip() if text.startswith("`") else text


def _unmarked(text: str) -> str:
    if not _MARKED.search(text):
        return text
    text = _QUOTE_MARK.sub("\n", text)
    if "<" in text:
        text = _TAG.sub("", _COMMENT.sub("", _AUTOLINK.sub(r"\1", text)))
    if "[" in text:
        text = _LINK.sub(r"\1", _IMAGE.sub(r"\1", text))
    text = _UNDERSCORES.sub("", _STARS.sub("", text))
    return unescape(_ESCAPED.sub(r"\1", text))
