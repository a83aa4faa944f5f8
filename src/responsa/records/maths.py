r"""TeX in Markdown: where a formula starts and ends. Money, code and escaped brackets are no formulas.

Found before Markdown is read, because CommonMark eats the backslashes of ``\(`` and ``\[``.
"""

import re

from msgspec import Struct


class Maths(Struct, frozen=True, gc=False):
    """One formula: ``markdown[start:end]`` with its delimiters; ``tex`` without them."""

    start: int
    end: int
    tex: str
    display: bool


# Every span ends at a blank line, so each opener looks no further than its own paragraph. Each branch opens with one
# fixed sign, so that the search skips from sign to sign; a text is read with a line break before it for that reason.
_TOKEN = re.compile(
    r"\n(?:(?P<blank>[ \t]*(?=\n))"
    r"|(?P<fence>[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)?(?:`{3,}(?=[^`\n]*(?:\n|\Z))|~{3,})))"
    r"|`(?P<ticks>`*)"
    r"|\\(?:(?P<open>[(\[])|(?P<close>[)\]])|[\\$`])"
    r"|\$(?P<dollars>\$*)"
)
_DISPLAY = 2  # dollars
_CLOSER = {r"\(": r"\)", r"\[": r"\]"}

# What names things instead of multiplying symbols: \text{rate of change}, _{tot, initial}, and every command itself.
_NAMED = re.compile(
    r"(?:\\(?:text\w*|math\w+|operatorname\*?|mbox|hbox|ce|begin|end|label|tag)\s*|[_^])\{[^{}]*\}|\\[A-Za-z]+"
)
_WORDS = re.compile(r"[A-Za-z]{3,}(?:['\u2019-][A-Za-z]+)*,?[ \n]+(?:[a-z]{1,3}[ \n]+)*[A-Za-z]{3,}")
_PLAIN_WORD = re.compile(r"\s*[A-Za-z]{4,}[.,;:!?]?\s*")
_MONEY_WORD = re.compile(r"[A-Za-z]{3,}|\b(?:an|and|at|by|if|in|is|it|of|off|on|or|so|to|up|us|we)\b")
_SIGN = re.compile(r"[\\^_=+<>|/{}]|\d\s*[-*]|[-*]\s*\d")
_STRONG = re.compile(r"\\[A-Za-z]|[\^_=<>]")
_AMOUNT = re.compile(r"\s*[-+~]?(?:\d|\.\d)")
_MONEY_END = re.compile(r"[ ]?\d")


def find_maths(markdown: str) -> list[Maths]:
    """Formulas in the order of the text, never overlapping. Time is linear in the length of the text."""
    # Looking for one sign is some fifty times as fast as looking for two: most texts have neither.
    if "$" not in markdown and ("\\" not in markdown or (r"\(" not in markdown and r"\[" not in markdown)):
        return []
    text = f"\n{markdown}"
    tokens = list(_TOKEN.finditer(text))
    found: list[Maths] = []
    at = 0
    while at < len(tokens):
        at = _step(text, tokens, at, found)
    return found


def _step(markdown: str, tokens: list[re.Match[str]], at: int, found: list[Maths]) -> int:
    """Handle the token at ``at``; return the index of the next token to look at."""
    kind = tokens[at].lastgroup
    if kind == "dollars":
        return _dollars(markdown, tokens, at, found)
    if kind == "open":
        return _brackets(markdown, tokens, at, found)
    if kind == "fence":
        return _after_fence(tokens, at)
    if kind == "ticks":
        return _after_code_span(tokens, at)
    return at + 1


def _after_fence(tokens: list[re.Match[str]], at: int) -> int:
    """A fence closes with at least as many of the same sign; one that never closes runs to the end."""
    fence = tokens[at].group("fence").lstrip(" \t>-*+.)0123456789")
    for later in range(at + 1, len(tokens)):
        if tokens[later].lastgroup == "fence" and tokens[later].group("fence").lstrip(" \t>").startswith(fence):
            return later + 1
    return len(tokens)


def _after_code_span(tokens: list[re.Match[str]], at: int) -> int:
    ticks = tokens[at].group()
    for later in range(at + 1, len(tokens)):
        kind = tokens[later].lastgroup
        if kind == "ticks" and tokens[later].group() == ticks:
            return later + 1
        if kind in {"blank", "fence"}:
            break
    return at + 1


def _brackets(markdown: str, tokens: list[re.Match[str]], at: int, found: list[Maths]) -> int:
    opener = tokens[at].group()
    for later in range(at + 1, len(tokens)):
        token = tokens[later]
        if token.lastgroup in {"blank", "open", "fence"}:
            break
        if token.lastgroup == "close" and token.group() == _CLOSER[opener]:
            start, end = tokens[at].end(), token.start()
            if _is_bracketed_maths(markdown[start:end]):
                found.append(_maths(markdown, start - 2, end + 2, 2, display=opener == r"\["))
                return later + 1
            break
    return at + 1


def _dollars(markdown: str, tokens: list[re.Match[str]], at: int, found: list[Maths]) -> int:
    width = len(tokens[at].group())
    if width > _DISPLAY:
        return at + 1
    for later in range(at + 1, len(tokens)):
        token = tokens[later]
        if token.lastgroup in {"blank", "fence"}:
            break
        if token.lastgroup != "dollars" or (width == _DISPLAY and len(token.group()) != _DISPLAY):
            continue
        start, end = tokens[at].end(), token.start()
        if len(token.group()) == width and _is_maths(markdown, start, end, width):
            found.append(_maths(markdown, start - width, end + width, width, display=width == _DISPLAY))
            return later + 1
        break
    return at + 1


def _maths(markdown: str, start: int, end: int, width: int, *, display: bool) -> Maths:
    """The formula at ``markdown[start:end]``, with its place in the text without the line break before it."""
    tex = markdown[start + width : end - width]
    if "\n" in tex:
        line = markdown[markdown.rfind("\n", 0, start) + 1 : start].lstrip()
        if line.startswith(">"):
            tex = re.sub(r"\n[ \t]*>[ \t]?", "\n", tex)
    return Maths(start - 1, end - 1, tex.strip(), display)


def _is_bracketed_maths(tex: str) -> bool:
    r"""``\[citation needed\]`` is an escaped bracket, not a formula."""
    if not tex.strip():
        return False
    return _SIGN.search(tex) is not None or not (_PLAIN_WORD.fullmatch(tex) or _WORDS.search(tex))


def _is_maths(markdown: str, start: int, end: int, width: int) -> bool:
    tex = markdown[start:end]
    if not tex.strip():
        return False
    strong = _STRONG.search(tex) is not None
    if width == _DISPLAY:
        return strong or not _WORDS.search(tex)
    after = markdown[end + 1 : end + 3]
    even = tex[0].isspace() == tex[-1].isspace()
    if after[:1].isdigit() or not (even or strong):
        return False
    symbols = _NAMED.sub("\u00b7", tex)
    if _AMOUNT.match(tex) and (_MONEY_WORD.search(symbols) or _MONEY_END.match(after)):
        return False
    return not _WORDS.search(symbols)
