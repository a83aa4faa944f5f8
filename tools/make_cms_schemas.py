"""Writes the schemas of CMS settings that tests validate against, from the packages that the systems publish.

    python tools/make_cms_schemas.py

Fetches the newest packages with npm, and runs the one that is a program with node. What is written are the schemas as
JSON, packed, and ``README.md`` with versions and licences.
"""

# ruff: noqa: INP001, S603, S607  (a script, in no package; npm and node are those of whoever runs it)

import gzip
import json
import re
import subprocess
import tarfile
import tempfile
from pathlib import Path
from typing import Any, Final

TARGET: Final = Path(__file__).parents[1] / "tests/exchange/schemas"
PACKAGES: Final = {
    "cloudcannon": ("@cloudcannon/configuration-types", "dist/cloudcannon-config.latest.schema.json"),
    "sveltia": ("@sveltia/cms", "schema/sveltia-cms.json"),
    "decap": ("decap-cms-core", "dist/esm/constants/configSchema.js"),
}
"""The package of each system, and the file in it that holds the schema."""
STUBS: Final = {
    "ajv": "",
    "ajv-keywords/dist/keywords": "",
    "ajv-errors": "",
    "../formats/formats": "const frontmatterFormats = ['yaml-frontmatter', 'toml-frontmatter', 'json-frontmatter'];"
    "const extensionFormatters = {md: 1, yml: 1, yaml: 1, json: 1, toml: 1};",
    "../lib/registry": "const getWidgets = () => [{name: 'none', schema: {}}];",
    "../lib/i18n": "const I18N_STRUCTURE = {A: 'multiple_folders', B: 'multiple_files', C: 'single_file'};"
    "const I18N_FIELD = {A: 'translate', B: 'duplicate', C: 'none'};",
}
"""What stands for the rest of the CMS, of which Decap's schema needs these names alone."""


def main() -> None:
    """Fetch, read, write."""
    TARGET.mkdir(exist_ok=True)
    told = [
        "# Schemas of CMS settings",
        "",
        "Written by `tools/make_cms_schemas.py`. All are under the MIT licence.",
        "",
    ]
    for name, (package, path) in PACKAGES.items():
        with tempfile.TemporaryDirectory() as folder:
            archive = _packed(package, Path(folder))
            text = _member(archive, path)
            schema = _evaluated(text, Path(folder)) if path.endswith(".js") else json.loads(text)
            version = json.loads(_member(archive, "package.json"))["version"]
        data = json.dumps(schema, ensure_ascii=False, separators=(",", ":")).encode()
        (TARGET / f"{name}.json.gz").write_bytes(gzip.compress(data, 9, mtime=0))
        told.append(f"- `{name}.json.gz`: `{path}` of {package} {version}")
    (TARGET / "README.md").write_text("\n".join(told) + "\n", encoding="utf-8")


def _packed(package: str, folder: Path) -> Path:
    done = subprocess.run(["npm", "pack", package, "--json"], cwd=folder, check=True, capture_output=True, text=True)
    return folder / json.loads(done.stdout)[0]["filename"]


def _member(archive: Path, path: str) -> str:
    with tarfile.open(archive) as tar:
        found = tar.extractfile(f"package/{path}")
        assert found is not None
        return found.read().decode()


def _evaluated(source: str, folder: Path) -> dict[str, Any]:
    """Decap's schema is a function of a module: what it gives, as JSON."""
    for name, stub in STUBS.items():
        line = rf"import (?:\{{[^}}]*\}}|\w+) from '{re.escape(name)}';"
        source, count = re.subn(line, lambda _, stub=stub: stub, source)  # type: ignore[misc]
        assert count == 1, name
    (folder / "schema.mjs").write_text(f"{source}\nconsole.log(JSON.stringify(getConfigSchema()));\n")
    done = subprocess.run(["node", "schema.mjs"], cwd=folder, check=True, stdout=subprocess.PIPE, text=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


if __name__ == "__main__":
    main()
