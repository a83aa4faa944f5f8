"""Citations: after each sentence that a source carries stands a number that leads to the words it rests on."""

import re
from typing import Final

from msgspec import Struct

from responsa.article import Article
from responsa.errors import ResponsaError
from responsa.evidence.cite import CITED
from responsa.evidence.ledger import decode
from responsa.evidence.report import Checked

OPEN, CLOSE = "\ue000", "\ue001"
"""Around a quote's number in the Markdown of a cited answer: signs of no script, which no renderer changes."""
_MARK: Final = re.compile(f"{OPEN}([0-9]+){CLOSE}")
_TAG: Final = re.compile(r'<[A-Za-z/](?:[^">]|"[^"]*")*>')
_LINK: Final = re.compile(r'<sup class="cite">.*?</sup>')
_ASIDE: Final = re.compile(r"<(math|pre|code|a)\b.*?</\1>", re.DOTALL)


class Quote(Struct, frozen=True):
    """Words of a source that sentences of the answer rest on. ``reference`` is the source's number on the page."""

    number: int
    reference: int
    text: str


class Cited(Struct, frozen=True):
    """An answer with a mark after each carried sentence, and the quotes that the marks name, from 1."""

    answer: str
    quotes: tuple[Quote, ...] = ()


def cited(article: Article, ledger: bytes, answer_digest: str) -> Cited:
    """The answer with its citations; none where the ledger is of another answer or damaged.

    Only sources that the record lists are cited, none that was retracted.
    """
    try:
        report = decode(ledger)
    except ResponsaError:
        return Cited(article.answer)
    if report.url != article.url or report.of != answer_digest or OPEN in article.answer:
        return Cited(article.answer)
    if any(checked.claim.end > len(article.answer) for checked in report.checked):
        return Cited(article.answer)
    numbers = {source.id: number for number, source in enumerate(article.sources, 1) if not source.retracted}
    quotes: dict[tuple[int, str], Quote] = {}
    marks: list[tuple[int, int]] = []
    for entry in sorted(report.checked, key=lambda entry: entry.claim.start):
        reference = numbers.get(entry.finding.passage.partition("#")[0])
        if reference is not None and entry.finding.quote and entry.finding.verdict in CITED:
            key = (reference, " ".join(entry.finding.quote.split()))
            quote = quotes.setdefault(key, Quote(len(quotes) + 1, *key))
            marks.append((_place(article.answer, entry), quote.number))
    return Cited(_marked(article.answer, marks), tuple(quotes.values()))


def placed(body: str, quotes: tuple[Quote, ...]) -> str | None:
    """HTML with its marks as links; ``None`` where a mark stands where no link can be, inside a tag or a formula."""
    if any(OPEN in aside for pattern in (_TAG, _ASIDE) for aside in (found[0] for found in pattern.finditer(body))):
        return None
    seen = set[str]()

    def link(mark: re.Match[str]) -> str:
        first = mark[1] not in seen
        seen.add(mark[1])
        quote = quotes[int(mark[1]) - 1]
        own = f' id="page-cite-{quote.number}"' if first else ""
        label = f'aria-label="Reference {quote.reference}, the words this rests on"'
        return f'<sup class="cite"><a href="#page-quote-{quote.number}"{own} {label}>{quote.reference}</a></sup>'

    html = _MARK.sub(link, body)
    whole = seen == {str(quote.number) for quote in quotes} and OPEN not in html and CLOSE not in html
    return html if whole else None


def without(body: str) -> str:
    """HTML without the links that ``placed`` makes: for text that leaves the page."""
    return _LINK.sub("", body)


def _place(answer: str, entry: Checked) -> int:
    """Where the mark goes: behind the claim, but inside a table's last cell and inside emphasis.

    Behind a closing ``**`` a sign that is neither blank nor punctuation would make it open nothing (CommonMark 6.2).
    """
    end = entry.claim.end
    while end > entry.claim.start and answer[end - 1] in " \n|*_~":
        end -= 1
    return end


def _marked(answer: str, marks: list[tuple[int, int]]) -> str:
    parts, done = list[str](), 0
    for place, number in sorted(marks):
        parts += [answer[done:place], f"{OPEN}{number}{CLOSE}"]
        done = place
    return "".join((*parts, answer[done:]))
