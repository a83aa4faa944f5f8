"""A reference as a person names it: `pmid:10493478`, `doi:10.1097/x`, or the address of its page."""

import re
from typing import Final, Literal

from msgspec import Struct

from responsa.article import Source
from responsa.evidence.passages import fingerprint
from responsa.library.urls import slugify

PMID: Final = re.compile(
    r"(?:pmid:\s*|https?://(?:www\.)?(?:pubmed\.ncbi\.nlm\.nih\.gov|ncbi\.nlm\.nih\.gov/pubmed)/)([1-9]\d{0,8})/?",
    re.IGNORECASE,
)
DOI: Final = re.compile(r"(?:doi:\s*|https?://(?:dx\.)?doi\.org/)(10\.\d{4,9}/[^\s<>\"]{1,300})", re.IGNORECASE)
_PLAIN_DOI: Final = re.compile(r"10\.\d+/[a-z0-9]{1,60}")
"""One that can be told from its slug."""
_NAMED: Final = re.compile(
    r"(?:pmid|doi):|https?://(?:dx\.)?doi\.org/|https?://(?:\w+\.)*ncbi\.nlm\.nih\.gov/", re.IGNORECASE
)


class Identifier(Struct, frozen=True, order=True):
    """``value`` is digits for ``pmid``; a DOI in small letters, in which DOIs are equal, for ``doi``."""

    kind: Literal["pmid", "doi"]
    value: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.value}"

    @property
    def name(self) -> str:
        """The id of the source and the stem of its file; no two numbers share one."""
        told = _PLAIN_DOI.fullmatch(self.value) or self.kind == "pmid"
        return f"{self.kind}-{slugify(self.value, 120)}" + ("" if told else f"-{fingerprint(self.value)[:6]}")


def is_named(text: str) -> bool:
    """Whether ``text`` is meant as a number of a reference, right or wrong, and not as a file."""
    return bool(_NAMED.match(text))


def identifier(text: str) -> Identifier | None:
    """What ``text`` names; none where its number cannot be one."""
    if found := PMID.fullmatch(text.strip()):
        return Identifier("pmid", found[1])
    if found := DOI.fullmatch(text.strip()):
        return Identifier("doi", found[1].casefold())
    return None


def identifiers(source: Source) -> list[Identifier]:
    """Under which numbers a source can be asked for, PubMed's first."""
    given = (f"pmid:{source.pmid}" if source.pmid else "", f"doi:{source.doi}" if source.doi else "")
    return [found for text in given if (found := identifier(text))]
