import shutil
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright


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
