import shutil
from pathlib import Path

import pytest
from articles import written
from playwright.sync_api import Browser, sync_playwright
from static_server import serving

from library_folder import made
from responsa.publish.views import Crumb, ListItem, QuestionView, Reference

NAMES = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = written(tmp_path_factory.mktemp("library"))
    made(folder)
    return folder / "site"


@pytest.fixture(scope="session")
def served(site: Path):
    with serving(site) as address:
        yield address


@pytest.fixture(scope="session")
def browser():
    installed = next(filter(None, map(shutil.which, NAMES)), None)
    with sync_playwright() as playwright:
        bundled = Path(playwright.chromium.executable_path)
        if installed is None and not bundled.is_file():
            pytest.skip("no Chromium: `make browser` installs one")
        chosen: Browser = playwright.chromium.launch(executable_path=installed or bundled, args=["--no-sandbox"])
        yield chosen
        chosen.close()


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
