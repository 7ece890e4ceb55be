# Works on a fresh machine with Python 3.11 and make. `make help` lists the targets.
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin
DEV := $(PYTHON) -m tools.install requirements-dev.txt
.DEFAULT_GOAL := help
.PHONY: help install run later test check lint bench lock dev-db stop clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-9s %s\n", $$1, $$2}'

install: ## the virtual environment with everything that development needs
	@$(DEV)

run: ## the demo salon: sets up what is missing, serves, stops everything on Ctrl-C
	@$(PYTHON) -m tools.install requirements.txt
	@exec $(BIN)/python -m tools.run

later: ## while it runs: the demo's clock goes on by DAYS=31, with all that they bring
	@$(BIN)/python manage.py later --days $(or $(DAYS),1)

# Some machines keep no bytecode: each worker, and each program that a test starts, would compile.
test: export PYTHONDONTWRITEBYTECODE :=
test: install ## all tests, the browser's too; ARGS="-k word" narrows them
	@$(BIN)/python -m tools.chromium
	@$(BIN)/python -m tools.judges
	@$(BIN)/python -m pytest -n 2 $(ARGS)

lint: install ## every check that needs no test run
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/bandit --quiet --recursive --configfile pyproject.toml .
	@# Without a database it only warns that it cannot compare with one.
	DATABASE_POOL_SIZE=0 $(BIN)/python -W ignore manage.py makemigrations --check --dry-run
	DEMO=0 PUBLIC_URL=https://salon.example $(BIN)/python manage.py check --deploy --fail-level WARNING

check: lint test ## what has to pass before a change lands

bench: install ## posting and pages against their yardsticks; the table is benchmarks/RESULTS.md
	@$(BIN)/python -m benchmarks.run

dev-db: install ## start the project's own PostgreSQL and print its addresses
	@$(BIN)/python -m tools.postgres start

stop: install ## stop that PostgreSQL
	@$(BIN)/python -m tools.postgres stop

lock: install ## resolve the requirements again, with hashes
	@$(BIN)/python -m tools.lock

clean: ## remove the virtual environment and everything under var/, the demo's data included
	@if [ -d .venv ]; then $(BIN)/python -m tools.postgres stop 2> /dev/null || true; fi
	@# The tests' server is in memory, behind a link.
	rm -rf var/test-memory/* .venv var .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
