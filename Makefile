# InfraZen. `make run` starts it, `make test` tests it, `make help` lists the rest.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help run dev test check frontend bench screenshots look docs crd lock lock-check clean

help:  ## Show what can be made
	@awk -F':.*##' '/^[a-z-]+:.*##/ {printf "  make %-12s %s\n", $$1, $$2}' Makefile

run:  ## From a bare machine to the dashboard, with a simulated cloud account at hand
	@$(PYTHON) tools/run.py $(ARGS)

dev:  ## The same with hot reload of pages and server code
	@$(PYTHON) tools/dev.py

test:  ## Everything: format, types, layers, unit, PostgreSQL, API, pages, browser, Kubernetes
	@$(PYTHON) tools/checks.py --all

check:  ## The fast part of it: format, lint, types, layers, unit tests
	@$(PYTHON) tools/checks.py

frontend:  ## Build the pages where their sources have changed
	@$(PYTHON) tools/frontend.py

bench:  ## Measure against floors; prints a table and writes .data/bench.json
	@$(PYTHON) tools/checks.py --prepare
	@$(BIN)/python benchmarks/run.py $(ARGS)

screenshots:  ## Make the pictures in docs/images anew
	@$(PYTHON) tools/checks.py --prepare
	@$(BIN)/python tools/screenshots.py

look:  ## Take pictures of every page in every state, to be looked at (ARGS=--help)
	@$(PYTHON) tools/checks.py --prepare
	@$(BIN)/python tools/every_screen.py $(ARGS)

lock:  ## Bring requirements/*.txt up to date with pyproject.toml (ARGS=--upgrade: to the newest)
	@$(BIN)/python tools/lock.py $(ARGS)

lock-check:  ## Say whether requirements/*.txt are up to date
	@$(BIN)/python tools/lock.py --check

clean:  ## Remove everything that was installed or built; .data (database and keys) stays
	rm -rf .venv .tools .web .states .reflex .mypy_cache .pytest_cache .ruff_cache \
	  .import_linter_cache .hypothesis .coverage dist

docs:  ## Write docs/reference anew from commands, settings and exit codes
	@$(BIN)/python tools/reference.py

crd:  ## Write the chart's CustomResourceDefinition anew from the models
	@$(BIN)/python tools/crd.py
