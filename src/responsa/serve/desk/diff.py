"""What a save does or did to files, line by line, as a person reads it."""

import difflib
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final

from msgspec import Struct

from responsa.serve.desk.save import Before, Proposal

LINES: Final = 400
WIDE: Final = 2000
"""Characters of a line: an answer is one line of its file."""
LONG: Final = 160
"""Characters from which a changed line is shown by its words."""
AROUND: Final = 90
_LARGEST: Final = 400_000


class Line(Struct, frozen=True):
    """``kind`` is ``add``, ``del``, ``at``, ``same``, or ``both`` for a long line of which ``parts`` changed."""

    kind: str
    text: str
    parts: tuple["Line", ...] = ()


class Shown(Struct, frozen=True):
    """One file."""

    path: str
    lines: list[Line]
    word: str = ""


def of_proposal(proposal: Proposal) -> list[Shown]:
    """Before it is carried out."""
    files = [Before(str(one.path), one.before, one.after) for one in proposal.changes]
    files += [Before(str(one.path), None, one.data) for one in proposal.new]
    files += [Before(str(one.path), one.before, None) for one in proposal.gone]
    return of_files(files)


def of_files(files: Iterable[Before], most: int = 50) -> list[Shown]:
    """The first ``most`` files."""
    return [_shown(one) for one in islice(files, most)]


def words(before: str, after: str) -> list[Line]:
    """Two texts compared word by word, for a person who has to choose between them."""
    one, other = _pieces(before), _pieces(after)
    if len(one) + len(other) > 20_000:  # noqa: PLR2004 - comparing takes the product of both
        return [Line("del", before), Line("add", after)]
    found: list[Line] = []
    for tag, a, b, c, d in difflib.SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        if tag == "equal":
            found.append(Line("same", "".join(one[a:b])))
        else:
            found += [Line("del", "".join(one[a:b]))] if b > a else []
            found += [Line("add", "".join(other[c:d]))] if d > c else []
    return found


def _shown(one: Before) -> Shown:
    if one.after is None:
        return Shown(one.path, [], "The file is removed.")
    word = "A new file." if one.before is None else ""
    if len(one.before or b"") + len(one.after) > _LARGEST:
        return Shown(one.path, [], "Too long to be shown line by line.")
    before, after = ((data or b"").decode("utf-8", "replace").splitlines() for data in (one.before, one.after))
    lines = list(islice(_lines(before, after), LINES + 1))
    if len(lines) > LINES:
        return Shown(one.path, lines[:LINES], f"{word} Only the first {LINES} lines are shown.".strip())
    return Shown(one.path, lines, word)


def _lines(before: list[str], after: list[str]) -> Iterator[Line]:
    held: list[str] = []
    for text in islice(difflib.unified_diff(before, after, n=1, lineterm=""), 2, None):
        if text.startswith("-"):
            held.append(text[1:])
        elif text.startswith("+") and held:
            yield from _changed(held.pop(0), text[1:])
        else:
            yield from (Line("del", _cut(line)) for line in held)
            held = []
            kind = {"+": "add", "@": "at"}.get(text[:1], "same")
            yield Line(kind, _cut(text if kind == "at" else text[1:]))
    yield from (Line("del", _cut(line)) for line in held)


def _changed(before: str, after: str) -> Iterator[Line]:
    """An answer is one line of its file: only the words that changed are told, with some around them."""
    if max(len(before), len(after)) < LONG:
        yield from (Line("del", before), Line("add", after))
        return
    parts = words(before, after)
    last = len(parts) - 1
    yield Line("both", "", tuple(_folded(part, place == 0, place == last) for place, part in enumerate(parts)))


def _folded(part: Line, first: bool, last: bool) -> Line:
    if part.kind != "same" or len(part.text) <= 2 * AROUND:
        return Line(part.kind, _cut(part.text))
    head, tail = "" if first else part.text[:AROUND], "" if last else part.text[-AROUND:]
    return Line("same", f"{head} … {tail}")


def _cut(text: str) -> str:
    return text if len(text) <= WIDE else f"{text[:WIDE]} …"


def _pieces(text: str) -> list[str]:
    pieces: list[str] = []
    for word in text.split(" "):
        pieces += [f"{word} "]
    return pieces
