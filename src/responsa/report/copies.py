"""Questions that were asked more than once, as the report names them."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from msgspec import Struct

from responsa.library.catalogue import Catalogue

NAMED: Final = 10
"""Clusters that are named, the largest first."""
COPIES: Final = 8
"""Copies that are named of each."""


class Copy(Struct, frozen=True):
    """An article that asks what another asks, and how that was seen."""

    title: str
    url: str
    subject: str
    why: str


class Cluster(Struct, frozen=True):
    """The article that should stay, and the others."""

    title: str
    url: str
    subject: str
    reason: str
    copies: tuple[Copy, ...]


class Copies(Struct, frozen=True):
    """``near``: whether other wordings were looked for too. ``sizes``: clusters by how many articles they hold."""

    near: bool
    clusters: int
    too_many: int
    sizes: dict[int, int]
    subjects: dict[str, int]
    named: tuple[Cluster, ...]


def copies(clusters: Sequence[Cluster], *, near: bool) -> Copies:
    """All clusters, counted; ``subjects`` counts the articles too many by the slug of theirs."""
    sizes = Counter(len(cluster.copies) + 1 for cluster in clusters)
    subjects = Counter(copy.subject for cluster in clusters for copy in cluster.copies)
    named = sorted(clusters, key=lambda cluster: (-len(cluster.copies), cluster.url))[:NAMED]
    return Copies(
        near,
        len(clusters),
        sum(len(cluster.copies) for cluster in clusters),
        dict(sorted(sizes.items())),
        dict(sorted(subjects.items(), key=lambda item: (-item[1], item[0]))),
        tuple(named),
    )


def exact(catalogue: Catalogue) -> Iterator[Cluster]:
    """Published articles that ask the same but for case and punctuation; the first by address stays."""
    for group in catalogue.repeated("question_key"):
        first, *others = {card.url: card for card in group.cards if card.publishable}.values() or [None]
        if first is not None and others:
            rest = tuple(Copy(one.title, one.url, one.subject_slug, "the same question") for one in others if one)
            yield Cluster(first.title, first.url, first.subject_slug, "first by address", rest)
