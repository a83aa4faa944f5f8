"""How a library's files are shaped: where the articles are, what their keys are called, where the answer stands."""

import msgspec
from msgspec import Struct

FIELDS: frozenset[str] = frozenset(
    {
        *("_schema", "id", "date", "date_format", "post_on_text", "title", "article_title", "question", "author"),
        *("seo.title", "seo.page_description", "seo.page_keywords", "answer", "subject", "file_name", "url", "score"),
        *("no_index", "aliases", "also_asked", "sources", "reviewed", "review_by", "provenance", "language"),
        *(f"related_article{slot}" for slot in range(1, 10)),
    }
)
"""Every name Responsa knows; a layout's ``keys`` says what a file calls it."""


class Layout(Struct, frozen=True, forbid_unknown_fields=True):
    r"""``keys`` maps Responsa's names to the file's keys, dotted on both sides; a name left out is called as is.

    ``permalink`` is the address of a file that states none. ``escaped_newlines``: the answer writes a line
    break as the two characters ``\n``. ``answer_in_body``: the answer is what follows the front matter.
    """

    content: str = "content/learn"
    escaped_newlines: bool = True
    answer_in_body: bool = False
    keys: dict[str, str] = {}
    permalink: str = "/learn/{subject}/questions/{slug}"

    def key(self, field: str) -> str:
        """What the file calls ``field``; of ``seo.title``, the longest part that ``keys`` names."""
        found = self.keys.get(field)
        if found is None:
            parent, dot, name = field.rpartition(".")
            found = f"{self.key(parent)}.{name}" if dot else field
        return found


_BODY = Layout(content="content", escaped_newlines=False, answer_in_body=True, permalink="/{subject}/{slug}")

SEED = Layout()
MARKDOWN = msgspec.structs.replace(
    _BODY,
    keys={
        "question": "title",
        "title": "browser_title",
        "seo.page_description": "description",
        "seo.page_keywords": "keywords",
    },
)
HUGO = msgspec.structs.replace(MARKDOWN, permalink="/{subject}/{slug}/")
JEKYLL = msgspec.structs.replace(
    MARKDOWN,
    content="_posts",
    keys={**MARKDOWN.keys, "url": "permalink", "aliases": "redirect_from", "subject": "category"},
    permalink="/{subject}/{slug}",
)
ELEVENTY = msgspec.structs.replace(MARKDOWN, content="src", keys={**MARKDOWN.keys, "url": "permalink"})

PRESETS: dict[str, Layout] = {
    "seed": SEED,
    "markdown": MARKDOWN,
    "hugo": HUGO,
    "jekyll": JEKYLL,
    "eleventy": ELEVENTY,
}
