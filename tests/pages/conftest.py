from pathlib import Path

import pytest
from articles import written
from static_server import serving

from library_folder import made
from responsa.publish.views import Crumb, ListItem, QuestionView, Reference


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = written(tmp_path_factory.mktemp("library"))
    made(folder)
    return folder / "site"


@pytest.fixture(scope="session")
def served(site: Path):
    with serving(site) as address:
        yield address


@pytest.fixture
def question() -> QuestionView:
    return QuestionView(
        url="/learn/a/questions/b",
        title="T",
        heading="H",
        question="Q",
        body="<p>Body</p>",
        description="D",
        keywords="k, l",
        subject="Medicine",
        crumbs=(Crumb("Home", "/"),),
        author="A",
        posted="Posted on Dec 07, 2024",
        posted_iso="2024-12-07",
        reviewed_by="R",
        reviewed="Dec 08, 2024",
        reviewed_iso="2024-12-08",
        machine=True,
        references=(
            Reference(1, "r", "R", url="https://example.org/r", year="2001"),
            Reference(2, "s", "S", retracted=True),
        ),
        related=(ListItem("Other", "/learn/a/c"),),
    )
