"""A server that speaks as NCBI's E-utilities and Crossref's REST interface do, with what a test puts into it."""

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

DOCTYPE = (
    '<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January 2025//EN" '
    '"https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd">'
)


def article(pmid, title="A trial", *, doi="10.1000/abc", kinds=("Journal Article",), retracted_in=""):
    """As efetch writes one, with what it cites: numbers that are not its own."""
    sections = {"BACKGROUND": "Iron was given.", "RESULTS": "Survival was 37%."}
    types = "".join(f'<PublicationType UI="D016428">{kind}</PublicationType>' for kind in kinds)
    texts = "".join(f'<AbstractText Label="{k}" NlmCategory="{k}">{v}</AbstractText>' for k, v in sections.items())
    notice = (
        '<CommentsCorrectionsList><CommentsCorrections RefType="RetractionIn"><RefSource>Ann Surg. 2001;9:1</RefSource>'
        f'<PMID Version="1">{retracted_in}</PMID></CommentsCorrections></CommentsCorrectionsList>'
        if retracted_in
        else ""
    )
    return f"""<PubmedArticle><MedlineCitation Status="MEDLINE" Owner="NLM"><PMID Version="1">{pmid}</PMID>
<DateCompleted><Year>2009</Year></DateCompleted>
<Article PubModel="Print"><Journal><ISSN IssnType="Print">0003-4932</ISSN><JournalIssue CitedMedium="Print">
<Volume>230</Volume><Issue>3</Issue><PubDate><Year>1999</Year><Month>Sep</Month></PubDate></JournalIssue>
<Title>Annals of surgery</Title><ISOAbbreviation>Ann Surg</ISOAbbreviation></Journal>
<ArticleTitle>{title}</ArticleTitle><Pagination><StartPage>309</StartPage><MedlinePgn>309-18</MedlinePgn></Pagination>
<ELocationID EIdType="doi" ValidYN="Y">{escape(doi)}</ELocationID>
<Abstract>{texts}<CopyrightInformation>Copyright 1999 Lippincott.</CopyrightInformation></Abstract>
<AuthorList CompleteYN="Y"><Author ValidYN="Y"><LastName>Fong</LastName><ForeName>Yuman</ForeName><Initials>Y</Initials>
<AffiliationInfo><Affiliation>Department of Surgery</Affiliation></AffiliationInfo></Author>
<Author ValidYN="Y"><CollectiveName>The Iron Group</CollectiveName></Author></AuthorList>
<PublicationTypeList>{types}</PublicationTypeList>
</Article>{notice}</MedlineCitation><PubmedData><ArticleIdList><ArticleId IdType="pubmed">{pmid}</ArticleId>
<ArticleId IdType="doi">{escape(doi)}</ArticleId></ArticleIdList><ReferenceList><Reference><Citation>Other</Citation>
<ArticleIdList><ArticleId IdType="pubmed">99</ArticleId><ArticleId IdType="doi">10.9999/other</ArticleId>
</ArticleIdList></Reference></ReferenceList></PubmedData></PubmedArticle>"""


def articles(*parts, doctype=DOCTYPE):
    body = "".join(parts)
    return f'<?xml version="1.0" ?>\n{doctype}\n<PubmedArticleSet>{body}</PubmedArticleSet>'.encode()


def work(doi, **more):
    """The message that Crossref sends about one work."""
    return {
        "DOI": doi, "type": "journal-article", "title": ["A trial &amp; more"], "container-title": ["Ann Surg"],
        "author": [{"given": "Yuman J.", "family": "Fong", "sequence": "first"}, {"name": "The Iron Group"}],
        "issued": {"date-parts": [[1999, 9]]}, "volume": "230", "page": "309-318", "URL": f"https://doi.org/{doi}",
        "license": [{"URL": "https://creativecommons.org/licenses/by/4.0/", "content-version": "vor"}], **more,
    }  # fmt: skip


class Registry:
    """``faults``: answers to give first, as (status, body, headers); ``asked``: what was asked, in order."""

    def __init__(self):
        self.articles, self.works, self.notices = {}, {}, []
        self.faults, self.asked, self.raw = [], [], None

    def environment(self, port):
        return {
            "RESPONSA_PUBMED_URL": f"http://127.0.0.1:{port}/entrez/eutils",
            "RESPONSA_CROSSREF_URL": f"http://127.0.0.1:{port}",
        }

    def answer(self, path, query):
        if path.endswith("/efetch.fcgi"):
            if self.raw is not None:
                return 200, self.raw, {}
            return 200, articles(*(self.articles[n] for n in query["id"].split(",") if n in self.articles)), {}
        if path.endswith("/esearch.fcgi"):
            doi = query["term"].split('"')[1]
            found = [number for number, text in self.articles.items() if f">{doi}<" in text]
            return 200, json.dumps({"header": {}, "esearchresult": {"count": "1", "idlist": found}}).encode(), {}
        if path == "/works":
            items = [note for note in self.notices if query["filter"] == f"updates:{note['update-to'][0]['DOI']}"]
            return 200, json.dumps({"status": "ok", "message": {"items": items}}).encode(), {}
        doi = unquote(path.removeprefix("/works/"))
        if doi not in self.works:
            return 404, b"Resource not found.", {}
        return 200, json.dumps({"status": "ok", "message-type": "work", "message": self.works[doi]}).encode(), {}


@contextmanager
def served():
    """The registry and the environment that leads to it."""
    registry = Registry()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            parts = urlsplit(self.path)
            query = {key: values[0] for key, values in parse_qs(parts.query).items()}
            registry.asked.append((parts.path, query))
            status, body, headers = (
                registry.faults.pop(0) if registry.faults else registry.answer(parts.path, query)
            )  # fmt: skip
            if callable(body):
                body(self)
                return
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield registry, registry.environment(server.server_port)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
