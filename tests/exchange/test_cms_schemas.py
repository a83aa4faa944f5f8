"""The settings of each CMS against the schema that it publishes (tools/make_cms_schemas.py keeps them here)."""

import gzip
import json
import shutil
from pathlib import Path

import jsonschema
import pytest
import yaml

from exchange.test_cms import RECORDS
from responsa.cli.app import main

HERE = Path(__file__).parent
EXAMPLE = HERE.parents[1] / "examples/liver-cancer"
CONFIGS = {"cloudcannon": "cloudcannon.config.yml", "decap": "admin/config.yml", "sveltia": "admin/config.yml"}


def unique(_, names, items, __):
    """``uniqueItemProperties``: a word of Decap's schema that is none of JSON Schema's."""
    for name in names:
        held = [item[name] for item in items if isinstance(item, dict) and name in item]
        if len(set(held)) < len(held):
            yield jsonschema.ValidationError(f"several items have one `{name}`")


def errors(system, config):
    schema = json.loads(gzip.decompress((HERE / f"schemas/{system}.json.gz").read_bytes()))
    kind = jsonschema.validators.validator_for(schema, default=jsonschema.Draft7Validator)
    checker = jsonschema.validators.extend(kind, {"uniqueItemProperties": unique})(schema)
    return [f"{list(one.path)}: {one.message[:200]}" for one in checker.iter_errors(config)]


def settings(folder, system):
    assert main(["init", str(folder), "--cms", system]) == 0
    return yaml.safe_load((folder / CONFIGS[system]).read_text())


@pytest.fixture(params=["example", "odd"])
def library(request, tmp_path):
    """The example, and records with keys that nobody expects."""
    if request.param == "example":
        shutil.copytree(EXAMPLE, tmp_path / "l", ignore=shutil.ignore_patterns(".responsa", "site"))
    for number, text in enumerate(RECORDS if request.param == "odd" else ()):
        place = tmp_path / f"l/content/learn/s/{number}.md"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
    return tmp_path / "l"


@pytest.mark.parametrize("system", CONFIGS)
def test_settings_are_what_the_schema_of_the_system_allows(library, system):
    assert errors(system, settings(library, system)) == []


def test_a_setting_that_a_system_does_not_know_is_an_error(library):
    config = settings(library, "cloudcannon")
    config["collections_config"] = ["learn"]
    assert errors("cloudcannon", config)
    config = settings(library, "decap")
    for system in ("decap", "sveltia"):
        assert errors(system, config | {"backend": {"branch": "main"}})
    first = config["collections"][0]
    assert errors("decap", config | {"collections": [first | {"fields": [*first["fields"], first["fields"][0]]}]})
