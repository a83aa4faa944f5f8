# Needs only Python 3.11+ (with venv), git and make. Everything else is installed into this folder.
UV := .tools/bin/uv
RUN := $(UV) run --quiet

.PHONY: demo test lint setup browser
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

setup: $(UV)

browser: setup
	@bash tools/browser.sh

$(UV):
	python3 -m venv .tools
	.tools/bin/python -m pip install --quiet uv
