import os
import tarfile
from pathlib import Path

import pytest

ARCHIVE = "quicktakes-learn.tar.xz"


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
