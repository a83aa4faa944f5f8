"""Validates what `responsa init --cms` writes against the schemas that the three systems publish through npm.

    python bench/exchange/cms_schemas.py examples/liver-cancer

Prints the version of each package and the number of errors. Needs npm and node, and the network for npm's registry.
"""

import json
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

import jsonschema
import yaml

from responsa.cli.init import init

CLOUDCANNON = ("@cloudcannon/configuration-types", "package/dist/cloudcannon-config.latest.schema.json")
SVELTIA = ("@sveltia/cms", "package/schema/sveltia-cms.json")
DECAP = ("decap-cms-core", "package/dist/esm/constants/configSchema.js")
# Decap's schema is a program; what it imports of the rest of the CMS are these names.
STUBS = {
    "../formats/formats": "const frontmatterFormats = ['yaml-frontmatter', 'toml-frontmatter', 'json-frontmatter'];"
    "const extensionFormatters = {md: 1, yml: 1, yaml: 1, json: 1, toml: 1};",
    "../lib/registry": "const getWidgets = () => [{name: 'none', schema: {}}];",
    "../lib/i18n": "const I18N_STRUCTURE = {A: 'multiple_folders'}; const I18N_FIELD = {A: 'translate'};",
}
RUN = """
import {{ validateConfig }} from './schema.mjs';
import {{ readFileSync }} from 'node:fs';
try {{ validateConfig(JSON.parse(readFileSync({config!r}, 'utf8'))); console.log(0); }}
catch (error) {{ console.log(error.errors ? error.errors.length : error.stack); }}
"""


def packed(name: str, folder: Path) -> Path:
    done = subprocess.run(["npm", "pack", name, "--json"], cwd=folder, check=True, capture_output=True, text=True)
    return Path(folder, json.loads(done.stdout)[0]["filename"])


def member(archive: Path, name: str) -> str:
    with tarfile.open(archive) as tar:
        return tar.extractfile(name).read().decode()


def version(archive: Path) -> str:
    return json.loads(member(archive, "package/package.json"))["version"]


def errors(schema: dict, config: dict) -> list[str]:
    checker = jsonschema.validators.validator_for(schema)(schema)
    return [f"{list(e.path)}: {e.message[:150]}" for e in checker.iter_errors(config)]


def decap_errors(archive: Path, config: dict, folder: Path) -> str:
    source = member(archive, DECAP[1])
    for name, stub in STUBS.items():
        source, count = re.subn(rf"import \{{[^}}]*\}} from '{re.escape(name)}';", lambda _: stub, source)  # noqa: B023
        assert count == 1, name
    for name in ("ajv-keywords/dist/keywords", "ajv-errors"):
        source = source.replace(f"from '{name}'", f"from './{name.replace('/', '-')}.mjs'")
    source = source.replace(
        "import AJV from 'ajv'", "import AJVModule from 'ajv'; const AJV = AJVModule.default || AJVModule"
    )
    needs = json.loads(member(archive, "package/package.json"))["dependencies"]
    wanted = [f"{name}@{needs[name]}" for name in ("ajv", "ajv-keywords", "ajv-errors")]
    subprocess.run(["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", *wanted], cwd=folder, check=True,
                   capture_output=True)  # fmt: skip
    keywords = "import { createRequire } from 'node:module'; const all = createRequire(import.meta.url)"
    names = "select, uniqueItemProperties, prohibited, instanceof: instance"
    (folder / "ajv-keywords-dist-keywords.mjs").write_text(
        f"{keywords}('ajv-keywords/dist/keywords'); const held = all.default || all;\n"
        f"const {{ {names} }} = held; export {{ select, uniqueItemProperties, prohibited, instance as instanceof }};"
    )
    (folder / "ajv-errors.mjs").write_text(f"{keywords}('ajv-errors'); export default all.default || all;")
    (folder / "schema.mjs").write_text(source)
    (folder / "config.json").write_text(json.dumps(config))
    (folder / "run.mjs").write_text(RUN.format(config=str(folder / "config.json")))
    return subprocess.run(["node", "run.mjs"], cwd=folder, check=True, capture_output=True, text=True).stdout.strip()


def main(library: Path) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        copy = folder / "library"
        shutil.copytree(library, copy)
        for system in ("cloudcannon", "decap"):
            init(copy, cms=system, force=False)
        cloudcannon = yaml.safe_load((copy / "cloudcannon.config.yml").read_text())
        decap = yaml.safe_load((copy / "admin/config.yml").read_text())
        for (package, path), config in ((CLOUDCANNON, cloudcannon), (SVELTIA, decap)):
            archive = packed(package, folder)
            found = errors(json.loads(member(archive, path)), config)
            print(f"{package} {version(archive)}: {len(found)} errors", *found[:5], sep="\n  ")
        archive = packed(DECAP[0], folder)
        print(f"{DECAP[0]} {version(archive)}: {decap_errors(archive, decap, folder)} errors")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
