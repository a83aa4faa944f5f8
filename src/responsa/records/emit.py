"""A value as YAML text, in the conventions of the seed library."""

import datetime
import math
import re
from collections.abc import Iterable, Mapping, Sequence

from responsa.article import Value
from responsa.errors import EditError

# The seed's order. What Responsa adds stands where its meaning does: an address's history after the
# address, other wordings after the question, evidence and review after the score it backs.
ORDER: tuple[str, ...] = (
    *("_schema", "id", "date", "title", "article_title", "date_format", "post_on_text", "seo", "author"),
    *("question", "also_asked", "no_index", "answer", "subject", "language", "provenance", "file_name", "url"),
    *("aliases", "score", "sources", "reviewed", "review_by"),
    *(f"related_article{slot}" for slot in range(1, 10)),
)
INNER_ORDER: tuple[str, ...] = (
    *("by", "on", "of", "id", "title", "page_description", "page_keywords", "authors", "year", "venue", "doi", "pmid"),
    *("subject", "url", "retracted"),
)
FOLDED = frozenset({"question", "answer", "page_description", "page_keywords"})
TITLES = frozenset({"title", "article_title"})

_UNPRINTABLE = re.compile(r"[^\t\n -~\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_AMBIGUOUS = re.compile(
    r"(?i:y|yes|n|no|true|false|on|off|null|~|<<|=)|[-+.]?[0-9][0-9_,.:eExXoOa-fA-F+-]*(?:[tT ][0-9:.zZ +-]*)?"
    r"|[-+]?\.(?i:inf|nan)|[-+.]+"
)
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_UNPLAIN = re.compile(r"[\s\-?:,\[\]{}#&*!|>'\"%@`]|.*(?:: |:\t|:$| #|\t#)")
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r", "\0": "\\0"}
_ESCAPED = re.compile(f'["\\\\\\n\\t]|{_UNPRINTABLE.pattern}')


def checked(text: str) -> str:
    """``text``, unless UTF-8 cannot carry it."""
    if _SURROGATE.search(text):
        raise EditError("the text holds half of a surrogate pair, which no file in UTF-8 can carry")
    return text


def is_plain(text: str) -> bool:
    """Whether every YAML parser reads ``text`` without quotes as this text (1.1 and 1.2 alike)."""
    return bool(
        text
        and text == text.strip()
        and "\n" not in text
        and "\t" not in text
        and not _UNPRINTABLE.search(text)
        and not _AMBIGUOUS.fullmatch(text)
        and not text.startswith(("---", "..."))
        and not _UNPLAIN.match(text)
    )


def is_flow_plain(text: str) -> bool:
    """Whether ``text`` can stand bare inside ``[...]`` or ``{...}``."""
    return is_plain(text) and not re.search(r"[,\[\]{}:#]", text)


def single(text: str) -> str | None:
    """``text`` in single quotes, or None where they cannot say it on one line."""
    return None if "\n" in text or "\t" in text or _UNPRINTABLE.search(text) else "'" + text.replace("'", "''") + "'"


def double(text: str) -> str:
    """``text`` in double quotes, on one line."""
    return '"' + _ESCAPED.sub(lambda found: _escape(found[0]), checked(text)) + '"'


def _escape(char: str) -> str:
    if char in _ESCAPES:
        return _ESCAPES[char]
    if char <= "\xff":
        return f"\\x{ord(char):02x}"
    return f"\\u{ord(char):04x}" if char <= "\uffff" else f"\\U{ord(char):08x}"


def number(value: float) -> str:
    """A float that YAML 1.1 and 1.2 both read as this float."""
    if math.isnan(value):
        return ".nan"
    if math.isinf(value):
        return ".inf" if value > 0 else "-.inf"
    text = repr(value)
    return text.replace("e", ".0e", 1) if "e" in text and "." not in text else text


def inline(value: Value) -> str:
    """``value`` on one line, as it stands after ``key: ``."""
    if isinstance(value, str):
        return value if is_plain(value) else single(value) or double(value)
    if isinstance(value, list | dict):
        return flow(value)
    return plain_scalar(value)


def plain_scalar(value: float | datetime.date | None) -> str:
    """Anything that is neither text nor a collection."""
    if value is None:
        return "null"
    if isinstance(value, bool | int):
        return str(value)
    return number(value) if isinstance(value, float) else value.isoformat()


def flow(value: Value) -> str:
    """``value`` as it stands inside ``[...]`` or ``{...}``."""
    if isinstance(value, str):
        return value if is_flow_plain(value) else single(value) or double(value)
    if isinstance(value, list):
        return "[" + ", ".join(flow(item) for item in value) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{flow(_name(key))}: {flow(item)}" for key, item in value.items()) + "}"
    return plain_scalar(value)


def folded(text: str, indent: int) -> str | None:
    """``text`` as the lines of a ``>`` scalar without their last line break, or None where it cannot stand so."""
    return _lines(text, indent, "\n\n") if not re.search(r"^[ \t]|[ \t]$", text, re.MULTILINE) else None


def literal(text: str, indent: int) -> str | None:
    """``text`` as the lines of a ``|`` scalar without their last line break, or None where it cannot stand so."""
    return _lines(text, indent, "\n")


def _lines(text: str, indent: int, between: str) -> str | None:
    body = text.removesuffix("\n")
    if not body or body[0] in " \t\n" or body[-1] in " \t\n" or _UNPRINTABLE.search(body) or "\t\n" in body:
        return None
    lines = body.replace("\n", between).split("\n") if between != "\n" else body.split("\n")
    return "\n".join(" " * indent + line if line else "" for line in lines)


def chomping(text: str) -> str:
    """The indicator that keeps the end of ``text``."""
    return "" if text.endswith("\n") else "-"


def entry(key: str, value: Value, indent: int, *, fold_titles: bool = True) -> str:
    """The lines of ``key`` and ``value`` in a block map at column ``indent``, each ended by a line break."""
    pad, name = " " * indent, inline(_name(key))
    if isinstance(value, str) and (key in FOLDED or (fold_titles and key in TITLES)):
        lines = folded(value, max(4, (indent // 4 + 1) * 4))
        if lines is not None:
            return f"{pad}{name}: >{chomping(value)}\n{lines}\n"
    if isinstance(value, list | dict) and value:
        return f"{pad}{name}:\n" + block(value, indent + step(key), fold_titles=fold_titles and key != "seo")
    return f"{pad}{name}: {inline(value)}\n"


def step(key: str) -> int:
    """How far the seed indents what stands under ``key``."""
    return 4 if key.startswith("related_article") else 2


def block(value: "Sequence[Value] | Mapping[str, Value]", indent: int, *, fold_titles: bool = False) -> str:
    """A collection that is not empty as lines at column ``indent``."""
    if isinstance(value, Mapping):
        return "".join(entry(key, inner, indent, fold_titles=fold_titles) for key, inner in value.items())
    return "".join(_item(item, indent) for item in value)


def _item(item: Value, indent: int) -> str:
    if isinstance(item, list | dict) and item:
        lines = block(item, indent + 2)
        return " " * indent + "- " + lines[indent + 2 :]
    return f"{' ' * indent}- {inline(item)}\n"


def _name(key: object) -> str:
    if not isinstance(key, str):
        raise EditError(f"a key must be text, not {key!r}")
    return key


def serialise(values: Mapping[str, Value], order: Iterable[str] = ORDER, body: str = "\n&nbsp;") -> bytes:
    """A new file: ``values`` in ``order``, then the rest as given. ``body`` follows the closing line."""
    names = [name for name in order if name in values]
    names += [name for name in values if name not in set(names)]
    front = "".join(entry(name, values[name], 0) for name in names)
    return checked(f"---\n{front}---\n{body}").encode()
