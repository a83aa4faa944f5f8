"""A writer behind an OpenAI-compatible endpoint: sentences with their passages, by schema, trusted for nothing.

Question and passages are data in a JSON value; whatever they or the reply say, what comes out are sentences to be
checked against the passages that were shown.
"""

import logging
import time
import tomllib
from collections.abc import Callable, Iterator, Sequence
from importlib.resources import files
from typing import Any, Final

import msgspec
from msgspec import Struct

from responsa.draft.asks import ask
from responsa.draft.carried import Proposed
from responsa.draft.facets import FACETS
from responsa.draft.outcome import Reason
from responsa.draft.writing import Declined
from responsa.errors import ConfigError
from responsa.evidence.chat import EndpointError, Lost, Reply, Transport, decoded
from responsa.evidence.chat import ask as asked_for
from responsa.evidence.passages import fingerprint
from responsa.evidence.plain import plain
from responsa.evidence.retrieval import Hit
from responsa.library.library import Library

LONGEST_PASSAGE: Final = 4_000
LONGEST_MESSAGE: Final = 300
MOST: Final = 40
"""Sentences of one reply that are looked at."""
_LOG: Final = logging.getLogger(__name__)
_LABELS: Final = ("", *(facet.label for facet in FACETS))
_REASONS: Final = {
    "no-sources": Reason.NO_SOURCES,
    "sources-disagree": Reason.DISAGREE,
    "off-subject": Reason.OFF_SUBJECT,
    "unsafe": Reason.UNSAFE,
}


class Prompt(Struct, frozen=True, forbid_unknown_fields=True):
    """What a model is told. ``version`` is for people; another text is another prompt whatever it says."""

    version: str
    system: str

    @property
    def name(self) -> str:
        """Version and fingerprint."""
        return f"{self.version}-{fingerprint(self.system)[:6]}"


class _Sentence(Struct, frozen=True):
    text: str
    passage: int
    quote: str
    label: str = ""
    paragraph: bool = False


class Said(Struct, frozen=True):
    """A reply as it was asked for."""

    answerable: bool
    reason: str = ""
    message: str = ""
    sentences: tuple[_Sentence, ...] = ()


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object", "additionalProperties": False, "required": list(properties), "properties": properties
    }  # fmt: skip


_SCHEMA: Final[dict[str, Any]] = {
    "name": "draft",
    "strict": True,
    "schema": _object(
        {
            "answerable": {"type": "boolean"},
            "reason": {"type": "string", "enum": ["", *_REASONS]},
            "message": {"type": "string"},
            "sentences": {
                "type": "array",
                "items": _object(
                    {
                        "text": {"type": "string"},
                        "passage": {"type": "integer"},
                        "quote": {"type": "string"},
                        "label": {"type": "string", "enum": list(_LABELS)},
                        "paragraph": {"type": "boolean"},
                    }
                ),
            },
        }
    ),
}


def prompt_of(library: Library) -> Prompt:
    """The publisher's prompt, or the built-in one. Raises ``ConfigError``."""
    named = library.config.draft.prompts
    if not named:
        return msgspec.convert(tomllib.loads(files(__package__).joinpath("prompts.toml").read_text("utf-8")), Prompt)
    file = library.folder / named
    try:
        found = msgspec.convert(tomllib.loads(file.read_text("utf-8")), Prompt)
    except (OSError, ValueError) as error:
        raise ConfigError(f"{named}: no file of prompts with `version` and `system`: {error}") from error
    if not found.system.strip():
        raise ConfigError(f"{named}: `system` is empty")
    return found


class Model:
    """``transport`` sends one request and keeps what comes back; ``wait`` is how it sleeps between tries."""

    def __init__(
        self, model: str, transport: Transport, prompt: Prompt, *, wait: Callable[[float], None] = time.sleep
    ) -> None:
        self.model, self.transport, self.prompt, self.wait = model, transport, prompt, wait

    @property
    def name(self) -> str:
        """Model and prompt."""
        return f"{self.model}/{self.prompt.name}"

    def write(self, question: str, hits: Sequence[Hit]) -> Sequence[Proposed] | Declined:
        """Raises ``EndpointError`` where nothing came that could be used."""
        said = asked_for(self.request(question, hits), self.transport, read, self.wait, self.model)
        if isinstance(said, Lost):
            raise EndpointError(f"{self.model}: {said.problem}")
        if isinstance(said, str):
            raise EndpointError(f"{self.model}: {said}")
        if not said.answerable:
            message = plain(said.message)[:LONGEST_MESSAGE] or "the model finds no answer in the passages"
            return Declined(_REASONS.get(said.reason, Reason.NO_SOURCES), message)
        return list(_proposed(said, hits))

    def request(self, question: str, hits: Sequence[Hit]) -> bytes:
        """The same bytes for the same question and passages: by them an answer is known again."""
        passages = [
            {"number": number, "title": hit.passage.title[:300], "text": hit.passage.text[:LONGEST_PASSAGE]}
            for number, hit in enumerate(hits, 1)
        ]
        sides = [facet.label for facet in ask(question).facets]
        data = msgspec.json.encode({"question": question, "sides": sides, "passages": passages}).decode()
        return msgspec.json.encode(
            {
                "model": self.model,
                "temperature": 0,
                "seed": 0,
                "stream": False,
                "response_format": {"type": "json_schema", "json_schema": _SCHEMA},
                "messages": [
                    {"role": "system", "content": self.prompt.system.strip()},
                    {"role": "user", "content": data},
                ],
            }
        )


def read(reply: Reply) -> Said | str:
    """What the model said, or why that cannot be used."""
    return decoded(reply, Said)


def is_usable(reply: Reply) -> bool:
    """Whether an answer is worth keeping."""
    return isinstance(read(reply), Said)


def _proposed(said: Said, hits: Sequence[Hit]) -> Iterator[Proposed]:
    """Plain words only: what a model writes is never markup."""
    run = 0
    for one in said.sentences[:MOST]:
        text = " ".join(plain(one.text).split())
        if not text:
            continue
        label = one.label if one.label in _LABELS else ""
        run += one.paragraph
        passage = hits[one.passage - 1].passage if 1 <= one.passage <= len(hits) else None
        yield Proposed(text, passage, one.quote, run, label, bool(label))
