import os
import time

import pytest

from responsa.errors import ResponsaError
from responsa.evidence import stock
from responsa.evidence.stock import opened, stocked
from responsa.library.library import read


@pytest.fixture
def library(tmp_path):
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources/a.txt").write_text("Five-year survival was 37%.")
    return read(tmp_path)


def settled(library):
    """The stamps of what was written are trusted from now on."""
    time.sleep(0.05)
    return stocked(library)


@pytest.fixture
def quick(monkeypatch):
    monkeypatch.setattr(stock, "SETTLED", 1_000_000)
    time.sleep(0.01)


@pytest.mark.usefixtures("quick")
def test_a_shelf_that_did_not_change_is_not_read_again(library, monkeypatch):
    made = settled(library)
    monkeypatch.setattr(stock, "read_shelf", lambda *_: pytest.fail("read again"))
    assert stocked(library) == made


def test_a_file_written_just_now_is_not_trusted_by_its_stamp(library, monkeypatch):
    stocked(library)
    reads = []
    monkeypatch.setattr(stock, "read_shelf", lambda *more: reads.append(1) or READ(*more))
    stocked(library)
    assert reads == [1]


READ = stock.read_shelf


@pytest.mark.usefixtures("quick")
def test_a_touched_file_is_read_but_nothing_is_indexed_again(library, monkeypatch):
    made = settled(library)
    os.utime(library.folder / "sources/a.txt", (1, 1))
    monkeypatch.setattr(stock, "build", lambda *_: pytest.fail("indexed again"))
    assert stocked(library) == made


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("name", ["a.txt", "b.txt", "_retracted.json"])
def test_any_change_of_the_folder_is_seen_and_the_old_block_goes(library, name):
    (library.folder / "sources/c.md").write_text("---\ndoi: 10.1000/x\n---\nIt was withdrawn.")
    before = settled(library)
    text = '{"doi:10.1000/x": "said Crossref"}' if name.endswith("json") else "Survival was 47%."
    (library.folder / "sources" / name).write_text(text)
    time.sleep(0.01)
    after = stocked(library)
    assert after.fingerprint != before.fingerprint
    assert [file.name for file in (library.folder / ".responsa/sources").glob("*.block")] == [after.block]


@pytest.mark.usefixtures("quick")
def test_a_block_that_is_gone_or_damaged_is_made_again(library):
    made = settled(library)
    file = library.folder / ".responsa/sources" / made.block
    file.write_bytes(file.read_bytes()[:-3] + b"xyz")
    with pytest.raises(ResponsaError, match="run the command again"):
        opened(library, made.block)
    assert stocked(library) == made
    assert opened(library, made.block).search("survival")


def test_a_memory_that_is_no_utf8_is_made_again(library):
    made = stocked(library)
    (library.folder / ".responsa/sources" / stock._NAME).write_bytes(b'{"stamp":"\xff"}')
    assert stocked(library) == made


def test_a_library_without_sources_has_an_empty_shelf(tmp_path):
    library = read(tmp_path)
    assert opened(library, stocked(library).block).search("survival") == []
