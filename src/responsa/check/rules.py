"""Every rule: what it is called, why it matters, what it looks like, and who can mend it."""

from msgspec import Struct

from responsa.check.problem import Severity

PERSON = "A person decides."


class Rule(Struct, frozen=True):
    """One rule. ``bad`` and ``good`` are pieces of a record; ``fix`` is the one right repair, or who decides."""

    id: str
    title: str
    severity: Severity
    why: str
    bad: str
    good: str
    fix: str


def _error(id: str, title: str, *, why: str, bad: str, good: str, fix: str = PERSON) -> Rule:  # noqa: A002
    return Rule(id, title, Severity.ERROR, why, bad, good, fix)


def _warning(id: str, title: str, *, why: str, bad: str, good: str, fix: str = PERSON) -> Rule:  # noqa: A002
    return Rule(id, title, Severity.WARNING, why, bad, good, fix)


def _note(id: str, title: str, *, why: str, bad: str, good: str, fix: str = PERSON) -> Rule:  # noqa: A002
    return Rule(id, title, Severity.NOTE, why, bad, good, fix)


_TABLE = (
    # Fields
    _error(
        "unreadable-file",
        "file cannot be read",
        why="What cannot be read is not published, linked or searched; the article is missing without a word.",
        bad="---\ntitle: What is HCC?\nanswer: [",
        good="---\ntitle: What is HCC?\nanswer: A cancer of the liver.\n---",
        fix="A person repairs the front matter at the line that is named.",
    ),
    _error(
        "missing-field",
        "required field missing or empty",
        why="A page needs a question, an answer, a subject and an address.",
        bad="question: ''",
        good="question: What is HCC?",
    ),
    _error(
        "wrong-type",
        "value of the wrong type",
        why="A value that cannot be meant is ignored: the page is built as if it were not there.",
        bad="no_index: perhaps",
        good="no_index: true",
    ),
    _error(
        "bad-date",
        "date that is no date",
        why="The day of publication and of review are shown, sorted by and given to search engines.",
        bad="date: 2024-13-45",
        good="date: 2024-12-07",
    ),
    _error(
        "score-range",
        "score out of range",
        why="A score is a share: 0 to 1, or -1.0 for never checked.",
        bad="score: 87",
        good="score: 0.87",
    ),
    _note(
        "heading-differs",
        "title, heading and question differ",
        why="A reader who follows a title should land on a page that says the same.",
        bad="question: What is HCC?\narticle_title: What is ICC?",
        good="question: What is HCC?\narticle_title: What is HCC?",
    ),
    # Addresses
    _error(
        "address-unsafe",
        "address that is none",
        why="An address becomes a file name and a link: one with `..`, a scheme or control characters can leave the "
        "site or break it.",
        bad="url: /learn/../../etc/passwd",
        good="url: /learn/medicine/questions/what-is-hcc",
    ),
    _error(
        "address-undefined",
        "address holds `undefined`",
        why="A script wrote the address without knowing the subject; readers and search engines see it.",
        bad="url: /learn/undefined/questions/what-is-hcc",
        good="url: /learn/medicine/questions/what-is-hcc",
        fix="`responsa fix --rule addresses` gives it the layout's address where that is free.",
    ),
    _warning(
        "address-mismatch",
        "address, file and subject disagree",
        why="An editor who knows the address should find the file, and the address should name the right shelf.",
        bad="# medicine/what-is-hcc.md\nurl: /learn/physics/questions/what-is-hcc",
        good="# medicine/what-is-hcc.md\nurl: /learn/medicine/questions/what-is-hcc",
    ),
    _error(
        "address-repeated",
        "address used twice",
        why="Only one of the articles can be published at an address.",
        bad="# a.md and b.md\nurl: /learn/medicine/questions/what-is-hcc",
        good="# b.md\nurl: /learn/medicine/questions/what-is-hcc-in-cirrhosis",
    ),
    _warning(
        "address-case",
        "addresses that differ only in case",
        why="On macOS and Windows both pages are one file, and readers mistype case.",
        bad="# a.md: url: /learn/it/what-is-IP\n# b.md: url: /learn/it/what-is-ip",
        good="# a.md: url: /learn/it/what-is-intellectual-property\n# b.md: url: /learn/it/what-is-ip",
    ),
    _error(
        "alias-collision",
        "alias claimed twice",
        why="A redirect has one target, and a living page is never redirected.",
        bad="aliases: [/learn/medicine/questions/what-is-icc]  # a living article",
        good="aliases: [/learn/medicine/questions/hcc]",
        fix="`responsa fix --rule aliases` removes one at which an article lives; else a person decides.",
    ),
    # Links
    _error(
        "link-dangling",
        "related link to nothing",
        why="The reader meets a page that is not there.",
        bad="related_article1:\n    url: /learn/medicine/questions/gone",
        good="# the slot is removed",
        fix="`responsa fix --rule links` removes the slot.",
    ),
    _warning(
        "link-doubled",
        "related link stored twice",
        why="A slot is spent on a question that is already offered.",
        bad="related_article1: {url: /learn/a}\nrelated_article2: {url: /learn/a}",
        good="related_article1: {url: /learn/a}",
        fix="`responsa fix --rule links` removes the later slot.",
    ),
    _warning(
        "link-self",
        "related link to the article itself",
        why="The reader stays where they are.",
        bad="url: /learn/a\nrelated_article1: {url: /learn/a}",
        good="# the slot is removed",
        fix="`responsa fix --rule links` removes the slot.",
    ),
    _error(
        "link-undefined",
        "related link holds `undefined`",
        why="A script wrote the link without knowing its target.",
        bad="related_article1: {url: /learn/undefined/questions/a}",
        good="# the slot is removed",
        fix="`responsa fix --rule links` leads it to the address behind the prefix, or removes the slot.",
    ),
    _warning(
        "link-moved",
        "related link to an earlier address",
        why="Every reader takes a detour over a redirect.",
        bad="related_article1: {url: /learn/old}  # an alias of /learn/new",
        good="related_article1: {url: /learn/new}",
        fix="`responsa fix --rule links` writes the present address.",
    ),
    _warning(
        "link-title",
        "related link with a stale title",
        why="The link promises another question than the page asks.",
        bad="related_article1: {title: What is ICC?, url: /learn/what-is-hcc}",
        good="related_article1: {title: What is HCC?, url: /learn/what-is-hcc}",
        fix="`responsa fix --rule links` writes the question of the article that is linked.",
    ),
    # Repeats
    _note(
        "repeated-id",
        "id used twice",
        why="Whatever finds articles by their id finds the wrong one. Responsa itself uses the address.",
        bad="# a.md: id: 97065\n# b.md: id: 97065",
        good="# b.md: id: 97066",
        fix="`responsa fix --rule ids` gives all but one a new id; where ids are no numbers, a person decides.",
    ),
    _warning(
        "repeated-question",
        "question asked twice",
        why="Readers and search engines meet two answers to one question, and only one of them is kept up.",
        bad="# a.md and b.md\nquestion: What is HCC?",
        good="# a.md\naliases: [the address of b.md, which is removed]",
        fix="`responsa fix --rule copies` merges copies of one answer, `responsa fix --rule duplicates` all.",
    ),
    _warning(
        "repeated-answer",
        "answer repeated byte for byte",
        why="Two pages with one text compete with each other, and one of the questions may not be answered by it.",
        bad="# a.md and b.md\nanswer: The same text.",
        good="# a.md\nalso_asked: [the question of b.md, which is removed]",
        fix="A person chooses which article stays; the other's question goes to `also_asked`.",
    ),
    # Refusals
    _error(
        "refusal",
        "answer that refuses",
        why="Whoever wrote the text could not answer. Such a page is held back unless the policy publishes it.",
        bad="answer: I cannot answer this question based on the available information.",
        good="# an answer, or no article",
        fix="A person answers or removes it; until then `responsa fix --rule holds` marks it `no_index`.",
    ),
    _warning(
        "soft-refusal",
        "answer that evades",
        why="Fluent text that does not answer costs the reader's trust.",
        bad="answer: The provided text does not say how HCC is staged.",
        good="# an answer, or no article",
        fix="A person writes an answer or removes the article.",
    ),
    # Subjects
    _warning(
        "subject-unknown",
        "subject that is not in responsa.toml",
        why="The article stands on a shelf that nobody planned, often a slip of the keyboard.",
        bad="subject: Medcine",
        good="subject: Medicine",
    ),
    _warning(
        "subject-spelling",
        "subject spelled another way",
        why="One shelf under two names looks like two.",
        bad="subject: Computer science",
        good="subject: Computer Science",
        fix="`responsa fix --rule spellings` writes the usual spelling.",
    ),
    # Head of the page
    _note(
        "description-long",
        "description over 160 characters",
        why="Search engines cut it off in the middle of a sentence.",
        bad="seo:\n  page_description: This content discusses, at length, ... (161 characters)",
        good="seo:\n  page_description: How treatment differs, and why.",
        fix="`responsa fix --rule descriptions` keeps its first sentences, or takes whole ones of the answer.",
    ),
    _warning(
        "description-missing",
        "description missing",
        why="Search engines and previews show some sentence of the page instead.",
        bad="seo:\n  page_description: ''",
        good="seo:\n  page_description: How treatment differs, and why.",
        fix="`responsa fix --rule descriptions` takes whole sentences of the answer.",
    ),
    _note(
        "title-repeated",
        "one title on several pages",
        why="In tabs, bookmarks and search results the pages cannot be told apart. Named once a title.",
        bad="# a.md and b.md\nseo:\n  title: Medicine",
        good="# a.md\nseo:\n  title: What is HCC?",
    ),
    # Markup
    _error(
        "unsafe-html",
        "HTML that could run",
        why="Scripts, event handlers and `javascript:` links never reach a page; what they were to do is lost.",
        bad="<script>track()</script>",
        good="# plain Markdown",
    ),
    _warning(
        "fence-unclosed",
        "code fence that never closes",
        why="The rest of the answer is shown as code.",
        bad="```python\nprint(1)\n\nThe rest.",
        good="```python\nprint(1)\n```\n\nThe rest.",
        fix="`responsa fix --rule markup` closes it where all behind it is one block; else a person decides.",
    ),
    _note(
        "heading-jump",
        "heading that skips a level",
        why="Readers of screen readers move by headings; a missing level reads as missing text.",
        bad="## Staging\n\n#### TNM",
        good="## Staging\n\n### TNM",
        fix="`responsa fix --rule markup` closes the gap where levels keep their order; else a person decides.",
    ),
    _warning(
        "link-empty",
        "link without text or target",
        why="It cannot be seen, or leads nowhere.",
        bad="[the guideline]()",
        good="[the guideline](https://example.org/guideline)",
    ),
    _warning(
        "table-broken",
        "table that is shown as pipes",
        why="Without a line of dashes with as many columns as the heading, Markdown sees no table.",
        bad="| Stage | Survival |\n| I | 80% |",
        good="| Stage | Survival |\n|---|---|\n| I | 80% |",
        fix="`responsa fix --rule markup` adds the line where all rows fit the heading; else a person decides.",
    ),
    _warning(
        "maths-unreadable",
        "TeX that cannot be shown",
        why="The page shows the source instead of the formula.",
        bad=r"$\frac{1}{2$",
        good=r"$\frac{1}{2}$",
    ),
    _warning(
        "maths-unbalanced",
        "maths that opens and never closes",
        why="The formula is shown as raw text with stray signs.",
        bad=r"The area is \( \pi r^2.",
        good=r"The area is \( \pi r^2 \).",
    ),
    _warning(
        "escape-broken",
        "TeX broken by a line break",
        why=r"A tool has replaced `\n` inside a command: `\neq` became a line break and `eq`.",
        bad="$a\neq b$",
        good=r"$a \neq b$",
        fix="`responsa fix --rule markup` restores the command if the formula shows then; else a person does.",
    ),
    # Reviews and sources
    _warning(
        "review-missing",
        "review missing",
        why="The policy of the library asks for a review of this subject.",
        bad="subject: Medicine",
        good="subject: Medicine\nreviewed: {by: Dr A. Weber, on: 2026-03-01, of: ...}",
        fix="A person reviews the answer.",
    ),
    _warning(
        "review-void",
        "review of another text",
        why="The answer was changed after it was reviewed: the stamp no longer holds.",
        bad="reviewed: {by: Dr A. Weber, on: 2024-03-01, of: 0a1b}  # of an earlier text",
        good="reviewed: {by: Dr A. Weber, on: 2026-03-01, of: 7c2d}",
        fix="A person reviews the answer again.",
    ),
    _warning(
        "review-stale",
        "review out of date",
        why="Knowledge moves on; health standards ask for a review at least every three years.",
        bad="review_by: 2020-01-01",
        good="review_by: 2029-01-01",
        fix="A person reviews the answer again.",
    ),
    _warning(
        "sources-missing",
        "sources missing",
        why="The policy of the library asks for references in this subject.",
        bad="subject: Medicine",
        good="sources:\n  - id: easl\n    title: EASL guideline on HCC\n    year: 2025",
        fix="A person adds what the answer leans on.",
    ),
    _warning(
        "source-retracted",
        "source that was retracted",
        why="The answer leans on work that its publisher has withdrawn.",
        bad="sources:\n  - id: smith\n    retracted: true",
        good="sources:\n  - id: jones",
        fix="A person finds another source and reviews the answer.",
    ),
    _warning(
        "score-low",
        "score under the library's minimum",
        why="The policy of the library asks for more of the claims to be carried by evidence.",
        bad="score: 0.2",
        good="score: 0.9",
        fix="A person mends the answer or adds evidence.",
    ),
)

RULES = {rule.id: rule for rule in _TABLE}
"""By id, in the order of the documentation."""
