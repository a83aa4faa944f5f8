import shutil
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright
from serving import serving

from library_folder import put

ARTICLES = {
    "what-is-bone-marrow": "**Bone marrow** is soft tissue inside bones.\n\nIt makes red blood cells and platelets.",
    "what-is-the-liver": "The liver makes bile and stores glycogen.\n\n- It is the largest gland.\n- It ends alcohol.",
    "how-do-kidneys-work": "Kidneys filter blood and make urine.",
}


@pytest.fixture(scope="session")
def library(tmp_path_factory):
    folder = tmp_path_factory.mktemp("served")
    for day, (name, answer) in enumerate(ARTICLES.items(), 1):
        question = name.replace("-", " ").capitalize() + "?"
        put(folder, name, day=day, question=question, answer=answer.replace("\n", "\\n"))
    put(
        folder, "what-does-moved-mean", question="What does moved mean?", day=9,
        more="aliases:\n  - /old/address\n  - /alt/ärger\n",
    )  # fmt: skip
    return folder


@pytest.fixture(scope="session")
def served(library):
    with serving(library) as running:
        yield running


@pytest.fixture(scope="session")
def browser():
    installed = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    with sync_playwright() as playwright:
        bundled = Path(playwright.chromium.executable_path)
        if installed is None and not bundled.is_file():
            pytest.skip("no Chromium: `make browser` installs one")
        chosen = playwright.chromium.launch(executable_path=installed or bundled, args=["--no-sandbox"])
        yield chosen
        chosen.close()
