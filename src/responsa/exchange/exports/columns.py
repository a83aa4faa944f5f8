"""An article as a row of a table: plain columns for those who query it, and the whole record for who wants it back."""

from typing import Any, Final

from responsa.exchange.exports.selection import Full
from responsa.exchange.whole import as_json, encoded

TEXTS: Final = (
    *("path", "url", "question", "answer", "subject", "title", "author", "id", "date", "language", "provenance"),
    *("description", "keywords", "reviewed_by", "reviewed_on", "record"),
)
SOURCE_TEXTS: Final = ("id", "title", "authors", "venue", "doi", "pmid", "url")


def row(full: Full) -> dict[str, Any]:
    """Columns by name. ``record`` is everything but the answer, where that is a text and has its own column."""
    article, whole = full
    line = as_json(whole)
    # The column holds the record's own answer, letter by letter, or nothing where the record has none.
    stated = isinstance(line.get("answer"), str)
    answer = line.pop("answer") if stated else article.answer or None
    texts = {
        "path": str(whole.path),
        "url": article.url,
        "question": article.question,
        "answer": answer,
        "subject": article.subject,
        "title": article.title,
        "author": article.author,
        "id": None if article.id is None else str(article.id),
        "date": article.date.isoformat() if article.date else None,
        "language": article.language,
        "provenance": article.provenance.value if article.provenance else None,
        "description": article.seo.description,
        "keywords": article.seo.keywords,
        "reviewed_by": article.reviewed.by if article.reviewed else None,
        "reviewed_on": article.reviewed.on.isoformat() if article.reviewed else None,
        "record": encoded(line),
    }
    return {name: None if text is None else storable(text) for name, text in texts.items()}


def storable(text: str) -> str:
    """UTF-8 has no half surrogates."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()
