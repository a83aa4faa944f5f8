import re

import pytest
import yaml

from responsa.cli.app import main
from responsa.exchange.cms import cloudcannon, decap
from responsa.exchange.cms.keys import complete, scan
from responsa.library.library import read

FIRST = (
    "---\n_schema: default\nquestion: Q?\nanswer: a\\nb\nsubject: S\nurl: /1\nseo: {title: t, own: {deep: 1}}\n---\n"
)
SECOND = """---
_schema: faq
question: R?
answer: b
subject: S
url: /2
odd key: yes
rank: 1.5
list: [a]
steps:
  - {text: x, at: 2024-01-02}
  - {picture: y}
---
"""
RECORDS = [FIRST, SECOND, "---\nquestion: [\n---\n"]


@pytest.fixture
def library(tmp_path):
    folder = tmp_path / "content/learn/s"
    folder.mkdir(parents=True)
    for number, text in enumerate(RECORDS):
        (folder / f"{number}.md").write_text(text)
    return tmp_path


def names(values, above=""):
    """Every dotted key of a value; items of lists below ``[*]``."""
    for name, value in values.items():
        yield f"{above}{name}"
        if isinstance(value, dict):
            yield from names(value, f"{above}{name}.")
        for item in value if isinstance(value, list) else ():
            if isinstance(item, dict):
                yield from names(item, f"{above}{name}[*].")


def keys_of(library):
    held = read(library)
    return {name for number in (0, 1) for name in names(held.record(held.paths()[number]).values)}


def field_names(fields, above=""):
    for field in fields:
        yield f"{above}{field['name']}"
        item = "[*]" if field["widget"] == "list" else ""
        yield from field_names(field.get("fields", ()), f"{above}{field['name']}{item}.")


def test_every_key_of_every_record_is_an_input_of_cloudcannon(library):
    assert main(["init", str(library), "--cms", "cloudcannon"]) == 0
    config = yaml.safe_load((library / "cloudcannon.config.yml").read_text())
    assert keys_of(library) <= config["_inputs"].keys()
    schemas = config["collections_config"]["articles"]["schemas"]
    assert schemas.keys() == {"default", "faq"}
    for name, schema in schemas.items():
        assert schema["remove_extra_inputs"] is False
        assert schema["remove_empty_inputs"] is False
        blank = (library / schema["path"]).read_text()
        assert f"_schema: {name}" in blank
        held = set(names(yaml.safe_load(blank.split("---")[1])))
        assert {key for key in keys_of(library) if "[*]" not in key} <= held


@pytest.mark.parametrize("system", ["decap", "sveltia"])
def test_every_key_of_every_record_is_a_field(library, system):
    assert main(["init", str(library), "--cms", system]) == 0
    config = yaml.safe_load((library / "admin/config.yml").read_text())
    (collection,) = config["collections"]
    assert collection["folder"] == "content/learn/s"
    assert keys_of(library) | {"body"} <= set(field_names(collection["fields"]))


def test_each_folder_of_articles_is_a_collection_with_all_fields(library):
    other = library / "content/learn/t"
    other.mkdir()
    (other / "x.md").write_text(RECORDS[0])
    made = decap.files(scan(read(library)), read(library))
    first, second = yaml.safe_load(made[0].data)["collections"]
    assert (first["folder"], second["folder"]) == ("content/learn/s", "content/learn/t")
    assert first["fields"] == second["fields"]


def test_keys_that_responsa_writes_later_are_named_as_well(library):
    found = complete(scan(read(library)), read(library))
    config = yaml.safe_load(cloudcannon.files(found, read(library))[0].data)
    assert {"sources[*].doi", "reviewed.of", "related_article5.url", "also_asked"} <= config["_inputs"].keys()


def test_an_answer_with_written_line_breaks_is_no_rich_text(library):
    config = yaml.safe_load(cloudcannon.files(scan(read(library)), read(library))[0].data)
    assert config["_inputs"]["answer"]["type"] == "textarea"


def test_kinds_are_those_that_hold_every_value(library):
    keys = scan(read(library)).keys
    assert {name: keys[name].kind for name in ("rank", "list", "steps", "seo", "odd key")} == {
        "rank": "number", "list": "list", "steps": "maps", "seo": "map", "odd key": "text",
    }  # fmt: skip
    assert keys["steps"].items["at"].kind == "date"


def test_files_that_are_there_are_kept_unless_told(library, capsys):
    mine = library / "admin/config.yml"
    mine.parent.mkdir()
    mine.write_text("# mine\n")
    assert main(["init", str(library), "--cms", "decap"]) == 2
    assert "--force replaces it" in capsys.readouterr().err
    assert mine.read_text() == "# mine\n"
    assert main(["init", str(library), "--cms", "decap", "--force"]) == 0
    assert "collections:" in mine.read_text()


def test_settings_of_responsa_are_kept_when_those_of_a_cms_are_wanted(library, capsys):
    (library / "responsa.toml").write_text('[site]\nname = "Mine"\n')
    assert main(["init", str(library), "--cms", "cloudcannon"]) == 0
    assert (library / "responsa.toml").read_text() == '[site]\nname = "Mine"\n'
    out = capsys.readouterr().out
    assert re.search(r"\d+ keys of 2 records are named", out)
    assert "1 files could not be read" in out


def test_an_unknown_system_is_named(library, capsys):
    assert main(["init", str(library), "--cms", "wordpress"]) == 2
    assert "known are cloudcannon, decap, sveltia" in capsys.readouterr().err
