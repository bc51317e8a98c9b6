# Everything a newcomer needs. `make` alone lists it.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
INSTALLED := .venv/installed
EXTRAS := quality,airflow,diffusion,provenance,bench,docs,dev

.DEFAULT_GOAL := help
.PHONY: help setup models samples plates demo up docs test unit check format clean

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(INSTALLED) models ## Install everything into .venv; seconds when nothing changed

$(INSTALLED): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11, 5) <= sys.version_info < (3, 14))' \
		|| { echo "Python 3.11.5 to 3.13 is needed: make setup PYTHON=/path/to/python3.11"; exit 2; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt uv
	@# torch by pip and by itself: whoever resolves it among the rest may take a build for CUDA.
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt torch
	@# uv takes seconds; pip takes minutes, but also knows indexes that only pip is configured for.
	$(BIN)/uv pip install --quiet --system-certs --python $(BIN)/python --compile-bytecode \
		--constraint constraints.txt --build-constraint constraints.txt --editable '.[$(EXTRAS)]' \
		|| $(BIN)/python -m pip install --disable-pip-version-check \
		--constraint constraints.txt --editable '.[$(EXTRAS)]'
	@$(BIN)/python -m compileall -q transforms dags plugins demo
	@touch $@

models: $(INSTALLED)
	@$(BIN)/packshot models fetch u2netp yunet

samples: ## Render the sample photographs anew with Blender; takes about an hour
	test -x .venv-render/bin/python || $(PYTHON) -m venv .venv-render
	.venv-render/bin/python -m pip install --quiet --requirement samples/requirements.txt
	for step in shoot develop spoil truth sheet; do .venv-render/bin/python -m samples.render $$step || exit 1; done

plates: ## Render the backdrop plates anew with Blender; takes one to two hours
	test -x .venv-render/bin/python || $(PYTHON) -m venv .venv-render
	.venv-render/bin/python -m pip install --quiet --requirement samples/requirements.txt
	.venv-render/bin/python -m samples.render plates

demo: setup ## Run a night over the sample photographs on a local Airflow, and show what came of it
	@$(BIN)/python -m demo run

up: setup ## The same, and leave Airflow running until Ctrl-C: its address and login are printed
	@$(BIN)/python -m demo up

docs: $(INSTALLED) ## Build the documentation into build/docs; a broken link stops it
	@NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --strict
	@echo "Open build/docs/index.html; its search wants a server: $(BIN)/python -m http.server --directory build/docs"

test: setup ## All tests, file by file on up to four cores
	$(BIN)/python -m pytest --numprocesses auto --maxprocesses 4 --dist loadfile

unit: setup ## The quick tests alone, for while one works: a minute on two cores
	$(BIN)/python -m pytest --numprocesses auto --maxprocesses 4 --dist loadfile -m "not slow" tests/unit

check: $(INSTALLED) ## Style, types, layers and presets
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/packshot presets check

format: $(INSTALLED) ## Put the code into shape
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean: ## Remove what these commands made, weights included; never the sample photographs
	rm -rf .venv .venv-render .airflow out build dist *.egg-info \
		"$${PACKSHOT_MODELS:-$${XDG_CACHE_HOME:-$$HOME/.cache}/packshot}" \
		.pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
