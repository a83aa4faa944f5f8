from functools import partial

import pytest

from exchange.intakes import take


@pytest.fixture
def import_from(tmp_path):
    """Imports a file or folder into ``tmp_path/library``."""
    return partial(take, tmp_path / "library", spool=tmp_path / "spool.sqlite")


@pytest.fixture
def library(tmp_path):
    return tmp_path / "library"
