"""What of an article is indexed, read in shards."""

import hashlib
from pathlib import PurePosixPath
from typing import Final

from msgspec import Struct

from responsa.article import Article
from responsa.errors import UnreadableError
from responsa.library.library import Library

ENCODED: Final = 1200
"""Characters of question and answer that reach the encoder: 128 tokens are about 600."""


class Shard(Struct, frozen=True, array_like=True):
    """Files of one library, to be read in one process."""

    library: Library
    paths: list[str]


class Text(Struct, frozen=True, array_like=True):
    """``question`` also holds the other wordings under which it is asked."""

    path: str
    question: str
    asked: str
    answer: str


def read_texts(shard: Shard) -> list[Text]:
    """One a file that can be read, in order; others the catalogue has told of."""
    found: list[Text] = []
    for path in shard.paths:
        try:
            article = shard.library.article(PurePosixPath(path))
        except UnreadableError:
            continue
        found.append(text_of(path, article))
    return found


def text_of(path: str, article: Article) -> Text:
    """What of an article is indexed."""
    asked = "\n".join((article.question, *article.also_asked))
    return Text(path, sound(article.question), sound(asked), sound(article.answer))


def sound(text: str) -> str:
    """Without half surrogates, which no encoder and no file takes; YAML and bytes of a command line can hold them."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def encoded(text: Text) -> str:
    """What stands for question and answer together."""
    return f"{text.question}\n{text.answer}"[:ENCODED]


def key(encoder: str, text: str) -> bytes:
    """The key of a text's vector: the same text under another encoder has another one."""
    return hashlib.blake2b(f"{encoder}\0{text}".encode(), digest_size=16).digest()
