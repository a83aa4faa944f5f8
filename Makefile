# Needs only Python 3.11+ (with venv), git and make. Everything else is installed into this folder.
UV := .tools/bin/uv
RUN := $(UV) run --quiet

.PHONY: demo test lint docs setup browser
demo: setup ## set up, build the bundled example and open it
	$(RUN) --no-dev responsa check examples/liver-cancer || true
	$(RUN) --no-dev responsa build examples/liver-cancer --out site --open

test: setup browser ## set up and run every test
	$(RUN) pytest

lint: setup ## style, types and layers
	$(RUN) ruff check
	$(RUN) ruff format --check
	$(RUN) mypy
	$(RUN) lint-imports

docs: setup ## the documentation as a site, in build/docs/site
	$(RUN) tools/docs_reference.py
	$(RUN) tools/docs_links.py
	$(RUN) tools/docs_site.py

setup: $(UV)

browser: setup
	@bash tools/browser.sh

$(UV):
	python3 -m venv .tools
	.tools/bin/python -m pip install --quiet uv
