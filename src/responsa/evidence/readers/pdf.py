"""PDF, read in a process of its own: a file made to hang or to fill memory ends that process and nothing else."""

import re
import subprocess
import sys
from collections import Counter
from importlib.util import find_spec
from typing import Any, Final

import msgspec

from responsa.article import Source
from responsa.errors import MissingExtraError
from responsa.evidence.passages import Paragraph
from responsa.evidence.readers.found import Found, SourceError, is_retracted, year_of

SECONDS: Final = 120
_FEWEST: Final = 20
"""Characters a page: with fewer on average the pages are pictures."""
_EDGES: Final = 3
"""Pages from which a line that opens or closes half of them is a running head."""
_DOI: Final = re.compile(r"\b10\.\d{4,9}/[^\s\"<>]+[^\s\"<>.,;)]")
_HYPHEN: Final = re.compile(r"(?<=[a-z])-\n(?=[a-z])")
_BREAK: Final = re.compile(r"(?<=[.!?:])[ \t]*\n(?=[A-Z0-9•–-])|\n[ \t]*\n")


def read_pdf(data: bytes) -> list[Found]:
    """One source with pages. Raises ``SourceError``, or ``MissingExtraError`` where pypdf is not installed."""
    if find_spec("pypdf") is None:
        raise MissingExtraError("the reader of PDF files (pypdf)", "sources")
    answer = _asked(data)
    if "problem" in answer:
        raise SourceError(str(answer["problem"]))
    pages = [str(page) for page in answer["pages"]]
    if sum(len(page.strip()) for page in pages) < _FEWEST * max(1, len(pages)):
        raise SourceError("its pages hold pictures and no text (a scan?); run character recognition on it first")
    found = tuple(_paragraphs(_without_running_heads(pages)))
    title = str(answer.get("title", "")).strip()
    doi = _DOI.search(pages[0][:5000])
    meta = Source(
        "", title, str(answer.get("author", "")), year_of(str(answer.get("date", ""))), doi=doi.group() if doi else "",
        retracted=is_retracted(title) or pages[0].lstrip().startswith("RETRACTED"),
    )  # fmt: skip
    return [Found(meta, found)]


def _asked(data: bytes) -> dict[str, Any]:
    command = [sys.executable, "-m", "responsa.evidence.readers.pdf_pages"]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=SECONDS, check=False)  # noqa: S603
    except subprocess.TimeoutExpired:
        return {"problem": f"could not be read within {SECONDS} seconds; print it to a new PDF"}
    try:
        answer: dict[str, Any] = msgspec.json.decode(done.stdout, type=dict[str, Any])
    except ValueError:
        return {"problem": "a damaged PDF, or one that needs more memory than it may have; print it to a new PDF"}
    return answer


def _without_running_heads(pages: list[str]) -> list[str]:
    lines = [page.strip().split("\n") for page in pages]
    if len(pages) < _EDGES:
        return pages
    edges = Counter(_shape(edge) for page in lines for edge in {page[0], page[-1]})
    running = {shape for shape, count in edges.items() if count * 2 >= len(pages)}
    return ["\n".join(line for at, line in enumerate(page) if not _is_edge(at, page, line, running)) for page in lines]


def _is_edge(at: int, page: list[str], line: str, running: set[str]) -> bool:
    return at in {0, len(page) - 1} and _shape(line) in running


def _shape(line: str) -> str:
    return re.sub(r"\d+", "0", line.strip())


def _paragraphs(pages: list[str]) -> list[Paragraph]:
    found: list[Paragraph] = []
    for number, page in enumerate(pages, 1):
        text = _HYPHEN.sub("", page.replace("\r", "\n"))
        found += [Paragraph(part, "", number) for part in _BREAK.split(text) if part.strip()]
    return found
