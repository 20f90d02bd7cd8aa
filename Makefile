# `make` alone lists what there is. Needs Python 3.13 with pip, make and git; everything else goes into .venv,
# .venv-engine and .venv-audit, and what but one target needs into an environment of its own.

PYTHON ?= python3
PORT ?= 4566
IDENTITY_PORT ?= 4567
DEV_PORT ?= 8000
export PORT IDENTITY_PORT DEV_PORT

VENV := .venv/bin
ENGINE := .venv-engine/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run dev demo test test-unit mutants mutants-by-hand fuzz-files fuzz-atheris chaos iam verify replay check format lock package bench bench-evidence schema audit licences clean

help: ## list the targets
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/\1\t\2/' | expand -t 20

run: .venv/.made .venv-engine/.made ## run the whole service on this machine, seeded; Ctrl-C stops it, its state stays in .run/
	@$(VENV)/python -m tools.run

dev: .venv/.made .venv-engine/.made ## run the API from the tree on port 8000, restarted at each change: no packaging, no jobs
	@$(VENV)/python -m tools.dev

demo: .venv/.made ## tell the story of three shops against what `make run` runs
	@$(VENV)/python -m tools.demo

test: .venv/.made .venv-engine/.made package ## every test, the packaged service on the local engine among them
	$(VENV)/python -m pytest -q -m "not engine" -n 2 --dist loadfile
	$(VENV)/python -m pytest -q -m engine

test-unit: .venv/.made ## the tests of the rules alone, in seconds
	$(VENV)/python -m pytest tests/unit -q

mutants: .venv/.made ## let mutmut change quotas, deadlines, the lifecycle and access; nine in ten changes must be noticed (minutes)
	rm -rf mutants
	$(VENV)/mutmut run > /dev/null
	$(VENV)/mutmut results
	$(VENV)/mutmut export-cicd-stats
	$(VENV)/python -m tests.mutants.share

fuzz-api: .venv/.made ## ask the API thousands of requests drawn from its own OpenAPI document, sound and unsound (minutes)
	$(VENV)/python -m tests.api.fuzz 200

matrix: .venv/.made ## try every route, role, object and token, and say how many cells that makes
	$(VENV)/python -m tests.api.matrix

mutants-by-hand: .venv/.made ## plant the mistakes that would cost most, one by one; each must make a test fail
	$(VENV)/python -m tests.mutants

fuzz-files: .venv/.made ## look at damaged files, the same every time: make fuzz-files FILES=20000 SEED=1
	$(VENV)/python -m tests.fuzz $(if $(FILES),--files $(FILES)) $(if $(SEED),--seed $(SEED))

fuzz-atheris: .venv-fuzz/.made ## look at files that coverage guides to where nothing has been yet: make fuzz-atheris SECONDS=600
	.venv-fuzz/bin/python -m tests.fuzz.atheris_images -max_total_time=$(or $(SECONDS),600) -timeout=10 -rss_limit_mb=600

chaos: .venv/.made .venv-engine/.made package ## kill, disturb and race every command and job at every call to AWS, and count what broke (minutes)
	$(VENV)/python -m tests.chaos

iam: .venv/.made ## write docs/iam.md: what each function asks of AWS, and what its role allows
	$(VENV)/python -m tests.iam
verify: .venv/.made ## check from outside that a table is what the service alone would have left (STACK=… for a stack in an AWS account)
	@$(VENV)/python -m tools.verify $(if $(STACK),--stack $(STACK))

replay: .venv/.made ## put dead letters back where they came from: make replay QUEUE=due (STACK=… for a stack in an AWS account)
	@$(VENV)/python -m tools.replay $(QUEUE) $(if $(STACK),--stack $(STACK))

check: .venv/.made .venv-engine/.made package build/expanded.json ## the one gate: format, lint, types, import rules, template, audit, tests
	$(VENV)/ruff format --check .
	$(VENV)/ruff check .
	$(VENV)/mypy
	$(VENV)/lint-imports --no-logo
	$(VENV)/python -m policies check
	$(VENV)/cfn-lint build/template.yaml build/expanded.json
	$(MAKE) audit
	$(MAKE) test

audit: .venv/.made .venv-audit/.made build/expanded.json ## look the code, the template and the licences through for weaknesses
	$(VENV)/bandit --quiet --recursive --configfile pyproject.toml app.py chalicelib evidence policies
	.venv-audit/bin/checkov --config-file .checkov.yaml
	$(VENV)/python -m tools.licences check

format: .venv/.made ## put the code into its format, and mend what the linter can
	$(VENV)/ruff format .
	$(VENV)/ruff check --fix .

package: .venv/.made ## build/: the zips and the template that a deployment takes; does nothing where nothing changed
	@$(VENV)/python -m tools.package

bench: .venv/.made .venv-engine/.made .venv-peer/.made package ## measure every figure that the README quotes, and write bench/results.json: make bench ONLY="calls cold" (minutes)
	$(VENV)/python -m bench $(ONLY)

bench-evidence: .venv/.made .venv/.bench ## inspect samples and documents drawn afresh, and say what was right (minutes; SEED=… draws the same again)
	$(VENV)/python -m bench.evidence $(if $(SEED),--seed $(SEED))

schema: .venv/.made ## write the policy documents' JSON Schema, for editors
	$(VENV)/python -m policies schema

licences: .venv/.made ## write docs/licences.md: what ships, and under which licence
	$(VENV)/python -m tools.licences

lock: .venv/.made ## pin the requirements anew, with hashes, from requirements/*.in
	$(VENV)/python -m tools.lock

clean: ## remove what was built; environments and the state in .run/ stay
	rm -rf build mutants .chalice/deployments .chalice/package .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find chalicelib evidence policies tests tools -name __pycache__ -prune -exec rm -rf {} +

.venv/.made: requirements-dev.txt requirements-models.txt
	@echo "Making .venv: the service's libraries and the tools that check it (a minute or two, once) ..."
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info[:2] == (3, 13) else "Python 3.13 is needed; this is " + sys.version.split()[0] + ". Say which: make PYTHON=python3.13 ...")'
	@test -x .venv/bin/python || $(PYTHON) -m venv .venv
	@$(VENV)/python -m pip install --quiet --require-hashes -r requirements-dev.txt
	@$(VENV)/python -m pip install --quiet --require-hashes --no-deps -r requirements-models.txt
	@touch $@

.venv/.bench: requirements-bench.txt .venv/.made
	@echo "Fetching the fonts that the benchmarks draw with (85 MB, once) ..."
	@$(VENV)/python -m pip install --quiet --require-hashes --no-deps -r requirements-bench.txt
	@touch $@

build/expanded.json: .venv-engine/.made package
	@$(ENGINE)/python tools/sam_host.py build/template.yaml > $@

.venv-audit/.made: requirements-audit.txt
	@echo "Making .venv-audit: what looks the template through (a minute, once) ..."
	@test -x .venv-audit/bin/python || $(PYTHON) -m venv .venv-audit
	@.venv-audit/bin/python -m pip install --quiet --require-hashes -r requirements-audit.txt
	@touch $@

.venv-fuzz/.made: requirements-fuzz.txt
	@echo "Making .venv-fuzz: the service's libraries and atheris (a minute, once) ..."
	@test -x .venv-fuzz/bin/python || $(PYTHON) -m venv .venv-fuzz
	@.venv-fuzz/bin/python -m pip install --quiet --require-hashes -r requirements-fuzz.txt
	@touch $@

.venv-peer/.made: requirements-peer.txt
	@echo "Making .venv-peer: what the benchmarks compare with (half a minute, once) ..."
	@test -x .venv-peer/bin/python || $(PYTHON) -m venv .venv-peer
	@.venv-peer/bin/python -m pip install --quiet --require-hashes -r requirements-peer.txt
	@touch $@

.venv-engine/.made: requirements-engine.txt
	@echo "Making .venv-engine: the local engine (half a minute, once) ..."
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info[:2] == (3, 13) else "Python 3.13 is needed; this is " + sys.version.split()[0] + ". Say which: make PYTHON=python3.13 ...")'
	@test -x .venv-engine/bin/python || $(PYTHON) -m venv .venv-engine
	@$(ENGINE)/python -m pip install --quiet --require-hashes -r requirements-engine.txt
	@touch $@
