"""PubMed through NCBI's E-utilities: https://www.ncbi.nlm.nih.gov/books/NBK25499/.

An answer names its document type and never defines entities: what does is refused, and nothing is loaded.
"""

from typing import Final
from urllib.parse import urlencode
from xml.parsers import expat

import msgspec

from responsa.evidence.passages import Paragraph
from responsa.evidence.readers.found import SourceError, is_retracted, year_of
from responsa.evidence.remote.client import Client
from responsa.evidence.remote.item import Item

ADDRESS: Final = "https://eutils.ncbi.nlm.nih.gov/entrez/eutils"
BATCH: Final = 100
DEEPEST: Final = 60
_DAMAGED: Final = "PubMed sent an answer that is no whole XML; run the command again later"


class PubMed:
    """``about`` is what NCBI wants to know of who asks: tool, email, api_key."""

    def __init__(self, client: Client, about: dict[str, str], address: str = ADDRESS) -> None:
        self.client, self.about, self.address = client, about, address.rstrip("/")

    def items(self, pmids: list[str]) -> dict[str, Item]:
        """What PubMed knows, by number; what it does not know is missing. Raises ``SourceError``."""
        found: dict[str, Item] = {}
        for start in range(0, len(pmids), BATCH):
            wanted = {"db": "pubmed", "retmode": "xml", "id": ",".join(pmids[start : start + BATCH])}
            data = self.client.get(self._url("efetch", wanted))
            found.update({item.pmid: item for item in read_articles(data)} if data else {})
        return found

    def number_of(self, doi: str) -> str:
        """The article with this DOI; empty where PubMed has none or several."""
        term = '"' + doi.replace('"', "") + '"[doi]'
        data = self.client.get(self._url("esearch", {"db": "pubmed", "retmode": "json", "term": term}))
        try:
            held = msgspec.json.decode(data or b"{}")
            ids = held["esearchresult"]["idlist"]
        except (ValueError, KeyError, TypeError, RecursionError):
            return ""
        return ids[0] if isinstance(ids, list) and len(ids) == 1 and str(ids[0]).isdigit() else ""

    def _url(self, service: str, wanted: dict[str, str]) -> str:
        return f"{self.address}/{service}.fcgi?{urlencode({**wanted, **self.about})}"


def read_articles(data: bytes) -> list[Item]:
    """The articles and book chapters of one answer of efetch. Raises ``SourceError``."""
    handler = _Articles()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _doctype
    parser.EntityDeclHandler = _refuse
    parser.StartElementHandler = handler.start
    parser.EndElementHandler = handler.end
    parser.CharacterDataHandler = handler.text
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise SourceError(_DAMAGED) from error
    if handler.error:
        raise SourceError(f"PubMed says: {' '.join(handler.error.split())[:200]}")
    return handler.found


def _doctype(_name: str, _system: str | None, _public: str | None, has_internal_subset: int) -> None:
    if has_internal_subset:
        _refuse()


def _refuse(*_: object) -> None:
    raise SourceError("PubMed's answer defines XML entities, which PubMed never does; it was refused")


class _Articles:
    """Gathers the text of each element by its path below the article."""

    def __init__(self) -> None:
        self.found: list[Item] = []
        self.error = ""
        self.path: list[str] = []
        self.attributes: list[dict[str, str]] = []
        self.texts: list[list[str]] = []
        self.fields: dict[str, list[str]] = {}
        self.authors: list[tuple[str, str]] = []
        self.abstract: list[Paragraph] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if len(self.path) >= DEEPEST:
            raise SourceError(_DAMAGED)
        if name in {"PubmedArticle", "PubmedBookArticle"}:
            self.fields, self.authors, self.abstract = {}, [], []
        elif name == "Author":
            for part in ("LastName", "Initials", "ForeName", "CollectiveName"):
                self.fields.pop(part, None)
        self.path.append(name)
        self.attributes.append(attributes)
        self.texts.append([])

    def text(self, data: str) -> None:
        if self.texts:
            self.texts[-1].append(data)

    def end(self, name: str) -> None:
        text = "".join(self.texts.pop())
        attributes = self.attributes.pop()
        self.path.pop()
        if name in _INLINE and self.texts:
            # Italics and indices inside a title or an abstract.
            self.texts[-1].append(text)
            return
        self.take(name, " ".join(text.split()), attributes)

    def take(self, name: str, text: str, attributes: dict[str, str]) -> None:
        parent = self.path[-1] if self.path else ""
        if name == "ERROR":
            self.error = text or "an error"
        elif name == "AbstractText" and parent == "Abstract":
            if text:
                self.abstract.append(Paragraph(text, (attributes.get("Label") or "Abstract").capitalize()))
        elif name == "Author" and not {"ReferenceList", "CommentsCorrections"} & set(self.path):
            self.author()
        elif name in {"PubmedArticle", "PubmedBookArticle"}:
            self.found.append(_item(self.fields, tuple(self.authors), tuple(self.abstract)))
        else:
            self.note(name, parent, text, attributes)

    def note(self, name: str, parent: str, text: str, attributes: dict[str, str]) -> None:
        kind = attributes.get("IdType") or attributes.get("EIdType") or attributes.get("RefType") or ""
        if "CommentsCorrections" in self.path and name != "CommentsCorrections":
            name = f"Notice{name}"
        elif "ReferenceList" in self.path:
            # The articles that this one cites have numbers and titles too.
            return
        for key in (f"{parent}/{name}", f"{name}:{kind}" if kind else name):
            self.fields.setdefault(key, []).append(text)

    def author(self) -> None:
        first = {key: values[0] for key, values in self.fields.items() if values}
        family = first.get("LastName") or first.get("CollectiveName", "")
        given = first.get("Initials") or first.get("ForeName", "") if first.get("LastName") else ""
        if family:
            self.authors.append((family, given))


_INLINE: Final = frozenset({"i", "b", "u", "sup", "sub", "em", "strong", "italic", "bold"})
_RETRACTED: Final = frozenset({"retracted publication", "retraction of publication", "retraction notice"})


def _item(fields: dict[str, list[str]], authors: tuple[tuple[str, str], ...], abstract: tuple[Paragraph, ...]) -> Item:
    def first(*keys: str) -> str:
        return next((values[0] for key in keys if (values := fields.get(key)) and values[0]), "")

    pmid = first("MedlineCitation/PMID", "BookDocument/PMID", "PMID")
    title = first("ArticleTitle", "BookTitle").strip("[]").removesuffix(".")
    withdrawn = bool(fields.get("CommentsCorrections:RetractionIn"))
    kinds = {kind.casefold() for kind in fields.get("PublicationType", [])}
    retracted = withdrawn or bool(kinds & _RETRACTED) or is_retracted(title)
    return Item(
        f"pmid-{pmid}", title, authors, year_of(first("PubDate/Year", "PubDate/MedlineDate", "ArticleDate/Year")),
        first("ISOAbbreviation", "Journal/Title", "PublisherName"), first("JournalIssue/Volume"), first("MedlinePgn"),
        first("ArticleId:doi", "ELocationID:doi").casefold(), pmid,
        f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/", first("CopyrightInformation"), retracted,
        first("NoticeRefSource") if withdrawn else "", abstract,
    )  # fmt: skip
