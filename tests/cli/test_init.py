import tomllib

import pytest

from responsa.cli.init import init
from responsa.errors import UsageError
from responsa.library.settings import load

RECORD = "---\nquestion: Why?\nanswer: Because.\nsubject: {}\narticle_title: Why?\npost_on_text: on\n---\n"


@pytest.fixture
def folder(tmp_path):
    shelf = tmp_path / "content/learn/law"
    shelf.mkdir(parents=True)
    for number, subject in enumerate(["Law and order", "Law and order", "Law and Order"]):
        (shelf / f"{number}.md").write_text(RECORD.format(subject))
    return tmp_path


def test_the_settings_say_what_was_found(folder):
    init(folder)
    text = (folder / "responsa.toml").read_text()
    subjects = tomllib.loads(text)["subjects"]
    assert subjects == [{"title": "Law and order", "slug": "law-and-order", "spellings": ["Law and Order"]}]
    assert "# articles: 3" in text
    assert load(folder).layout.content == "content/learn"


def test_settings_that_are_there_are_kept(folder):
    (folder / "responsa.toml").write_text("# mine\n")
    with pytest.raises(UsageError, match="--force"):
        init(folder)
    assert (folder / "responsa.toml").read_text() == "# mine\n"
    init(folder, force=True)
    assert load(folder).subjects


def test_an_unknown_kind_is_a_usage_error(folder):
    with pytest.raises(UsageError, match="known are seed"):
        init(folder, kind="wordpress")


def test_a_name_with_quotes_is_written_as_toml(tmp_path):
    folder = tmp_path / 'a "b"\\c'
    folder.mkdir()
    init(folder, kind="markdown")
    assert load(folder).site.name == 'A "b"\\c'
