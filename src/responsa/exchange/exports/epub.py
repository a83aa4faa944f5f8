"""A book of a subject as EPUB 3: a chapter a question, formulas as MathML, references at a chapter's end."""

import uuid
import zipfile
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Final

from msgspec import Struct

from responsa.article import Article
from responsa.errors import UsageError
from responsa.exchange.exports.columns import storable
from responsa.exchange.exports.reading import answer, references_html
from responsa.exchange.exports.selection import Selection
from responsa.exchange.exports.xhtml import xhtml
from responsa.publish.signs import FORBIDDEN
from responsa.publish.views import SiteView as Site
from responsa.publish.views import clean, direction, question_view, shorten

_XML: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
_CONTAINER: Final = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="EPUB/package.opf" media-type="application/oebps-package+xml"/></rootfiles></container>\n'
)
_STYLE: Final = """\
body { line-height: 1.5; margin: 5%; }
h1 { font-size: 1.4em; line-height: 1.25; }
table { border-collapse: collapse; }
td, th { border: 1px solid; padding: 0.2em 0.5em; text-align: left; }
pre { white-space: pre-wrap; }
.facts, .references { font-size: 0.9em; }
.cover { text-align: center; margin-top: 30%; }
"""
_LINE: Final = 28


class Chapter(Struct, frozen=True):
    """A chapter as the contents need it."""

    file: str
    title: str
    has_maths: bool


class Book(Struct, frozen=True):
    """What stands on the cover."""

    title: str
    publisher: str
    language: str
    base_url: str
    subject: str

    @property
    def number(self) -> str:
        """The same for the same book in every export."""
        return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'{self.base_url}/{self.publisher}/{self.subject}')}"


def write(selection: Selection, target: Path) -> int:
    """How many chapters the book has. Raises ``UsageError`` where no subject is chosen."""
    if not selection.subject:
        raise UsageError("--subject is needed: a book holds one subject")
    site = selection.library.config.site
    title = next(s.info.title for s in selection.catalogue.subjects() if s.info.slug == selection.subject)
    book = Book(clean(title), clean(site.name), site.language, site.base_url.rstrip("/"), selection.subject)
    chapters, newest = list[Chapter](), ""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        _put(archive, "mimetype", "application/epub+zip", stored=True)
        _put(archive, "META-INF/container.xml", _CONTAINER)
        for article in selection.listed():
            chapter = f"chapter-{len(chapters) + 1:05d}.xhtml"
            html = answer(article, book.base_url)
            chapters.append(Chapter(chapter, clean(storable(article.question)), html.has_maths))
            newest = max(newest, article.date.isoformat() if article.date else "")
            _put(archive, f"EPUB/{chapter}", _chapter(article, html.body, chapters[-1].title, book))
        _put(archive, "EPUB/style.css", _STYLE)
        _put(archive, "EPUB/cover.svg", _cover_image(book))
        _put(archive, "EPUB/cover.xhtml", _cover(book, len(chapters)))
        _put(archive, "EPUB/nav.xhtml", _contents(book, chapters))
        _put(archive, "EPUB/package.opf", _package(book, chapters, newest))
    return len(chapters)


def _chapter(article: Article, body: str, title: str, book: Book) -> str:
    view = question_view(article, "", Site(name=book.publisher, base_url=book.base_url, language=book.language))
    facts = [view.author, view.posted, view.disclosure, f"Reviewed by {view.reviewed_by}" if view.reviewed_by else ""]
    lines = [f"<h1>{escape(title, quote=False)}</h1>", xhtml(body)]
    if sources := references_html(article):
        lines.append(f'<section class="references"><h2>References</h2>{xhtml(sources)}</section>')
    lines += [f'<p class="facts">{escape(fact, quote=False)}</p>' for fact in facts if fact]
    if book.base_url:
        address = escape(book.base_url + article.url)
        lines.append(f'<p class="facts"><a href="{address}">{address}</a></p>')
    return _page(title, "\n".join(lines), view.language)


def _page(title: str, body: str, language: str, more: str = "") -> str:
    name = escape(language)
    head = f'<head><title>{escape(title, quote=False)}</title><link rel="stylesheet" href="style.css"/></head>'
    spoken = f'lang="{name}" xml:lang="{name}" dir="{direction(name)}"'
    opening = f'<html xmlns="http://www.w3.org/1999/xhtml"{more} {spoken}>'
    return f"{_XML}<!DOCTYPE html>\n{opening}\n{head}\n<body>\n{body}\n</body>\n</html>\n"


def _cover(book: Book, count: int) -> str:
    words = f"{count:,} questions with their answers" if count != 1 else "One question with its answer"
    lines = f"<h1>{escape(book.title)}</h1><p>{words}</p><p>{escape(book.publisher)}</p>"
    return _page(book.title, f'<section class="cover">{lines}</section>', book.language)


def _cover_image(book: Book) -> str:
    lines = list(_wrapped(shorten(book.title, 100)))
    texts = "".join(
        f'<text x="300" y="{340 + 60 * place}" font-size="44" text-anchor="middle" fill="#fff">{escape(line)}</text>'
        for place, line in enumerate(lines)
    )
    publisher = escape(shorten(book.publisher, 44))
    foot = f'<text x="300" y="820" font-size="24" text-anchor="middle" fill="#fff">{publisher}</text>'
    return (
        f'{_XML}<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 600 900" '
        f'font-family="serif"><rect width="600" height="900" fill="#1f3a4d"/>{texts}{foot}</svg>\n'
    )


def _wrapped(text: str) -> Iterator[str]:
    line = ""
    for word in text.split():
        if line and len(line) + len(word) >= _LINE:
            yield line
            line = word
        else:
            line = f"{line} {word}".strip()
    yield line


def _contents(book: Book, chapters: list[Chapter]) -> str:
    items = "\n".join(f'<li><a href="{one.file}">{escape(one.title, quote=False)}</a></li>' for one in chapters)
    body = f'<nav epub:type="toc" id="toc"><h1>Questions</h1>\n<ol>\n{items}\n</ol></nav>'
    return _page(book.title, body, book.language, ' xmlns:epub="http://www.idpf.org/2007/ops"')


def _package(book: Book, chapters: list[Chapter], newest: str) -> str:
    """``dcterms:modified`` is the newest article's day: the hour of an export would make every file another one."""
    items = "\n".join(_item(place, one) for place, one in enumerate(chapters, 1))
    spine = "".join(f'<itemref idref="c{place}"/>' for place in range(1, len(chapters) + 1))
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="number">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:identifier id="number">{book.number}</dc:identifier>
<dc:title>{escape(book.title)}</dc:title>
<dc:language>{escape(book.language)}</dc:language>
<dc:publisher>{escape(book.publisher)}</dc:publisher>
<meta property="dcterms:modified">{newest or "1970-01-01"}T00:00:00Z</meta>
</metadata>
<manifest>
<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>
<item id="cover" href="cover.xhtml" media-type="application/xhtml+xml"/>
<item id="image" href="cover.svg" media-type="image/svg+xml" properties="cover-image"/>
<item id="style" href="style.css" media-type="text/css"/>
{items}
</manifest>
<spine><itemref idref="cover"/><itemref idref="nav"/>{spine}</spine>
</package>
"""


def _item(place: int, chapter: Chapter) -> str:
    maths = ' properties="mathml"' if chapter.has_maths else ""
    return f'<item id="c{place}" href="{chapter.file}" media-type="application/xhtml+xml"{maths}/>'


def _put(archive: zipfile.ZipFile, name: str, text: str, *, stored: bool = False) -> None:
    info = zipfile.ZipInfo(name, _EPOCH)
    info.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
    info.external_attr = 0o644 << 16
    archive.writestr(info, FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", storable(text)) if not stored else text)
