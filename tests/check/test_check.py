import datetime

import pytest

from library_folder import REFUSAL, address, put, record
from responsa.article import ABSENT
from responsa.check.check import check
from responsa.check.rules import RULES
from responsa.library.catalogue import refresh
from responsa.library.library import apply, read
from responsa.records.fingerprint import fingerprint
from responsa.shards import Processes

TODAY = datetime.date(2026, 11, 24)
SEO = "seo:\n  title: {0}\n  page_description: How it differs.\n"


@pytest.fixture
def folder(tmp_path):
    for name in "ab":
        put(tmp_path, name, more=SEO.format(name))
        path = tmp_path / f"content/learn/medicine/{name}.md"
        path.write_text(path.read_text().replace("id: 1\n", f"id: {ord(name)}\n", 1))
    return tmp_path


def problems(folder, executor=None):
    library = read(folder)
    with refresh(library) as catalogue:
        return check(library, catalogue, TODAY, executor)


def rules(folder):
    return [problem.rule for problem in problems(folder)]


def test_a_good_library_has_no_problem(folder):
    assert rules(folder) == []


CASES = {
    "missing-field": {"subject": "''"},
    "wrong-type": {"more": "no_index: perhaps\n"},
    "bad-date": {"more": "review_by: 2024-13-45\n"},
    "heading-differs": {"more": "article_title: What is ICC?\n"},
    "address-unsafe": {"url": "/learn/../x"},
    "address-undefined": {"url": "/learn/undefined/questions/c"},
    "address-mismatch": {"url": "/learn/physics/questions/c"},
    "address-repeated": {"url": address("a")},
    "alias-collision": {"more": f"aliases: [{address('a')}]\n"},
    "link-dangling": {"links": [address("gone")]},
    "link-doubled": {"links": [address("a"), address("a")]},
    "link-self": {"links": [address("c")]},
    "link-undefined": {"links": ["/learn/undefined/questions/a"]},
    "link-title": {"links": [address("a")]},
    "repeated-question": {"question": "What is A"},
    "repeated-answer": {"answer": "The **answer** to a."},
    "refusal": {"answer": REFUSAL},
    "soft-refusal": {"answer": "The provided text does not say how HCC is staged."},
    "description-long": {"more": f"seo:\n  page_description: {'x' * 161}\n"},
    "description-missing": {},
    "title-repeated": {"more": SEO.format("a")},
    "unsafe-html": {"answer": "<script>track()</script>"},
    "fence-unclosed": {"answer": "```python\\nprint(1)\\n\\nThe rest."},
    "heading-jump": {"answer": "## Staging\\n\\n#### TNM"},
    "link-empty": {"answer": "[the guideline]()"},
    "table-broken": {"answer": "| Stage | Survival |\\n| I | 80% |"},
    "maths-unreadable": {"answer": "$\\frac{1}{2$"},
    "maths-unbalanced": {"answer": "The area is \\( \\pi r^2."},
    "review-void": {"more": "reviewed: {by: A. Weber, on: 2026-03-01, of: 0a1b}\n"},
    "review-stale": {"more": "review_by: 2020-01-01\n"},
    "source-retracted": {"more": "sources:\n  - id: smith\n    retracted: true\n"},
    "score-range": {"more": ""},
    "unreadable-file": {},
    "address-case": {},
    "link-moved": {"links": ["/old/a"]},
    "repeated-id": {},
    "subject-unknown": {},
    "subject-spelling": {"subject": "medicine"},
    "escape-broken": {},
    "review-missing": {},
    "sources-missing": {},
    "score-low": {},
}


def test_every_rule_has_a_case():
    assert set(CASES) == set(RULES)


@pytest.mark.parametrize("rule", sorted(CASES))
def test_a_rule_finds_what_breaks_it(folder, rule):
    path = put(folder, "c", **CASES[rule])
    text = path.read_text()
    if rule == "score-range":
        path.write_text(text.replace("score: -1.0", "score: 87"))
    if rule == "unreadable-file":
        path.write_text("---\nanswer: [\n---\n")
    if rule == "address-case":
        path.write_text(record("c", url=address("A")))
    if rule == "link-moved":
        put(folder, "a", more="aliases: [/old/a]\n")
    if rule == "repeated-id":
        path.write_text(text.replace("id: 1\n", "id: 97\n"))
    if rule == "escape-broken":
        path.write_text(text.replace("answer: >-\n    The **answer** to c.", "answer: |-\n    $$a\n    eq b$$"))
    if rule in {"subject-unknown", "review-missing", "sources-missing", "score-low"}:
        (folder / "responsa.toml").write_text(
            '[policy]\nrequire_review = ["Medicine"]\nrequire_sources = ["Medicine"]\nmin_score = 0.9\n'
            '[[subjects]]\ntitle = "Law"\n'
        )
        path.write_text(text.replace("score: -1.0", "score: 0.2"))
    found = [problem for problem in problems(folder) if problem.rule == rule]
    assert found
    assert all(problem.line >= 1 and problem.message for problem in found)


def test_a_review_of_the_present_answer_is_no_problem(folder):
    answer = "The **answer** to c."
    more = f"reviewed: {{by: A. Weber, on: 2026-03-01, of: {fingerprint(answer)}}}\n{SEO.format('c')}"
    path = put(folder, "c", more=more)
    path.write_text(path.read_text().replace("id: 1\n", "id: 3\n"))
    assert rules(folder) == []


def test_a_problem_names_the_line_of_its_key(folder):
    path = put(folder, "c", more="review_by: 2020-01-01\n")
    found = next(problem for problem in problems(folder) if problem.rule == "review-stale")
    assert path.read_text().splitlines()[found.line - 1] == "review_by: 2020-01-01"


def test_the_offered_repairs_of_links_leave_nothing_to_repair(folder):
    links = [address("c"), address("a"), address("a"), address("gone"), "/learn/undefined/questions/a"]
    path = put(folder, "c", links=links, more=SEO.format("c"))
    library = read(folder)
    edits = [problem.edit for problem in problems(folder) if problem.edit]
    assert sum(edit.after is ABSENT for edit in edits) == 4
    for change in apply(library, edits):
        path.write_bytes(change.after)
    assert not [rule for rule in rules(folder) if rule.startswith("link-")]


def test_code_is_no_html_no_heading_and_no_maths(folder):
    answer = "Write `<script>` and `\\\\(`:\\n\\n```\\n<script>\\n# a\\n#### b\\n| x |\\n| y |\\n```"
    path = put(folder, "c", answer=answer, more=SEO.format("c"))
    path.write_text(path.read_text().replace("id: 1\n", "id: 3\n"))
    assert rules(folder) == []


def test_processes_find_the_same(folder):
    put(folder, "c", links=[address("c"), address("gone")])
    assert problems(folder, Processes(2)) == problems(folder)


@pytest.mark.parametrize("unit", ["`", "[", "|\\n", "$", "<a ", "\\\\(", "#", "```\\n"])
def test_a_hostile_answer_takes_bounded_time(folder, unit):
    put(folder, "c", answer=unit * 50_000)
    assert isinstance(rules(folder), list)
