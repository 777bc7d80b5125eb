# One command for each thing; docs/development.md says more. `make` alone lists them.
#
#   GPU=1       with install: the full set with CUDA (GPU=0 goes back); later calls keep what was chosen
#   PYTHON=…    the interpreter to make environments with (3.11, 3.12 or 3.13)
#   JOBS=…      how many tests run side by side
#   LIBRARY=…   with run: the library to open (a folder); without it, one of sample articles is made and opened
#   ARGS=…      more words for pytest, the checks or the benchmarks

SHELL := /bin/bash
.DEFAULT_GOAL := help
.NOTPARALLEL:
.SUFFIXES:

# Which set an environment holds is remembered in it, so that `make test` does not undo `make install GPU=1`.
SET := $(if $(GPU),$(if $(filter 0,$(GPU)),cpu,gpu),$(shell cat .venv/.set 2>/dev/null || echo cpu))
LOCK := $(if $(filter gpu,$(SET)),requirements-gpu.lock,requirements.lock)
JOBS ?= $(shell n=$$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2); echo $$((n > 4 ? 4 : n)))

BIN := .venv/bin
PYTEST := $(BIN)/python -m pytest -n $(JOBS) --dist loadfile
PAPERS ?= ../shared/data/papers/jats-plos

.PHONY: help install install-slim run server lint check test slim-test checks fuzz bench format lock clean

help:  ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

install:  ## .venv with everything, skipped when it is up to date; GPU=1: with CUDA
	@scripts/install.sh .venv $(LOCK)
	@echo $(SET) > .venv/.set

install-slim:  ## .venv-slim: without torch, sentence-transformers and the test tools
	@scripts/install.sh .venv-slim requirements-slim.lock

run: install  ## the web app, with sample articles at first; LIBRARY=folder opens another library
	@exec $(BIN)/hypograph ui $(if $(LIBRARY),--library "$(LIBRARY)",--library sample-library --sample) $(ARGS)

server: install  ## a Neo4j server on this machine, from Maven's artifacts, until Ctrl-C; needs a JDK and Maven
	@exec $(BIN)/python -m tests.server.neo4j_server $(ARGS)

lint: install  ## style and types
	$(BIN)/ruff check .; style=$$?; $(BIN)/mypy && exit $$style

# The tests run also where style or types fall short, so that one run tells all.
define lint_and
	@$(MAKE) --no-print-directory lint; lint=$$?; \
	[ $$lint = 0 ] || echo "== style or types fall short: see above"; \
	echo "$(1)"; $(1) && exit $$lint
endef

check: install  ## style, types and the fast tests: before every commit
	$(call lint_and,$(PYTEST) -m 'not slow' $(ARGS))

test: install install-slim  ## everything: style, types, every test, the slim set too
	$(call lint_and,$(PYTEST) $(ARGS))

slim-test: install install-slim  ## only the tests of the set without torch
	$(BIN)/python -m pytest tests/slim $(ARGS)

checks: install  ## checks from outside with their floors (needs the shared folder beside the checkout)
	$(BIN)/python .ci/checks.py $(ARGS)

fuzz: install  ## the property tests again, with many more examples
	HYPOTHESIS_PROFILE=fuzz $(PYTEST) -m hypothesis --timeout 3600 $(ARGS)

bench: install  ## how fast it reads, starts and searches; PAPERS=folder
	$(BIN)/python benchmarks/speed.py $(PAPERS) $(ARGS)

format: install  ## bring the code into form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

COMPILE = $(BIN)/uv pip compile --quiet pyproject.toml --universal --python-version 3.11 --generate-hashes --no-header --no-annotate

lock: install  ## resolve the versions anew; ARGS="--upgrade" takes newer ones
	$(COMPILE) --group dev --override overrides/cpu.txt --excludes overrides/cpu-without.txt -o requirements.lock $(ARGS)
	$(COMPILE) --group dev -o requirements-gpu.lock $(ARGS)
	$(COMPILE) --excludes overrides/slim-without.txt -o requirements-slim.lock $(ARGS)

clean:  ## remove the environments and all caches
	rm -rf .venv .venv-slim .mypy_cache .ruff_cache .pytest_cache .hypothesis dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
