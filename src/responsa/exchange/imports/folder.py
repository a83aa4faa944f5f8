"""Folders of Hugo, Jekyll, Eleventy and their like: a page a file, front matter above its text."""

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import Any, Final
from urllib.parse import urlsplit

from msgspec import Struct

from responsa.exchange.imports.entry import Entry, Found, Place, Untaken
from responsa.exchange.imports.files import content, name_of, text_of, walk
from responsa.exchange.imports.front import split
from responsa.exchange.imports.html import to_markdown
from responsa.exchange.imports.rows import kept_of, text_in, texts_of
from responsa.library.urls import slugify

SUFFIXES: Final = (".md", ".markdown", ".mdown", ".html", ".htm")
_DATED: Final = re.compile(r"(\d{4})-(\d\d)-(\d\d)-(.+)")
_HEADING: Final = re.compile(r"\s*#[ \t]+(.+?)[ \t]*#*[ \t]*(?:\r?\n|\Z)")
_TEMPLATE: Final = re.compile(r"\{\{[<%]?.*?[%>]?\}\}|\{%.*?%\}", re.DOTALL)
_REFERENCE: Final = re.compile(
    r"\{\{[<%]\s*(?:rel)?ref\s+\"?([^\s\">%}]+)\"?\s*[%>]\}\}|\{%-?\s*(?:post_url|link)\s+([^\s%]+)\s*-?%\}"
)
_RELATIVE: Final = re.compile(r"(?<=\]\()([^\s()<>:#?]+\.(?:md|markdown))((?:#[^\s()]*)?)(?=\))")
_USED: Final = frozenset(
    "title date publishdate permalink url slug aliases redirect_from tags keywords categories category subject author"
    " authors description summary excerpt lang language draft published answer question".split()
)
_CONTENT: Final = ("content", "_posts", "src", "posts")


class Page(Struct, frozen=True):
    """A file with what its front matter says."""

    path: Path
    place: PurePosixPath
    values: dict[str, Any]
    body: str


def is_folder(start: Path) -> bool:
    """Whether a file below has front matter or at least is Markdown."""
    return start.is_dir() and next(walk(start, (".md", ".markdown")), None) is not None


def entries(start: Path) -> Iterator[Found]:
    """Every page in the order of names. Links to other files become the addresses that these had."""
    root = next((start / name for name in _CONTENT if (start / name).is_dir()), start) if start.is_dir() else start
    address = lru_cache(4096)(lambda path: _address_at(path, root))
    for path in walk(root, SUFFIXES):
        name = name_of(path, start)
        try:
            page = _page(path, root)
        except (ValueError, OSError) as error:
            yield Untaken(Place(name), "cannot be read", str(error))
            continue
        if path.name.startswith("_index.") or page.values.get("layout") in {"home", "archive", "list"}:
            yield Untaken(Place(name), "a list, no article")
        elif path.suffix in {".html", ".htm"} and not page.values:
            yield Untaken(Place(name), "no front matter", "import pages of a finished site with --kind site")
        else:
            yield _entry(page, name, root, address)


def _page(path: Path, root: Path) -> Page:
    values, body = split(text_of(content(path)))
    place = PurePosixPath(path.name if path == root else path.relative_to(root).as_posix())
    return Page(path, place, values, body)


def _entry(page: Page, name: str, root: Path, address: Any) -> Entry | Untaken:  # noqa: ANN401 - a cached function
    values, body = {key.lower(): value for key, value in page.values.items()}, page.body
    if text_in(values.get("type")) in {"list", "section"}:
        return Untaken(Place(name), "a list, no article")
    title = text_in(values.get("question")) or text_in(values.get("title"))
    if not title and (heading := _HEADING.match(body)):
        title, body = heading[1], body[heading.end() :]
    if page.path.suffix in {".html", ".htm"}:
        body = to_markdown(body)
    answer = _linked(text_in(values.get("answer")) or body, page, root, address)
    remarks = ("holds template code that is now text",) if _TEMPLATE.search(answer) else ()
    date, stem = _named(page)
    date = next((day for key in ("date", "publishdate") if (day := text_in(values.get(key))[:10])), date)
    draft = values.get("draft") is True or values.get("published") is False or "_drafts" in page.path.parts
    rest = {key: kept_of(value) for key, value in page.values.items() if key.lower() not in _USED}
    return Entry(
        Place(name),
        f"page/{page.place}",
        title or stem.replace("-", " ").capitalize(),
        answer.strip(),
        subject=_subject(values, page),
        slug=text_in(values.get("slug")) or stem,
        address=_address(page),
        author=", ".join(texts_of(values.get("author") or values.get("authors"), split=False)),
        date=date if re.fullmatch(r"\d{4}-\d\d-\d\d", date) else "",
        language=text_in(values.get("lang")) or text_in(values.get("language")),
        description=_described(values),
        keywords=tuple(texts_of(values.get("tags"), split=" " if "," not in text_in(values.get("tags")) else ",")
                       + texts_of(values.get("keywords"), split=",")),
        aliases=tuple(_alias(one, page) for key in ("aliases", "redirect_from") for one in texts_of(values.get(key))),
        no_index=draft,
        more={**rest, **({"draft": True} if draft else {})},
        remarks=remarks,
    )  # fmt: skip


def _described(values: dict[str, Any]) -> str:
    return next((text for key in ("description", "summary", "excerpt") if (text := text_in(values.get(key)))), "")


def _subject(values: dict[str, Any], page: Page) -> str:
    for key in ("subject", "category", "categories"):
        if found := texts_of(values.get(key)):
            return found[0]
    above = [part for part in page.place.parts[:-1] if not part.startswith("_")]
    above = above[:-1] if page.path.stem == "index" else above
    return above[0].replace("-", " ").replace("_", " ").capitalize() if above else ""


def _named(page: Page) -> tuple[str, str]:
    """The day and the name that a file's name says."""
    stem = page.path.parent.name if page.path.stem == "index" else page.path.stem
    if dated := _DATED.fullmatch(stem):
        return f"{dated[1]}-{dated[2]}-{dated[3]}", dated[4]
    return "", stem


def _address(page: Page) -> str:
    """Where the page was published: as it says itself, else by its tool's rule. Patterns are not guessed at."""
    for key in ("permalink", "url"):
        stated = text_in(page.values.get(key))
        if stated:
            return "" if re.search(r"[:{}]", urlsplit(stated).path) else f"/{urlsplit(stated).path.lstrip('/')}"
    date, stem = _named(page)
    slug = text_in(page.values.get("slug")) or stem
    above = [part for part in page.place.parts[:-1] if part != "_posts"]
    above = above[:-1] if page.path.stem == "index" else above
    if "_posts" in page.path.parts and date:
        shelves = [
            slugify(one) for one in texts_of(page.values.get("categories") or page.values.get("category"), split=" ")
        ]
        return "/" + "/".join((*above, *shelves, *date.split("-"), f"{slug}.html"))
    return "/" + "/".join((*above, slug)) + "/"


def _address_at(path: Path, root: Path) -> str:
    try:
        return _address(_page(path, root))
    except (ValueError, OSError):
        return ""


def _linked(text: str, page: Page, root: Path, address: Any) -> str:  # noqa: ANN401 - a cached function
    """References to files of the folder as addresses; one that leads nowhere stays as it is written."""

    def reference(found: re.Match[str]) -> str:
        return _target(found[1] or found[2], page, root, address) or found[0]

    def relative(found: re.Match[str]) -> str:
        to = _target(found[1], page, root, address)
        return f"{to}{found[2]}" if to else found[0]

    return _RELATIVE.sub(relative, _REFERENCE.sub(reference, text))


def _target(name: str, page: Page, root: Path, address: Any) -> str:  # noqa: ANN401 - a cached function
    plain, _, anchor = name.partition("#")
    folders = [root] if plain.startswith("/") else [page.path.parent, root, root.parent, root / "_posts"]
    for folder in folders if root.is_dir() else ():
        for ending in ("", ".md", "/index.md", ".markdown"):
            path = (folder / f"{plain.lstrip('/')}{ending}").resolve()
            if path.is_file() and path.is_relative_to(root.resolve()):
                found = str(address(root / path.relative_to(root.resolve())))
                return f"{found}#{anchor}" if anchor and found else found
    return ""


def _alias(text: str, page: Page) -> str:
    """An earlier address; Hugo takes one without a slash as beside the page."""
    path = urlsplit(text).path if "://" in text else text
    return path if path.startswith("/") else f"{_address(page).rsplit('/', 2)[0]}/{path}"
