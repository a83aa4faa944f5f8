"""What the report says of a library, and the page it says it on."""

import datetime
import json
import re
import subprocess

import pytest

from library_folder import REFUSAL, address, put
from responsa.evidence.claims import Claim, Kind
from responsa.evidence.ledger import record
from responsa.evidence.report import Checked, Report
from responsa.evidence.verdict import Finding, Verdict
from responsa.library.catalogue import refresh
from responsa.library.library import read
from responsa.records.fingerprint import fingerprint
from responsa.report.figures import figures
from responsa.report.page import page
from responsa.shards import Processes

ON = datetime.date(2026, 1, 1)


@pytest.fixture
def folder(tmp_path):
    """a and b lead to each other, c to a and nowhere; d is on another shelf and stands alone."""
    put(tmp_path, "a", links=[address("b")], day=1)
    put(tmp_path, "b", links=[address("a")], day=2)
    put(tmp_path, "c", links=[address("a"), address("gone"), address("c")], day=3)
    put(tmp_path, "d", subject="Biology", day=4)
    return tmp_path


def told(folder, on=ON, **named):
    library = read(folder)
    with refresh(library) as catalogue:
        return figures(library, catalogue, on, **named)


def html(folder, on=ON):
    return page(told(folder, on), "1", {"link-dangling": "related"})


def rule(found, name):
    return next(rule for rule in found.problems.rules if rule.rule == name)


def test_problems_are_counted_by_rule_and_subject(folder):
    put(folder, "d", subject="Biology", links=[address("gone"), address("lost")])
    dangling = rule(told(folder), "link-dangling")
    assert (dangling.count, dangling.articles, dangling.subjects) == (3, 2, {"biology": 2, "medicine": 1})
    assert [place.path for place in dangling.places] == [
        "content/learn/medicine/c.md",
        "content/learn/medicine/d.md",
    ]


def test_a_file_that_cannot_be_read_is_of_no_subject(folder):
    (folder / "content/learn/medicine/b2.md").write_text("no front matter")
    found = told(folder)
    assert found.unreadable == 1
    assert rule(found, "unreadable-file").subjects == {"": 1}


def test_orphans_dead_ends_lost_links_and_pieces(folder):
    graph = told(folder).graph
    assert (graph.articles, graph.links, graph.lost) == (4, 3, 1)  # the link of c to itself is none
    assert graph.orphans == {"biology": 1, "medicine": 1}
    assert graph.dead_ends == {"biology": 1}
    assert graph.islands == ((3, 1), (1, 1))
    assert graph.between == {"medicine": {"medicine": 3}}
    assert [column.articles for column in graph.columns[:3]] == [2, 1, 1]


def test_a_link_to_an_earlier_address_counts_for_the_article_it_leads_to(folder):
    put(folder, "d", subject="Biology", more="aliases: [/old]\n")
    put(folder, "c", links=["/old"])
    assert told(folder).graph.orphans == {"medicine": 1}


def test_held_articles_are_no_part_of_the_graph(folder):
    put(folder, "b", answer=REFUSAL, links=[address("a")])
    found = told(folder)
    assert (found.published, found.held) == (3, {"refusal": 1})
    assert found.graph.lost == 2  # a leads to b, which has no page


def test_orphans_are_named_by_their_titles(folder):
    assert [one.title for one in told(folder).lonely] == ["What is c?", "What is d?"]


def test_of_two_articles_with_one_address_the_first_is_in_the_graph(folder):
    put(folder, "zz", url=address("a"), links=[address("d")])
    graph = told(folder).graph
    assert graph.articles == 4
    assert graph.orphans == {"biology": 1, "medicine": 1}


def test_scores_are_counted_by_tenth_and_their_mean_does_not_depend_on_shards(folder):
    for name, score in (("a", "0.05"), ("b", "0.55"), ("c", "1.0")):
        path = folder / f"content/learn/medicine/{name}.md"
        path.write_text(path.read_text().replace("score: -1.0", f"score: {score}"))
    whole = told(folder).whole
    assert whole.scores == [1, 0, 0, 0, 0, 1, 0, 0, 0, 1]
    assert whole.mean == pytest.approx(0.53333, abs=1e-4)
    assert whole.scored == 3


def judged(folder, name, *verdicts):
    library = read(folder)
    article = next(one for one in library.articles() if one.url == address(name))
    claim = Claim(0, 3, article.answer[:3], Kind.STATEMENT)
    checked = tuple(Checked(claim, Finding(verdict, 0.9, "j")) for verdict in verdicts)
    record(library, article, Report(article.url, fingerprint(article.answer), "j", checked))


def test_claims_are_counted_by_verdict_while_their_answer_stands(folder):
    judged(folder, "a", Verdict.QUOTED, Verdict.QUOTED, Verdict.DIFFERS)
    judged(folder, "b", Verdict.NONE)
    assert told(folder).whole.verdicts == {"quoted": 2, "differs": 1, "none": 1}
    put(folder, "b", links=[address("a")], day=2, answer="Another answer.")
    whole = told(folder).whole
    assert (whole.checked, whole.outdated, whole.claims) == (2, 1, 3)


def test_a_damaged_ledger_is_told(folder):
    judged(folder, "a", Verdict.QUOTED)
    (folder / "evidence/medicine/a.json").write_text('{"of": 1')
    whole = told(folder).whole
    assert (whole.damaged, whole.checked) == (1, 0)


def test_a_review_is_valid_void_or_late(folder):
    stamp = fingerprint("The **answer** to a.")
    put(folder, "a", more=f"reviewed: {{by: Dr A, on: 2024-01-01, of: {stamp}}}\n")
    put(folder, "b", more="reviewed: {by: Dr B, on: 2020-01-01, of: '0'}\n")
    found = told(folder)
    assert found.whole.reviews == {"valid": 1, "void": 1, "none": 2}
    assert [(late.due, late.by) for late in found.overdue] == [("2023-01-01", "Dr B")]
    assert told(folder, datetime.date(2022, 1, 1)).overdue == ()


def test_equal_questions_are_found_without_the_search_index(folder):
    put(folder, "e", question="What is A")
    found = told(folder).copies
    assert (found.near, found.clusters, found.too_many, found.sizes) == (False, 1, 1, {2: 1})
    assert "pip install" in html(folder)


def committed(folder, day):
    git = ["git", "-C", str(folder), "-c", "user.name=A", "-c", "user.email=a@example.org"]
    stamp = f"{day}T12:00:00+00:00"
    environment = {"GIT_AUTHOR_DATE": stamp, "GIT_COMMITTER_DATE": stamp, "PATH": "/usr/bin:/bin"}
    subprocess.run([*git, "add", "content"], check=True)
    subprocess.run([*git, "commit", "-qm", "x"], check=True, env=environment)


def test_history_comes_from_git_by_month(folder):
    assert told(folder).history is None
    subprocess.run(["git", "init", "-q", str(folder)], check=True)
    committed(folder, "2025-01-15")
    put(folder, "a", answer="Changed.")
    put(folder, "ünï", question="With other letters?")
    (folder / "content/learn/medicine/d.md").unlink()
    (folder / "content/learn/readme.txt").write_text("no article")
    committed(folder, "2025-03-02")
    found = told(folder, on=None)
    months = [(m.month, m.commits, m.added, m.changed, m.removed) for m in found.history.months]
    assert months == [("2025-01", 1, 4, 0, 0), ("2025-03", 1, 1, 1, 1)]
    assert (found.on, found.on_by) == ("2025-03-02", "the day of the last commit")
    assert "2025-02" in html(folder)  # a month in which nothing happened is a month


def test_without_git_the_day_is_the_newest_date_of_an_article(folder):
    assert told(folder, on=None).on == "2024-12-04"


def test_the_same_library_gives_the_same_page_in_processes_and_here(folder):
    library = read(folder)
    with refresh(library) as catalogue:
        pages = {page(figures(library, catalogue, ON, executor=one), "1", {}) for one in (None, Processes(2))}
    assert len(pages) == 1


HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>"


def test_text_of_articles_never_becomes_markup(folder):
    put(folder, "evil", question=HOSTILE, subject=HOSTILE, links=["/<script>"])
    (folder / "responsa.toml").write_text(f"[site]\nname = '{HOSTILE}'\n")
    text = html(folder)
    assert "<script" not in text
    assert "<img" not in text
    assert "&lt;script&gt;alert(1)" in text


def test_the_page_needs_nothing_else(folder):
    text = html(folder)
    assert "default-src 'none'" in text
    assert re.findall(r'(?:src|href)="(?!#|data:,)[^"]*"', text) == []
    assert "style=" not in text
    assert "url(" not in text


def test_the_figures_are_json_that_the_page_agrees_with(folder):
    import msgspec  # noqa: PLC0415 - only here

    found = told(folder)
    data = json.loads(msgspec.json.encode(found))
    assert data["problems"]["rules"][0]["rule"] == found.problems.rules[0].rule
    assert f"{found.problems.count:,} problems in" in html(folder)


def test_an_empty_library_has_a_report(tmp_path):
    (tmp_path / "content/learn").mkdir(parents=True)
    text = page(told(tmp_path), "1", {})
    assert "Nothing is wrong by any rule" in text
    assert "No article states a date" in text


def test_a_rule_is_shown_with_the_command_that_mends_it(folder):
    assert "responsa fix --rule related" in html(folder)
