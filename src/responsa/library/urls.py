"""Addresses: slugs, what is safe to use as one, and where its page lies."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final

LONGEST_SEGMENT: Final = 255 - len(".html.next")
"""Bytes of UTF-8; a file system takes 255, and a page needs its suffix."""

_UNSAFE = re.compile(
    r"[\x00-\x20\x7f-\x9f?#<>\"'\\%*|:`{}^]|[\u2028\u2029\ufeff\u200b-\u200f\u202a-\u202e]|[\ud800-\udfff]"
)
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])", re.IGNORECASE)
_WORDS = re.compile(r"[^\W_]+")
_APOSTROPHES = re.compile(r"(?<=\w)['\u2019\u02bc](?=\w)")
_MOVED = re.compile(r"(?:/questions)?/undefined(?=/)")
_LETTERS = str.maketrans(
    {
        "ß": "ss",
        "æ": "ae",
        "œ": "oe",
        "ø": "o",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "ł": "l",
        "\u0131": "i",
        "&": " and ",
        "+": " plus ",
    }
)


def slugify(title: str, longest: int = 180) -> str:
    """Words joined by hyphens: Latin letters lose their accents, other scripts stay. ``item`` where nothing is left."""
    folded = _APOSTROPHES.sub("", title.casefold()).translate(_LETTERS)
    latin = "".join(_plain(letter) for letter in unicodedata.normalize("NFKC", folded))
    slug = _cut(_WORDS.findall(latin.casefold()), longest) or "item"
    return f"{slug}-" if _RESERVED.fullmatch(slug) else slug


def _plain(letter: str) -> str:
    base = unicodedata.normalize("NFD", letter)
    return base[0] if len(base) > 1 and base[0].isascii() else letter


def _cut(words: list[str], longest: int) -> str:
    """As many whole words as fit into ``longest`` bytes; a first word that is too long is cut."""
    slug = "-".join(words)
    while len(slug.encode()) > longest and "-" in slug:
        slug = slug.rpartition("-")[0]
    return slug.encode()[:longest].decode(errors="ignore")


@lru_cache(maxsize=1 << 15)
def is_address(url: str) -> bool:
    """Whether ``url`` is a site-absolute path that is safe as a link and as a file's name."""
    if not url.startswith("/") or "//" in url or _UNSAFE.search(url):
        return False
    return url == "/" or all(_is_segment(segment) for segment in url.strip("/").split("/"))


def _is_segment(segment: str) -> bool:
    stem = segment.partition(".")[0]
    return (
        not segment.startswith(".")
        and not segment.endswith(".")
        and len(segment.encode()) <= LONGEST_SEGMENT
        and not _RESERVED.fullmatch(stem)
    )


def page_path(url: str) -> str:
    """The file of the page at ``url``, below the site's folder. Raises ``ValueError`` where ``url`` is no address."""
    if not is_address(url):
        raise ValueError(f"{url!r} is not an address")
    inner = url.strip("/")
    return f"{inner}.html" if inner else "index.html"


def repaired(url: str) -> str:
    """``url`` without the ``/questions/undefined`` that a publisher's earlier release put before addresses."""
    path = _MOVED.sub("", url)
    return re.sub(r"/{2,}", "/", path) if path != url else url


def collisions(urls: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Pairs (earlier, later) that would be one file where case or Unicode form does not count."""
    seen: dict[str, str] = {}
    for url in urls:
        key = unicodedata.normalize("NFC", url).casefold().rstrip("/")
        if key in seen and seen[key] != url:
            yield seen[key], url
        seen.setdefault(key, url)
