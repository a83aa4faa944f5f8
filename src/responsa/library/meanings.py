"""What a setting must mean beyond its type: each function says what is wrong with a value, or nothing."""

import difflib
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from responsa.library.urls import is_address
from responsa.records.layout import FIELDS

MOST: Final = 1_000_000_000
DERIVED: Final = frozenset((".responsa", "evidence", "sources"))
"""Folders of a library that hold neither articles nor parts of the site."""
_PARENTS: Final = frozenset(name.partition(".")[0] for name in FIELDS)


def unknown(key: str, prefix: str, known: dict[str, Any]) -> str:
    """That there is no such key, and which one may be meant."""
    near = difflib.get_close_matches(key, known, n=1, cutoff=0.5)
    hint = f"did you mean `{prefix}{near[0]}`?" if near else "known are " + ", ".join(f"`{prefix}{k}`" for k in known)
    return f"unknown key `{prefix}{key}`; {hint}"


def anything(_: object) -> str:
    """Where the type says it all."""
    return ""


def _below(path: str) -> str:
    outside = path.startswith(("/", "\\")) or ".." in Path(path).parts or "\0" in path
    return "expected a path inside the library's folder, without `..`" if outside else ""


def _content(path: str) -> str:
    if DERIVED.intersection(Path(path).parts[:1]):
        return "expected the folder of the articles such as `content`"
    return _below(path)


def _keys(keys: dict[str, str]) -> str:
    for field, key in keys.items():
        if field not in FIELDS and field.partition(".")[0] not in _PARENTS:
            return unknown(field, "layout.keys.", dict.fromkeys(sorted(FIELDS)))
        if not all(part.strip() for part in key.split(".")):
            return f"expected a key of the files for `{field}`, found {key!r}"
    return ""


def _permalink(address: str) -> str:
    plain = address.replace("{subject}", "").replace("{slug}", "")
    if "{slug}" in address and address.startswith("/") and not re.search(r"[{}?#\s]|\.\.", plain):
        return ""
    return "expected an address such as `/{subject}/{slug}`: it begins with `/` and holds `{slug}`"


def _base_url(url: str) -> str:
    """Pages link from the root of their host, and robots.txt, redirects and 404.html count only there."""
    host = re.match(r"https?://[^\s/?#<>\"'@\\]+", url)
    if not url or (host and url[host.end() :] in {"", "/"}):
        return ""
    if host and not re.search(r"[\s?#<>\"'@]", url):
        own = "give it a host of its own such as `https://answers.example.org`"
        return f"a site lies at the root of its host, not below a path: expected `{host[0]}`, or {own}"
    return "expected the site's address such as `https://example.org`"


def _language(tag: str) -> str:
    good = re.fullmatch(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*", tag)
    return "" if good else "expected a language such as `en` or `pt-BR`"


def _at_least_one(number: int) -> str:
    return "" if 1 <= number < MOST else "expected 1 or more, and less than a billion"


def _share(score: float | None) -> str:
    return "" if score is None or 0 <= score <= 1 else "expected a number from 0 to 1"


def _shares(scores: dict[str, float]) -> str:
    return next(filter(None, map(_share, scores.values())), "")


def _named(text: str) -> str:
    return "" if text.strip() else "expected a text, found an empty one"


def _segment(slug: str) -> str:
    good = not slug or (is_address(f"/{slug}") and "/" not in slug)
    return "" if good else "expected one part of an address such as `health-studies`"


def _own_folder(path: str) -> str:
    plain = Path(path).as_posix()
    if plain in {".", "", "content", "sources", "evidence", ".responsa"}:
        return "expected a folder of its own such as `drafts`"
    return ""


def _endpoint(address: str) -> str:
    good = not address or re.fullmatch(r"https?://[^\s/@?#]+(?:/[^\s@?#]*)?", address)
    return (
        "" if good else "expected an address such as `http://localhost:11434/v1`; a key belongs into RESPONSA_DRAFT_KEY"
    )


def _encoder(setting: str) -> str:
    good = re.fullmatch(r"minilm|(?:static|onnx|hub|sentence-transformers):.+|https?://[^\s/]+(?:/\S*)?", setting)
    known = "`minilm`, `static:FOLDER`, `onnx:FOLDER`, `hub:OWNER/NAME`, `sentence-transformers:NAME` or an address"
    return "" if good else f"expected {known}"


MEANINGS: Final[dict[str, Callable[[Any], str]]] = {
    "site.base_url": _base_url,
    "site.name": _named,
    "site.language": _language,
    "site.promo": _below,
    "site.analytics": _below,
    "subjects.title": _named,
    "subjects.slug": _segment,
    "layout.content": _content,
    "layout.keys": _keys,
    "layout.permalink": _permalink,
    "policy.review_years": _at_least_one,
    "policy.min_score": _share,
    "policy.min_score_of": _shares,
    "build.page_size": _at_least_one,
    "build.templates": _below,
    "build.style": _below,
    "build.static": _below,
    "index.encoder": _encoder,
    "draft.folder": lambda path: _below(path) or _own_folder(path),
    "draft.prompts": _below,
    "draft.endpoint": _endpoint,
    "draft.jobs": lambda jobs: "" if 1 <= jobs <= 64 else "expected 1 to 64",  # noqa: PLR2004 - as --jobs
    "draft.timeout": _at_least_one,
    "study.new_cards": _at_least_one,
    "study.retention": lambda share: "" if 0.7 <= share <= 0.99 else "expected 0.7 to 0.99",  # noqa: PLR2004 - FSRS
    "draft.price": lambda price: "" if min(price) >= 0 else "expected two prices that are not below 0",
}
"""By the name of the setting."""
