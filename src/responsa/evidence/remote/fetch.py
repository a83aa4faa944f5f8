"""References fetched by number, each kept so that it is asked for once."""

import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

from msgspec import Struct, structs

from responsa.errors import UsageError
from responsa.evidence.readers.found import SourceError
from responsa.evidence.remote import crossref, pubmed
from responsa.evidence.remote.client import Client, Send, http
from responsa.evidence.remote.crossref import Crossref
from responsa.evidence.remote.identifier import Identifier
from responsa.evidence.remote.item import Item, encode
from responsa.evidence.remote.pubmed import PubMed

NCBI_GAP, NCBI_KEYED_GAP, CROSSREF_GAP = 0.34, 0.11, 0.2
"""Seconds between two requests: NCBI allows three a second, ten with a key."""
PUBMED_URL: Final = "RESPONSA_PUBMED_URL"
CROSSREF_URL: Final = "RESPONSA_CROSSREF_URL"
EMAIL: Final = "RESPONSA_EMAIL"
NCBI_KEY: Final = "RESPONSA_NCBI_KEY"


class Fetched(Struct, frozen=True):
    """A reference as a file of ``sources/`` holds it."""

    identifier: Identifier
    data: bytes

    @property
    def file(self) -> str:
        """Its name there."""
        return f"{self.identifier.name}.json"


class Services(Struct, frozen=True):
    """Whom to ask."""

    pubmed: PubMed
    crossref: Crossref


def services(environment: Mapping[str, str], send: Send | None = None) -> Services:
    """As the environment says: addresses (for a mirror), the address of who asks, and NCBI's key."""
    email, key = environment.get(EMAIL, ""), environment.get(NCBI_KEY, "")
    send = send or http(agent=f"responsa (mailto:{email})" if email else "responsa")
    about = {"tool": "responsa", **({"email": email} if email else {}), **({"api_key": key} if key else {})}
    return Services(
        PubMed(
            Client("PubMed", NCBI_KEYED_GAP if key else NCBI_GAP, send), about,
            _address(environment, PUBMED_URL, pubmed.ADDRESS),
        ),
        Crossref(
            Client("Crossref", CROSSREF_GAP, send), {"mailto": email} if email else {},
            _address(environment, CROSSREF_URL, crossref.ADDRESS),
        ),
    )  # fmt: skip


def _address(environment: Mapping[str, str], name: str, usual: str) -> str:
    given = environment.get(name) or usual
    if not given.startswith(("http://", "https://")):
        raise UsageError(f"{name}: expected an address that begins with https://")
    return given


def fetch(
    wanted: Iterable[Identifier], asked: Services, cache: Path, *, anew: bool = False
) -> tuple[list[Fetched], dict[Identifier, str]]:
    """What could be fetched, in the order wanted, and why the rest could not.

    ``cache`` holds what was fetched before; ``anew`` asks all the same. Every reference is kept as soon as it is here.
    """
    pending = list(dict.fromkeys(wanted))
    found = {} if anew else {one: data for one in pending if (data := _recalled(cache, one))}
    problems: dict[Identifier, str] = {}
    left = [one for one in pending if one not in found]
    for batch in _batches(left):
        try:
            items = _ask(batch, asked)
        except SourceError as error:
            problems.update(dict.fromkeys(batch, str(error)))
            continue
        for one in batch:
            item = items.get(one)
            if item is None:
                problems[one] = f"{_NAMES[one.kind]} knows no such reference; look the number up again"
                continue
            found[one] = encode(structs.replace(item, id=one.name))
            _keep(cache, one, found[one])
    return [Fetched(one, found[one]) for one in pending if one in found], problems


_NAMES: Final = {"pmid": "PubMed", "doi": "Crossref"}


def _batches(wanted: list[Identifier]) -> list[list[Identifier]]:
    numbers = [one for one in wanted if one.kind == "pmid"]
    many = [numbers[start : start + pubmed.BATCH] for start in range(0, len(numbers), pubmed.BATCH)]
    return many + [[one] for one in wanted if one.kind == "doi"]


def _ask(batch: list[Identifier], asked: Services) -> dict[Identifier, Item]:
    if batch[0].kind == "pmid":
        items = asked.pubmed.items([one.value for one in batch])
        return {one: items[one.value] for one in batch if one.value in items}
    (one,) = batch
    item = asked.crossref.item(one.value)
    return {one: _completed(item, asked.pubmed)} if item else {}


def _completed(item: Item, asked: PubMed) -> Item:
    """Crossref has few abstracts: PubMed may have this one, and may know of a retraction."""
    if item.abstract:
        return item
    try:
        pmid = asked.number_of(item.doi)
        other = asked.items([pmid]).get(pmid) if pmid else None
    except SourceError:
        return item
    if other is None or (other.doi and other.doi != item.doi):
        return item
    return structs.replace(
        item, pmid=pmid, abstract=other.abstract, licence=item.licence or other.licence,
        retracted=item.retracted or other.retracted, notice=item.notice or other.notice,
    )  # fmt: skip


def _recalled(cache: Path, one: Identifier) -> bytes | None:
    try:
        data = (cache / f"{one.name}.json").read_bytes()
    except OSError:
        return None
    return data if data.endswith(b"]\n") else None


def _keep(cache: Path, one: Identifier, data: bytes) -> None:
    # A cache that cannot be written costs a request, nothing else.
    with suppress(OSError):
        cache.mkdir(parents=True, exist_ok=True)
        half = cache / f".{one.name}.{os.getpid()}"
        half.write_bytes(data)
        half.replace(cache / f"{one.name}.json")
