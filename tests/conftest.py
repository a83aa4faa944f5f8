import os
import shutil
import tarfile
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

ARCHIVE = "quicktakes-learn.tar.xz"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="session")
def real_library() -> Path:
    """A folder that holds the real library's content/learn, unpacked once."""
    data = Path(os.environ.get("RESPONSA_DATA", Path(__file__).parents[1] / ".." / "shared" / "data"))
    cache = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "responsa-data"
    folder = cache / "quicktakes-learn"
    if not folder.is_dir():
        if not (data / ARCHIVE).exists():
            pytest.skip(f"no {ARCHIVE} in {data}: set RESPONSA_DATA")
        half = folder.with_suffix(".part")
        with tarfile.open(data / ARCHIVE) as archive:
            archive.extractall(half, filter="data")
        half.rename(folder)
    return folder


@pytest.fixture(scope="session")
def browser():
    """Chromium, one for all: while one runs, Playwright begins no other in this process."""
    installed = next(filter(None, map(shutil.which, BROWSERS)), None)
    with sync_playwright() as playwright:
        bundled = Path(playwright.chromium.executable_path)
        if installed is None and not bundled.is_file():
            pytest.skip("no Chromium: `make browser` installs one")
        chosen = playwright.chromium.launch(executable_path=installed or bundled, args=["--no-sandbox"])
        yield chosen
        chosen.close()
