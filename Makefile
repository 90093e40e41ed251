# make app    sets everything up, builds the demo library and opens the app on 127.0.0.1
# make test   sets up what the tests need, checks the style and runs them (make check is the same)
# make bench  one table of speeds and memory, against DuckDB's bare read, pymarc, SQLite and pandas
# make lock   resolves the versions anew

PYTHON ?= $(shell command -v python || command -v python3)
STORE ?= data/demo
PORT ?= 8501
BIN := .venv/bin
COMPILE := -q --universal --generate-hashes --no-header --no-annotate --python-version 3.11 pyproject.toml

app: $(STORE)/.built
	@echo "http://127.0.0.1:$(PORT)"
	$(BIN)/collection serve --store $(STORE) --address 127.0.0.1 --port $(PORT)

test check: .venv/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder

bench: .venv/.test
	$(BIN)/python -m tests.bench

screenshots: .venv/.test
	SCREENSHOTS=docs/screenshots $(BIN)/python -m pytest tests/test_browser.py

lock: .venv/.made
	$(BIN)/pip install --quiet uv
	$(BIN)/uv pip compile $(COMPILE) --extra test -o .ci/test.lock
	$(BIN)/uv pip compile $(COMPILE) -c .ci/test.lock -o .ci/app.lock

clean:
	rm -rf .venv data/demo

$(STORE)/.built: .venv/.app
	$(BIN)/collection demo --store $(STORE) --scale 0.05
	$(BIN)/collection flag --store $(STORE) --policy nishinomiya --as-of 2025-04-01
	$(BIN)/collection train --store $(STORE)
	@touch $@

.venv/.made:
	$(PYTHON) -m venv .venv
	@touch $@

.venv/.app .venv/.test: .venv/.%: .ci/%.lock pyproject.toml | .venv/.made
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r .ci/$*.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -e .
	@touch $@

.PHONY: app test check bench screenshots lock clean
