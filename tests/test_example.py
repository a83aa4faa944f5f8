"""The example library keeps the seed's conventions, leans on its sources and gets right what the seed got wrong."""

import re
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from responsa.cli import main
from responsa.evidence.claims import Claim, claims
from responsa.evidence.ledger import decode
from responsa.evidence.shelf import read_shelf
from responsa.evidence.verdict import CARRIED, Verdict
from responsa.library.library import read as read_library
from responsa.records.emit import ORDER

ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / "examples" / "liver-cancer"
SEED = ROOT.parent / "shared" / "examples" / "seed-article.md"
CONTENT = EXAMPLE / "content"
FILES = sorted((CONTENT / "learn").rglob("*.md"))
NOTES = sorted((EXAMPLE / "sources").glob("*.md"))
ASKED = {
    "How does the treatment of Metastatic Liver Cancer differ from primary liver cancers?",
    "What are the survival rates for different types of liver cancer?",
    "What role do imaging techniques play in the diagnosis of liver cancer?",
    "How does Cholangiocarcinoma differ from other types of liver cancer?",
    "How does the etiology of HCC differ from other liver cancers?",
    "What are the differential diagnoses for hepatomegaly?",
}
"""The seed's question and its five related ones."""
NOTE_KEYS = ("id", "title", "authors", "year", "venue", "doi", "url")
BY_YEAR = re.compile(r"(?P<name>.+) (?P<year>(?:19|20)\d\d)")


def read(path: Path) -> dict[str, Any]:
    values: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8").split("---\n")[1])
    return values


ARTICLES = {path: read(path) for path in FILES}
META = {path.stem: read(path) for path in NOTES}
each_article = pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem[:40])
each_note = pytest.mark.parametrize("path", NOTES, ids=lambda path: path.stem)


def ledger_of(path: Path) -> Path:
    return EXAMPLE / "evidence" / path.relative_to(CONTENT / "learn").with_suffix(".json")


def claims_of(path: Path) -> list[Claim]:
    return list(claims(ARTICLES[path]["answer"].replace("\\n", "\n")))


def related_of(path: Path) -> list[dict[str, Any]]:
    return [value for key, value in ARTICLES[path].items() if key.startswith("related_article")]


def runs(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.replace("\\n", " ").casefold())
    return {tuple(words[start : start + 8]) for start in range(len(words) - 7)}


def bytes_below(folder: Path, *parts: str) -> dict[str, bytes]:
    files = (file for part in parts for file in (folder / part).rglob("*") if file.is_file())
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in files}


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The example elsewhere, so that no test writes into the checkout."""
    return Path(shutil.copytree(EXAMPLE, tmp_path / "example", ignore=shutil.ignore_patterns(".responsa", "site")))


def test_there_are_twenty_articles_with_the_seed_and_its_related_among_them() -> None:
    questions = {values["question"] for values in ARTICLES.values()}
    assert len(FILES) == len(questions) == 20
    assert questions >= ASKED


@each_article
def test_a_record_keeps_the_conventions(path: Path) -> None:
    values = ARTICLES[path]
    text = path.read_text(encoding="utf-8")
    assert list(values) == [key for key in ORDER if key in values]
    assert values["url"] == f"/learn/{path.parent.name}/questions/{path.stem}"
    assert values["file_name"] == path.name
    assert values["title"] == values["article_title"] == values["question"] == values["seo"]["title"]
    assert "\nquestion: >-\n    " in text
    assert "\nanswer: >-\n    " in text
    assert "\n" not in values["answer"]
    assert text.endswith("---\n\n&nbsp;")
    assert not re.search(r"\n\n---", text)
    assert values["provenance"] == "machine"


@each_article
def test_a_description_fits_into_a_search_result(path: Path) -> None:
    assert 80 <= len(ARTICLES[path]["seo"]["page_description"]) <= 160


def test_descriptions_and_ids_are_used_once() -> None:
    assert len({values["seo"]["page_description"] for values in ARTICLES.values()}) == len(FILES)
    assert sorted(values["id"] for values in ARTICLES.values()) == list(range(1001, 1021))


@each_article
def test_five_related_links_are_alive_and_distinct(path: Path) -> None:
    known = {values["url"]: values for values in ARTICLES.values()}
    links = related_of(path)
    assert len(links) == len({link["url"] for link in links}) == 5
    assert ARTICLES[path]["url"] not in {link["url"] for link in links}
    for link in links:
        assert link == {key: known[link["url"]][key] for key in ("id", "title", "subject", "url")}


def test_every_article_is_reached_by_a_related_link() -> None:
    reached = {link["url"] for path in FILES for link in related_of(path)}
    assert reached == {values["url"] for values in ARTICLES.values()}


def test_check_finds_nothing_wrong(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(copy)]) == 0
    assert capsys.readouterr().out.strip() == "20 articles, nothing wrong"


def test_it_builds_with_a_page_for_every_article(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["build", str(copy), "--out", str(copy / "public")]) == 0
    assert "20 question pages" in capsys.readouterr().out


def test_verifying_anew_gives_the_same_ledger_and_scores_byte_for_byte(copy: Path) -> None:
    kept = bytes_below(EXAMPLE, "content", "evidence", "sources")
    shutil.rmtree(copy / "evidence")
    for file in (copy / "content").rglob("*.md"):
        file.write_bytes(re.sub(rb"^score: .*$", b"score: -1.0", file.read_bytes(), flags=re.MULTILINE))
    assert main(["verify", str(copy), "--write", "--queue", "0"]) == 0
    made = bytes_below(copy, "content", "evidence", "sources")
    changed = sorted(name for name in made.keys() | kept.keys() if made.get(name) != kept.get(name))
    assert changed == [], "remove evidence/ and run `responsa verify examples/liver-cancer --write`"


def test_every_ledger_belongs_to_an_article() -> None:
    assert sorted((EXAMPLE / "evidence").rglob("*.json")) == sorted(ledger_of(path) for path in FILES)


@each_article
def test_every_claim_has_a_verdict_with_a_passage(path: Path) -> None:
    report = decode(ledger_of(path).read_bytes())
    texts = {passage.id: passage.text for passage in read_shelf(EXAMPLE / "sources").passages()}
    assert [entry.claim.text for entry in report.checked] == [one.text for one in claims_of(path) if one.checkable]
    for entry in report.checked:
        assert entry.finding.verdict in {Verdict.QUOTED, Verdict.WORDING, Verdict.RELATED}, entry.claim.text
        assert entry.finding.quote in texts[entry.finding.passage], entry.claim.text
    assert report.score == ARTICLES[path]["score"]
    assert report.score is not None
    assert report.score >= 0.8


@each_article
def test_every_reference_carries_a_sentence_and_what_carries_one_is_a_reference(path: Path) -> None:
    carried = [entry for entry in decode(ledger_of(path).read_bytes()).checked if entry.finding.verdict in CARRIED]
    assert {entry.finding.passage.partition("#")[0] for entry in carried} == {
        source["id"] for source in ARTICLES[path]["sources"]
    }


@each_article
def test_a_citation_names_a_reference_of_the_article(path: Path) -> None:
    cited = {citation for claim in claims_of(path) for citation in claim.citations}
    assert cited
    for citation in cited:
        found = BY_YEAR.fullmatch(citation)
        assert found, citation
        assert any(
            str(source.get("year")) == found["year"] and found["name"] in f"{source['authors']} {source['title']}"
            for source in ARTICLES[path]["sources"]
        ), citation


@each_note
def test_a_note_is_well_formed(path: Path) -> None:
    meta = META[path.stem]
    body = path.read_text(encoding="utf-8").split("---\n", 2)[2].strip()
    *paragraphs, reference = body.split("\n\n")
    assert list(meta) == [key for key in NOTE_KEYS if key in meta]
    assert meta["id"] == path.stem
    assert all(meta.get(key) for key in ("title", "authors", "venue"))
    assert 1990 <= meta.get("year", 2026) <= 2026
    assert re.fullmatch(r"10\.\d{4,}/\S+", meta.get("doi", "10.1000/none"))
    assert paragraphs
    assert "[check]" not in body
    authors = meta["authors"] if meta["authors"].endswith(".") else f"{meta['authors']}."
    assert reference.startswith(f"Reference: {authors} {meta['title']}. {meta['venue']}")
    assert meta.get("doi", "") in reference


@each_note
def test_a_note_is_a_reference_of_some_article_in_the_same_words(path: Path) -> None:
    used = [source for values in ARTICLES.values() for source in values["sources"] if source["id"] == path.stem]
    assert used
    assert all(source == META[path.stem] for source in used)


def test_no_source_file_is_left_out() -> None:
    shelf = read_shelf(EXAMPLE / "sources")
    assert shelf.problems == ()
    assert [source.meta.id for source in shelf.sources] == sorted(META)


def test_the_library_holds_what_the_files_say() -> None:
    held = {str(article.path): article.answer for article in read_library(EXAMPLE).articles()}
    assert held == {
        path.relative_to(EXAMPLE).as_posix(): values["answer"].replace("\\n", "\n") for path, values in ARTICLES.items()
    }


def test_what_the_seed_got_wrong_is_right() -> None:
    answer = next(values["answer"] for values in ARTICLES.values() if values["id"] == 1001)
    assert "surgical resection with curative intent is the treatment of choice" in answer
    assert "a locoregional treatment, not systemic therapy" in answer
    assert "unresectable hepatocellular carcinoma (HCC) the combination of atezolizumab and bevacizumab" in answer
    assert "gives no evidence for metastases from other organs" in answer
    assert "Cure is possible in some patients with liver metastases" in answer


@each_article
def test_no_answer_speaks_to_one_person(path: Path) -> None:
    assert not re.search(r"\b(?:you|your|yours)\b", ARTICLES[path]["answer"], re.IGNORECASE)


@pytest.mark.skipif(not SEED.is_file(), reason="the seed article is not part of the project")
@each_article
def test_nothing_is_copied_from_the_seed(path: Path) -> None:
    assert not runs(ARTICLES[path]["answer"]) & runs(read(SEED)["answer"])
