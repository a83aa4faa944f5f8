"""The example library keeps the seed's conventions and gets right what the seed got wrong."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from responsa.records.emit import ORDER

ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / "examples" / "liver-cancer"
SEED = ROOT.parent / "shared" / "examples" / "seed-article.md"
FILES = sorted((EXAMPLE / "content" / "learn").rglob("*.md"))


def read(path: Path) -> dict[str, Any]:
    values: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8").split("---\n")[1])
    return values


ARTICLES = {path: read(path) for path in FILES}


def runs(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.replace("\\n", " ").casefold())
    return {tuple(words[start : start + 8]) for start in range(len(words) - 7)}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem[:40])
def test_a_record_keeps_the_conventions(path: Path) -> None:
    values = ARTICLES[path]
    assert list(values) == [key for key in ORDER if key in values]
    assert values["url"] == f"/learn/{path.parent.name}/questions/{path.stem}"
    assert values["file_name"] == path.name
    assert len(values["seo"]["page_description"]) <= 160
    assert "\n" not in values["answer"]
    assert path.read_text(encoding="utf-8").endswith("---\n\n&nbsp;")
    assert (values["score"], values["provenance"]) == (-1.0, "machine")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem[:40])
def test_related_links_are_alive_and_distinct(path: Path) -> None:
    known = {values["url"]: values["question"] for values in ARTICLES.values()}
    links = [value for key, value in ARTICLES[path].items() if key.startswith("related_article")]
    urls = [link["url"] for link in links]
    assert links
    assert len(urls) == len(set(urls))
    assert ARTICLES[path]["url"] not in urls
    assert all(known[link["url"]] == link["title"] for link in links)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem[:40])
def test_every_source_has_its_notes(path: Path) -> None:
    ids = [source["id"] for source in ARTICLES[path]["sources"]]
    assert len(ids) >= 2
    assert all((EXAMPLE / "sources" / f"{name}.md").is_file() for name in ids)


def test_no_question_or_id_is_used_twice() -> None:
    assert len({values["question"].casefold() for values in ARTICLES.values()}) == len(FILES)
    assert len({values["id"] for values in ARTICLES.values()}) == len(FILES)


def test_what_the_seed_got_wrong_is_right() -> None:
    answer = next(values["answer"] for values in ARTICLES.values() if values["id"] == 1001)
    assert "resection with curative intent is standard" in answer
    assert "locoregional treatment, not a systemic one" in answer
    assert "first-line treatment of unresectable HCC" in answer


@pytest.mark.skipif(not SEED.is_file(), reason="the seed article is not part of the project")
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem[:40])
def test_nothing_is_copied_from_the_seed(path: Path) -> None:
    assert not runs(ARTICLES[path]["answer"]) & runs(read(SEED)["answer"])
