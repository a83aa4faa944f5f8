from pathlib import PurePosixPath

import pytest

from library_folder import put
from responsa.errors import MissingExtraError
from responsa.index.extra import PARTS, required
from responsa.index.texts import ENCODED, Shard, Text, encoded, key, read_texts
from responsa.library.library import read


def test_files_that_cannot_be_read_are_left_out(tmp_path):
    put(tmp_path, "a", more="also_asked:\n  - Other wording?\n")
    paths = ["content/learn/medicine/a.md", "content/learn/medicine/none.md"]
    assert read_texts(Shard(read(tmp_path), paths)) == [
        Text(paths[0], "What is a?", "What is a?\nOther wording?", "The **answer** to a.")
    ]
    assert PurePosixPath(paths[0]).suffix == ".md"


def test_only_so_much_of_an_answer_is_encoded():
    assert encoded(Text("a.md", "Q?", "Q?", "word " * 9999)) == ("Q?\n" + "word " * 9999)[:ENCODED]


def test_a_key_is_of_text_and_encoder():
    assert len({key("one", "text"), key("two", "text"), key("one", "other"), key("one", "text")}) == 3


def test_every_missing_part_names_the_extra(monkeypatch):
    required()
    for part in PARTS:
        monkeypatch.setattr("responsa.index.extra.find_spec", lambda name, part=part: None if name == part else name)
        with pytest.raises(MissingExtraError, match=r"responsa\[search\]"):
            required()
