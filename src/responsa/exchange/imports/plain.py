r"""Plain text as Markdown that reads the same: nothing in it becomes emphasis, a link, code, a formula or HTML."""

import re
from statistics import median
from typing import Final

from responsa.records.maths import find_maths

_WRAPPED: Final = range(40, 100)
"""Lines of no more characters, and mostly of no fewer, were cut by a width; others end where their paragraph does."""
_BULLET: Final = re.compile(r"(?:[-*\u2022\u25cf\u25aa\u00b7]|o(?= [A-Z]))[ \t]+")
# Lists whose line breaks were lost: `Signs:    -  Fever.    -  Pain.`
_INLINE_BULLET: Final = re.compile(r"(?:(?<=\S)[ \t]{3,}|^[ \t]*)[-\u2022][ \t]+(?=\S)", re.MULTILINE)
_AFTER_LIST: Final = re.compile(r"(?<=[.:;!?)])[ \t]{6,}(?=[A-Z])")
_SIGNS: Final = re.compile(
    r"[\\`~|]|(?<!\s)[*]|[*](?!\s)|(?<![^\W_])_|_(?![^\W_])|<(?=[A-Za-z/!?])|&(?=#?\w{1,32};)|!(?=\[)"
)
# `\]` and `\[` are a formula's edges, as `\)` is.
_BRACKET: Final = re.compile(r"\](?=[(\[:])|\[(?=\^)")
_OPENING: Final = re.compile(
    r"^(?:#{1,6}(?=\s|$)|>|[-+*](?=\s|$)|={2,}\s*$|-{2,}\s*$|\d{3,9}(?=\.(?:\s|$))|\d{1,2}(?=[.)]\s*$))", re.MULTILINE
)
_TEX: Final = re.compile(r"[\\^_={}]")


def to_markdown(text: str) -> str:
    """Paragraphs and lists of a plain text."""
    text = _AFTER_LIST.sub("\n\n", _INLINE_BULLET.sub("\n- ", text.replace("\r\n", "\n").replace("\r", "\n")))
    lines = [" ".join(line.split()) for line in text.split("\n")]
    wrapped = _is_wrapped(lines)
    blocks = list[str]()
    kind = ""
    for line in lines:
        now = "" if not line else "item" if _BULLET.match(line) else "text"
        if now == "item":
            item = "- " + escaped(_BULLET.sub("", line, count=1))
            _join(blocks, item, "\n" if kind == "item" else "")
        elif now == "text":
            follows = " " if kind == "text" and wrapped else "\n  " if kind == "item" and wrapped else ""
            _join(blocks, escaped(line), follows)
            now = kind if follows else now
        kind = now or ("item-gap" if kind.startswith("item") else "")
    return "\n\n".join(blocks)


def _is_wrapped(lines: list[str]) -> bool:
    texts = [line and not _BULLET.match(line) for line in lines]
    lengths = [len(line) for line, one, after in zip(lines, texts, texts[1:], strict=False) if one and after]
    return bool(lengths) and max(lengths) < _WRAPPED.stop and median(lengths) >= _WRAPPED.start


def _join(blocks: list[str], text: str, between: str) -> None:
    if between and blocks:
        blocks[-1] += between + text
    else:
        blocks.append(text)


def escaped(text: str) -> str:
    """``text`` so that Markdown says just that; formulas that look like TeX stay formulas."""
    parts, done = list[str](), 0
    for span in find_maths(text) if "$" in text or "\\" in text else ():
        formula = text[span.start : span.end]
        if _TEX.search(formula.strip("$")):
            parts += [_escaped(text[done : span.start]), formula]
            done = span.end
    return "".join((*parts, _escaped(text[done:], opens=not parts)))


def _escaped(text: str, *, opens: bool = True) -> str:
    text = _SIGNS.sub(r"\\\g<0>", text).replace("$", r"\$")
    text = _BRACKET.sub(lambda found: f"&#{ord(found[0])};", text)
    if not opens:
        return text
    return _OPENING.sub(lambda found: found[0] + "\\" if found[0].isdigit() else "\\" + found[0], text)
