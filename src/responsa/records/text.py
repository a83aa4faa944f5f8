r"""The convention of the ``answer`` key: line breaks are the two characters ``\n``.

Not every ``\n`` is one: ``\neq`` inside a formula is TeX, and a string inside a code block holds its own.
What the convention cannot say is written as JSON would: ``\u005c`` is a backslash, ``\u000a`` a line break.
"""

import re
from bisect import bisect_right

from responsa.records.maths import Maths, find_maths

UNSHOWN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
"""Signs that no page can show; tabs and ends of lines are none of them."""
_BREAK = r"\n"
_TEX_NAMES = (
    "abla|atural|cong|e|earrow|eg|eq|eqq|eqsim|ewline|exists|geq|geqq|geqslant|gtr|i|leftarrow|leftrightarrow|leq"
    "|leqq|leqslant|less|mid|ni|obreak|onumber|ot|otag|otin|parallel|prec|preceq|rightarrow|shortmid|sim|sqsubseteq"
    "|sqsupseteq|subset|subseteq|subseteqq|succ|succeq|supset|supseteq|triangleleft|triangleright|u|vdash|vDash|warrow"
    "|Leftarrow|Leftrightarrow|Rightarrow|VDash|Vdash"
)
_TEX = re.compile(rf"\\n(?:{_TEX_NAMES})(?![A-Za-z])")
# As text these are whole words of their own (`u(t)`, `e) Silicon`), so a line may well start with them.
_SHORT = re.compile(r"\\n[uie](?![A-Za-z])")
_ROW_AND_N = re.compile(r"\\\\n")
_EXPLICIT = re.compile(r"\\u00(?:5c|0a)")
_EXPLICIT_TEXT = {r"\u005c": "\\", r"\u000a": "\n"}

_FENCE = re.compile(r"(?:\A|(?<=\n)|(?<=\\n))[ \t>]*(`{3,}|~{3,})")
# 'quoted) with an indented line after it is Lisp, not a string.
_CODE_STRING = re.compile(
    r"\"\"\"|'''"
    r"|\"(?:[^\"\\\n]|\\.)*\""
    r"|(?<![A-Za-z0-9_])(?:[fFrRbBuU]{1,2})?'(?:[^'\\\n]|\\(?!n {2}).)*'"
    r"|(?:\#|//)[^\\\n]*"
)
_INLINE_CODE = re.compile(r"(?<!`)`(?!`)[^`\n]{1,200}(?<!`)`(?!`)")


def decode_answer(raw: str) -> str:
    """Markdown with real line breaks from the value of an ``answer`` key."""
    if "\\" not in raw:
        return raw
    kept = _kept_in_code(raw) if "`" in raw or "~~~" in raw else ()
    if kept or _TEX.search(raw) or _ROW_AND_N.search(raw):
        text = _decode_with_care(raw, frozenset(kept))
    else:
        text = raw.replace(_BREAK, "\n")
    return _EXPLICIT.sub(lambda match: _EXPLICIT_TEXT[match.group()], text) if r"\u00" in text else text


def encode_answer(markdown: str) -> str:
    """The value of an ``answer`` key; ``decode_answer`` gives back exactly ``markdown``."""
    spelled = _EXPLICIT.sub(lambda match: r"\u005c" + match.group()[1:], markdown)
    for written in (spelled, _spell_literals(spelled), _spell_doubtful(spelled)):
        raw = written.replace("\n", _BREAK)
        if decode_answer(raw) == markdown:
            return raw
    return markdown.replace("\\", r"\u005c").replace("\n", r"\u000a")


def _spell_literals(markdown: str) -> str:
    r"""``\n`` in prose is spelled out; in a formula or in code it stands as it is."""
    spans = find_maths(markdown)
    return re.sub(r"\\(?=n)", lambda match: "\\" if _inside(spans, match.start()) else r"\u005c", markdown)


def _spell_doubtful(markdown: str) -> str:
    """Every backslash before an ``n``, and every line break that would read as TeX, is spelled out."""
    spelled = re.sub(r"\\(?=n)", r"\\u005c", markdown)
    return re.sub(rf"\n(?=(?:{_TEX_NAMES})(?![A-Za-z]))", r"\\u000a", spelled)


def _decode_with_care(raw: str, kept: frozenset[int]) -> str:
    """Line breaks first, all but the doubtful ones; then those that stand outside formulas as well."""
    parts: list[str] = []
    doubtful: list[tuple[int, int]] = []
    done = length = 0
    for match in re.finditer(r"\\n", raw):
        at = match.start()
        parts.append(raw[done:at])
        length += at - done
        done = at + 2
        if at in kept:
            parts.append(_BREAK)
            length += 2
        elif _may_be_tex(raw, at):
            doubtful.append((length, len(parts)))
            parts.append(_BREAK)
            length += 2
        else:
            parts.append("\n")
            length += 1
    parts.append(raw[done:])
    if doubtful:
        text = "".join(parts)
        spans = find_maths(text)
        for offset, part in doubtful:
            if not _is_tex(text, spans, offset):
                parts[part] = "\n"
    return "".join(parts)


def _may_be_tex(raw: str, at: int) -> bool:
    return raw[at - 1 : at] == "\\" or _TEX.match(raw, at) is not None


def _is_tex(text: str, spans: list[Maths], at: int) -> bool:
    span = _inside(spans, at)
    if span is None:
        return False
    run = at - len(text[:at].rstrip("\\"))
    if run % 2 == 1:
        return True  # a row break, then the letter n
    if not _TEX.match(text, at):
        return False
    if not _SHORT.match(text, at):
        return True
    # `$$\nu(t) = 1\n$$` opens as it closes, with a line break; so does a row after `\\`.
    opens_line = span.display and not text[span.start + 2 : at].strip(" ")
    closes_line = text[span.start : span.end - 2].rstrip(" ").endswith("\n")
    return run == 0 and not (opens_line and closes_line)


def _inside(spans: list[Maths], at: int) -> Maths | None:
    index = bisect_right(spans, at, key=lambda span: span.start) - 1
    return spans[index] if index >= 0 and at < spans[index].end else None


def _kept_in_code(raw: str) -> list[int]:
    r"""Offsets of ``\n`` that belong to a string inside a code block or to a code span on one line."""
    kept: list[int] = []
    at = 0
    while fence := _FENCE.search(raw, at):
        kept += _kept_in_spans(raw, at, fence.start())
        start, at = _fenced(raw, fence)
        kept += _kept_in_strings(raw, start, at)
    return kept + _kept_in_spans(raw, at, len(raw))


def _fenced(raw: str, fence: re.Match[str]) -> tuple[int, int]:
    """Where the code starts and ends (with its closing fence)."""
    sign = fence.group(1)
    start = fence.end()
    while close := _FENCE.search(raw, start):
        if close.group(1).startswith(sign):
            return fence.end(), close.end()
        start = close.end()
    return fence.end(), len(raw)


def _kept_in_strings(raw: str, start: int, end: int) -> list[int]:
    kept: list[int] = []
    if _BREAK not in raw[start:end]:
        return kept
    for string in _CODE_STRING.finditer(raw, start, end):
        text = string.group()
        if text[0] not in "#/" and _BREAK in text:
            kept += [string.start() + found.start() for found in re.finditer(r"\\n", text)]
    return kept


def _kept_in_spans(raw: str, start: int, end: int) -> list[int]:
    kept: list[int] = []
    for span in _INLINE_CODE.finditer(raw, start, end):
        if _BREAK in span.group():
            kept += [span.start() + found.start() for found in re.finditer(r"\\n", span.group())]
    return kept
