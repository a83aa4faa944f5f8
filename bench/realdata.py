"""Where the benchmarks find the real library: RESPONSA_DATA (default ../shared/data), unpacked once to a cache."""

import os
import sys
import tarfile
from pathlib import Path

CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "responsa-data"


def real_library() -> Path:
    """The folder that holds ``content/learn``; ends the program with a plain word where there is no data."""
    archive = Path(os.environ.get("RESPONSA_DATA", "../shared/data")) / "quicktakes-learn.tar.xz"
    folder = CACHE / "quicktakes-learn"
    if folder.is_dir():
        return folder
    if not archive.is_file():
        sys.exit(f"skipped: {archive} is missing; set RESPONSA_DATA to the folder of the real data")
    half = folder.with_suffix(".part")
    with tarfile.open(archive) as packed:
        packed.extractall(half, filter="data")
    half.rename(folder)
    return folder
