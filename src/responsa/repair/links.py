"""Related links that have one right repair: removed, or led to where their target is now and by its question."""

from collections.abc import Iterator

from responsa.article import ABSENT, Edit, Link, Value
from responsa.check.case import Case
from responsa.library.card import Card
from responsa.library.urls import repaired


def of_article(case: Case) -> Iterator[Edit]:
    """Slot by slot; of two links to one article the earlier stays."""
    seen: set[str] = set()
    for link in sorted(case.article.related, key=lambda link: link.slot):
        target = _target(case, link.url)
        if target is None:
            yield _removed(case, link, "no article has this address" if link.url else "an empty link")
        elif target.url == case.article.url:
            yield _removed(case, link, "the article itself")
        elif target.url in seen:
            yield _removed(case, link, "in an earlier slot already")
        else:
            seen.add(target.url)
            yield from _led(case, link, target)


def _target(case: Case, url: str) -> Card | None:
    """The article that is meant: at the address, at its present one, or at the one that a script put a prefix to."""
    for meant in dict.fromkeys((url, repaired(url))):
        for place in dict.fromkeys((meant, case.moved.get(meant, meant))):
            if place in case.known and "undefined" not in place.split("/"):
                return case.known[case.known[place].url]  # type: ignore[index]
    return None


def _led(case: Case, link: Link, target: Card) -> Iterator[Edit]:
    """What differs, key by key. A link that is led elsewhere takes over all that it says of its target."""
    field = f"related_article{link.slot}"
    moved = link.url != target.url
    values: dict[str, Value] = {"url": str(target.url)} if moved else {}
    if moved or (link.title and link.title.split() != target.title.split()):
        values["title"] = target.title
    if moved and link.subject:
        values["subject"] = target.subject
    if moved and link.id is not None and target.id is not None:
        values["id"] = target.id
    reason = f"{link.url} is {target.url} now" if moved else "the question of the linked article"
    yield from (case.edit(f"{field}.{key}", value, reason) for key, value in values.items())


def _removed(case: Case, link: Link, why: str) -> Edit:
    return case.edit(f"related_article{link.slot}", ABSENT, f"{link.url or f'slot {link.slot}'}: {why}")
