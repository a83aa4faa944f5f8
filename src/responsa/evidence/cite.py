"""The sources that carry an article's claims, as an edit of its record: without them its page can cite nothing."""

from collections.abc import Mapping
from typing import Final

from msgspec import structs

from responsa.article import Article, Edit, Source, Value
from responsa.evidence.report import Report
from responsa.evidence.verdict import CARRIED, Verdict
from responsa.records.record import Record

CITED: Final = CARRIED | {Verdict.WORDING}
"""Verdicts whose passage a reader is shown."""


def cite(article: Article, record: Record, report: Report, shelf: Mapping[str, Source]) -> Edit | None:
    """The record's sources with those after them that carry a claim and are missing; none where none is missing.

    In the order in which the answer leans on them. What the record lists already is left as it stands.
    """
    listed = {source.id for source in article.sources}
    passages = (entry.finding.passage for entry in report.checked if entry.finding.verdict in CITED)
    names = dict.fromkeys(passage.partition("#")[0] for passage in passages)
    missing = [shelf[name] for name in names if name in shelf and name not in listed]
    if not missing:
        return None
    held = record.values.get("sources")
    before: list[Value] = [*held] if isinstance(held, list) else []
    reason = f"{', '.join(source.id for source in missing)} carry claims of the answer, says {report.judge}"
    return Edit(report.url, "sources", [*before, *map(_stated, missing)], reason)


def _stated(source: Source) -> Value:
    """What the source states, in the order of its fields."""
    return {key: value for key, value in structs.asdict(source).items() if value not in ("", None, False)}
