"""Figures to one HTML page that needs nothing else: no network, no script, readable on paper."""

import base64
import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import minijinja
from msgspec import Struct

from responsa.check.problem import Severity
from responsa.evidence.verdict import CARRIED, Verdict
from responsa.report import svg
from responsa.report.advice import advice
from responsa.report.figures import NONE, Figures, Subject
from responsa.report.svg import Chart, Part

TEMPLATES: Final = Path(__file__).parent / "templates"
WIDE: Final = 12
"""Subjects that a table has a column for; the others are summed up."""
YEARS: Final = 48
"""Months from which years are shown instead."""
STEPS: Final = 6
"""Shades of a cell."""
SEVERITIES: Final = tuple(severity.value for severity in Severity)
VERDICTS: Final = {
    Verdict.SUPPORTED: "supported by a judge model",
    Verdict.QUOTED: "quoted from a source",
    Verdict.WORDING: "in other words in a source",
    Verdict.RELATED: "only related to a source",
    Verdict.NONE: "without any source",
    Verdict.DIFFERS: "unlike a source: a number, name or negation",
    Verdict.CONTRADICTED: "contradicted by a source",
}
HELD: Final = {
    "draft": "it is marked as a draft",
    "refusal": "the answer declines to answer",
    "address": "the address is none",
    "score": "the score is too low or missing",
    "review": "the review is missing",
    "sources": "sources are missing",
}
PROVENANCE: Final = {
    "human": "by a person",
    "machine-reviewed": "by a machine, reviewed by a person",
    "machine": "by a machine",
    "unstated": "not stated",
}


class Row(Struct, frozen=True):
    """A line of a table: what it is about, a bar, its numbers as a reader sees them."""

    title: str
    bar: str
    cells: tuple[str, ...]
    kind: str = ""


class Grid(Struct, frozen=True):
    """A table of numbers with shaded cells; a cell is its number as shown and its shade, 0 to ``STEPS``."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[tuple[str, int], ...]], ...]


def page(figures: Figures, version: str, repairs: Mapping[str, str]) -> str:
    """The page; ``repairs`` names the rule of ``responsa fix`` that mends what a rule of ``check`` finds."""
    style = (TEMPLATES / "report.css").read_text(encoding="utf-8")
    environment = minijinja.Environment(
        loader=_template, auto_escape_callback=lambda _name: "html", undefined_behavior="strict", trim_blocks=True,
        lstrip_blocks=True, keep_trailing_newline=True,
    )  # fmt: skip
    html = environment.render_template("report.html", **_context(figures, repairs), version=version, style=style)
    # As in a site's pages: the engine writes every "/" of a text as a reference that means the same.
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return html.replace("&#x2f;", "/").replace("STYLE-DIGEST", digest)


def _template(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8")


def _context(figures: Figures, repairs: Mapping[str, str]) -> dict[str, Any]:
    titles = {subject.slug: subject.title for subject in figures.subjects} | {NONE: "cannot be read"}
    return {
        "f": figures,
        "titles": titles,
        "n": {key: f"{value:,}" for key, value in _numbers(figures).items()},
        "tiles": list(_tiles(figures)),
        "advice": [{"words": one.words, "command": one.command} for one in advice(figures, repairs)],
        "rules": list(_rules(figures, repairs)),
        "faulty": list(_faulty(figures, titles)),
        "where": _where(figures, titles),
        "held": [Row(HELD.get(why, why), "", (f"{count:,}",)) for why, count in figures.held.items()],
        "hidden": [Row(HELD.get(why, why), "", (f"{count:,}",)) for why, count in figures.hidden.items()],
        "scores": _scores(figures),
        "scored": list(_scored(figures)),
        "verdicts": list(_verdicts(figures)),
        "evidence": list(_evidence(figures)),
        "inbound": _inbound(figures),
        "islands": [Row(f"{size:,}", "", (f"{count:,}",)) for size, count in figures.graph.islands],
        "linked": list(_linked(figures)),
        "between": _between(figures, titles),
        "copied": list(_copied(figures, titles)),
        "reviews": list(_reviews(figures)),
        "provenance": list(_provenance(figures)),
        **_past(figures),
    }


def _numbers(figures: Figures) -> dict[str, int]:
    whole, graph = figures.whole, figures.graph
    return {
        "articles": figures.articles, "published": figures.published, "held": sum(figures.held.values()),
        "hidden": sum(figures.hidden.values()), "unreadable": figures.unreadable, "problems": figures.problems.count,
        "faulty": figures.problems.faulty, "scored": whole.scored, "unscored": figures.articles - whole.scored,
        "claims": whole.claims, "checked": whole.checked, "outdated": whole.outdated, "damaged": whole.damaged,
        "tensions": whole.tensions, "links": graph.links, "lost": graph.lost, "orphans": sum(graph.orphans.values()),
        "dead_ends": sum(graph.dead_ends.values()), "pieces": graph.pieces, "largest": graph.largest,
        "clusters": figures.copies.clusters, "too_many": figures.copies.too_many, "due": whole.due,
        "sourced": whole.sourced, "retracted": whole.retracted, "undated": figures.growth.undated,
    }  # fmt: skip


def percent(part: float, whole: float) -> str:
    """``12%``; what is there is never 0%, what is lacking never 100%."""
    if not whole:
        return "\N{EN DASH}"
    share = 100 * part / whole
    if 0 < share < 1:
        return "<1%"
    return ">99%" if 99 < share < 100 else f"{share:.0f}%"  # noqa: PLR2004 - as above


def _tiles(figures: Figures) -> Iterator[dict[str, str]]:
    whole, graph = figures.whole, figures.graph
    carried = sum(whole.verdicts[verdict.value] for verdict in CARRIED)
    errors = figures.problems.of(Severity.ERROR)
    yield _tile(f"{figures.published:,}", "published", f"of {figures.articles:,} articles", "#problems")
    yield _tile(f"{errors:,}", "errors", f"{figures.problems.count:,} problems in all", "#problems", bad=errors)
    mean = "\N{EN DASH}" if whole.mean is None else f"{whole.mean:.2f}"
    yield _tile(mean, "mean score", f"{percent(whole.scored, figures.articles)} of articles have one", "#scores")
    yield _tile(percent(carried, whole.claims), "claims carried", f"of {whole.claims:,} checked", "#evidence")
    says = f"{whole.sourced:,} articles list their sources"
    yield _tile(percent(whole.sourced, figures.articles), "with sources", says, "#evidence")
    orphans = sum(graph.orphans.values())
    yield _tile(f"{orphans:,}", "orphans", f"{percent(orphans, graph.articles)} of pages are led to by none", "#links")
    yield _tile(f"{figures.copies.too_many:,}", "too many", "ask what another asks", "#duplicates")
    valid = whole.reviews["valid"]
    yield _tile(percent(valid, figures.articles), "reviewed", f"{whole.due:,} reviews are late", "#reviews")


def _tile(number: str, title: str, says: str, href: str, *, bad: int = 0) -> dict[str, str]:
    return {"number": number, "title": title, "says": says, "href": href, "kind": "bad" if bad else ""}


def _rules(figures: Figures, repairs: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    most = max((rule.count for rule in figures.problems.rules), default=0)
    for rule in figures.problems.rules:
        fix = repairs.get(rule.rule, "")
        yield {
            "id": rule.rule,
            "title": rule.title,
            "severity": rule.severity,
            "bar": svg.bar([Part(rule.severity, rule.count / most)]),
            "count": f"{rule.count:,}",
            "articles": f"{rule.articles:,}",
            "fix": f"responsa fix --rule {fix}" if fix else "",
            "places": rule.places,
        }


def _faulty(figures: Figures, titles: Mapping[str, str]) -> Iterator[Row]:
    """Subjects by problems an article, the most first."""
    counts: dict[str, dict[str, int]] = {}
    for rule in figures.problems.rules:
        for slug, count in rule.subjects.items():
            of = counts.setdefault(slug, dict.fromkeys(SEVERITIES, 0))
            of[rule.severity] += count
    sizes = {subject.slug: subject.articles for subject in figures.subjects}
    rates = {slug: sum(of.values()) / (sizes.get(slug) or sum(of.values())) for slug, of in counts.items()}
    most = max(rates.values(), default=1)
    for slug in sorted(counts, key=lambda slug: (-rates[slug], slug)):
        of, size = counts[slug], sizes.get(slug) or sum(counts[slug].values())
        parts = [Part(name, of[name] / size / most) for name in SEVERITIES]
        numbers = tuple(f"{of[name]:,}" for name in SEVERITIES)
        yield Row(titles.get(slug, slug), svg.bar(parts), (*numbers, f"{rates[slug]:.2f}"))


def _where(figures: Figures, titles: Mapping[str, str]) -> Grid:
    """Rules by subjects, the largest subjects first."""
    slugs = [subject.slug for subject in _largest(figures)]
    rows = [(rule.rule, rule.subjects) for rule in figures.problems.rules]
    return _grid(slugs, rows, titles)


def _largest(figures: Figures) -> list[Subject]:
    return sorted(figures.subjects, key=lambda subject: (-subject.articles, subject.slug))


def _grid(slugs: list[str], rows: list[tuple[str, dict[str, int]]], titles: Mapping[str, str]) -> Grid:
    shown = slugs[:WIDE] if len(slugs) > WIDE + 1 else slugs
    others = [{slug: n for slug, n in counts.items() if slug not in shown} for _, counts in rows]
    with_others = any(others)
    columns = [*(titles.get(slug, slug) for slug in shown), *(["others"] if with_others else [])]
    lines = list[tuple[str, tuple[tuple[str, int], ...]]]()
    for (title, counts), rest in zip(rows, others, strict=True):
        values = [*(counts.get(slug, 0) for slug in shown), *([sum(rest.values())] if with_others else [])]
        lines.append((title, _shaded(values)))
    return Grid(tuple(columns), tuple(lines))


def _shaded(values: list[int]) -> tuple[tuple[str, int], ...]:
    """Each row by its own sum: a rare problem shows where it is as well as a frequent one."""
    total = sum(values) or 1
    return tuple((f"{value:,}" if value else "", -(-value * STEPS // total)) for value in values)


def _scores(figures: Figures) -> dict[str, Any]:
    whole = figures.whole
    labels = [f"0.{tenth}" for tenth in range(10)]
    chart = Chart(
        "chart-scores", "Articles by score",
        f"{whole.scored:,} articles have a score, {figures.articles - whole.scored:,} have none."
    )  # fmt: skip
    rows = [Row(f"{label} to {(at + 1) / 10:.1f}", "", (f"{whole.scores[at]:,}",)) for at, label in enumerate(labels)]
    kinds = ["scale-low"] * 3 + ["scale-middle"] * 4 + ["scale-high"] * 3
    return {"svg": svg.columns(chart, labels, whole.scores, kinds), "rows": rows}


def _scored(figures: Figures) -> Iterator[Row]:
    for subject in _largest(figures):
        tally = subject.tally
        mean = "\N{EN DASH}" if tally.mean is None else f"{tally.mean:.2f}"
        parts = [Part("main", tally.mean or 0.0)]
        yield Row(subject.title, svg.bar(parts), (mean, f"{tally.scored:,}", f"{subject.articles - tally.scored:,}"))


def _verdicts(figures: Figures) -> Iterator[Row]:
    claims = figures.whole.claims
    for verdict, title in VERDICTS.items():
        count = figures.whole.verdicts[verdict.value]
        part = Part(f"v-{verdict.value}", count / claims if claims else 0)
        yield Row(title, svg.bar([part]), (f"{count:,}", percent(count, claims)), verdict.value)


def _evidence(figures: Figures) -> Iterator[Row]:
    for subject in _largest(figures):
        tally = subject.tally
        parts = [Part(f"v-{one.value}", tally.verdicts[one.value] / tally.claims) for one in VERDICTS if tally.claims]
        carried = sum(tally.verdicts[verdict.value] for verdict in CARRIED)
        cells = (percent(carried, tally.claims), f"{tally.claims:,}", f"{tally.checked:,}", f"{subject.articles:,}")
        yield Row(subject.title, svg.bar(parts), cells)


def _inbound(figures: Figures) -> dict[str, Any]:
    graph = figures.graph
    labels = [column.label for column in graph.columns]
    chart = Chart(
        "chart-inbound", "Articles by how many others lead to them",
        f"{sum(graph.orphans.values()):,} of {graph.articles:,} published articles are led to by no other."
    )  # fmt: skip
    kinds = ["error" if column.label == "0" else "main" for column in graph.columns]
    rows = [Row(column.label, "", (f"{column.articles:,}",)) for column in graph.columns]
    return {"svg": svg.columns(chart, labels, [column.articles for column in graph.columns], kinds), "rows": rows}


def _linked(figures: Figures) -> Iterator[Row]:
    graph = figures.graph
    pages = graph.pages
    titles = {subject.slug: subject.title for subject in figures.subjects}
    shares = {slug: count / pages[slug] for slug, count in graph.orphans.items() if pages.get(slug)}
    for slug in sorted(
        {*graph.orphans, *graph.dead_ends}, key=lambda slug: (-shares.get(slug, 0), -graph.orphans.get(slug, 0), slug)
    ):
        orphans, ends = graph.orphans.get(slug, 0), graph.dead_ends.get(slug, 0)
        cells = (f"{orphans:,}", percent(orphans, pages.get(slug, 0)), f"{ends:,}")
        yield Row(titles.get(slug, slug), svg.bar([Part("error", shares.get(slug, 0))]), cells)


def _between(figures: Figures, titles: Mapping[str, str]) -> Grid:
    slugs = [subject.slug for subject in _largest(figures) if subject.slug in figures.graph.between]
    rows = [(titles.get(slug, slug), figures.graph.between[slug]) for slug in slugs[: WIDE * 2]]
    return _grid(slugs, rows, titles)


def _copied(figures: Figures, titles: Mapping[str, str]) -> Iterator[Row]:
    most = max(figures.copies.subjects.values(), default=1)
    for slug, count in figures.copies.subjects.items():
        yield Row(titles.get(slug, slug), svg.bar([Part("warning", count / most)]), (f"{count:,}",))


def _reviews(figures: Figures) -> Iterator[Row]:
    for subject in _largest(figures):
        tally, size = subject.tally, subject.articles or 1
        parts = [Part("good", tally.reviews["valid"] / size), Part("warning", tally.reviews["void"] / size)]
        cells = (*(f"{tally.reviews[name]:,}" for name in ("valid", "void", "none")), f"{tally.due:,}")
        yield Row(subject.title, svg.bar(parts), cells)


def _provenance(figures: Figures) -> Iterator[Row]:
    for name, title in PROVENANCE.items():
        count = figures.whole.provenance[name]
        part = Part("main", count / figures.articles if figures.articles else 0)
        yield Row(title, svg.bar([part]), (f"{count:,}", percent(count, figures.articles)))


def _past(figures: Figures) -> dict[str, Any]:
    labels, added = _spans(figures.growth.months)
    total, sums = 0, list[int]()
    for count in added:
        total += count
        sums.append(total)
    dated = f"{sum(added):,} articles state a date, {figures.growth.undated:,} state none."
    charts = {
        "grown": svg.area(Chart("chart-grown", "Articles by the date they state, added up", dated), labels, sums),
        "grown_rows": [Row(*row) for row in zip(labels, [""] * len(labels), _cells(added, sums), strict=True)],
        "worked": "", "worked_rows": [],
    }  # fmt: skip
    if figures.history is None:
        return charts
    months = figures.history.months
    names, commits = _spans({month.month: month.commits for month in months})
    numbers = [
        _spans({month.month: getattr(month, name) for month in months})[1] for name in ("added", "changed", "removed")
    ]
    says = f"{sum(commits):,} commits touched articles, the last on {figures.history.last}."
    charts["worked"] = svg.columns(Chart("chart-worked", "Commits that touched articles", says), names, commits)
    charts["worked_rows"] = [Row(*row) for row in zip(names, [""] * len(names), _cells(commits, *numbers), strict=True)]
    return charts


def _cells(*numbers: list[int]) -> list[tuple[str, ...]]:
    return [tuple(f"{number:,}" for number in row) for row in zip(*numbers, strict=True)]


def _spans(months: Mapping[str, int]) -> tuple[list[str], list[int]]:
    """Every month from the first to the last, those without anything too; years where there are too many."""
    if not months:
        return [], []
    names = list(_months(min(months), max(months)))
    if len(names) <= YEARS:
        return names, [months.get(name, 0) for name in names]
    years = [str(year).zfill(4) for year in range(int(names[0][:4]), int(names[-1][:4]) + 1)]
    return years, [sum(count for month, count in months.items() if month[:4] == year) for year in years]


def _months(first: str, last: str) -> Iterator[str]:
    year, month = int(first[:4]), int(first[5:])
    while (name := f"{year:04d}-{month:02d}") <= last:
        yield name
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)  # noqa: PLR2004 - December
