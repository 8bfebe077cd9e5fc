# `make demo` and `make test` set up what they need on a machine with Python 3.11+ and make.
SHELL := /bin/sh
VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do \
	command -v $$p >/dev/null && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& echo $$p && break; done)
UV := $(shell command -v uv 2>/dev/null)
MODEL := nlu/model/sankofa.npz
RUN := $(VENV)/.run
DEV := $(VENV)/.dev
RASA := .rasa
PYTHON310 = $(shell for p in python3.10 $${PYENV_ROOT:-$$HOME/.pyenv}/versions/3.10*/bin/python3.10; do \
	$$p -c 'import sys; sys.exit(sys.version_info[:2] != (3, 10))' >/dev/null 2>&1 && echo $$p && break; done)

.PHONY: demo test check bench bench-nlu rasa rasa-test train migrations locales locks test-browser test-peers clean help
help: ## these targets
	@grep -hE '^[a-z-]+:.*##' Makefile | sed 's/:.*## /\t/' | expand -t 16

demo: $(MODEL) ## everything on this machine, with three phones to type on
	@$(BIN)/python -m bot demo $(ARGS)

test: ## all tests that need nothing beyond pip
	@$(MAKE) --no-print-directory -j2 $(DEV) $(MODEL)
	@$(BIN)/python -m pytest -n auto -m 'not browser and not peers and not rasa' $(ARGS)

test-browser: $(DEV) $(MODEL) ## the pages in a real Chromium
	@SANKOFA_INSIST=browser $(BIN)/python -m pytest -n auto -m browser $(ARGS)

test-peers: $(DEV) $(MODEL) ## Telegram and Twilio behaviour against third-party peers from npm
	@sh tests/peers/install.sh
	@SANKOFA_INSIST=peers $(BIN)/python -m pytest -m peers $(ARGS)

check: $(DEV) $(MODEL) ## lint, types, import contract, file sizes, content and locales
	@$(BIN)/ruff check bot nlu tests
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache | tail -n 6
	@$(BIN)/python -m pytest tests/architecture -q
	@$(BIN)/python -m bot check

bench: $(DEV) $(MODEL) ## speed: the loop on both databases, batched against single, and reading
	@$(BIN)/python -m tests.bench $(ARGS)

rasa: $(RASA)/rasa.env ## Rasa 3.6 in an environment of its own: trained on the same phrases, served on loopback
	@$(BIN)/python -m nlu.baseline serve $(ARGS)

rasa-test: $(DEV) $(MODEL) $(RASA)/rasa.env ## the same readings through both engines
	@SANKOFA_INSIST=rasa $(BIN)/python -m pytest -m rasa $(ARGS)

bench-nlu: $(DEV) $(MODEL) $(RASA)/.run ## the embedded engine against Rasa: accuracy, speed, memory, training
	@$(BIN)/python -m tests.bench.nlu $(ARGS)

train: $(RUN) ## the model from nlu/data
	@$(BIN)/python -m bot train

locales: $(DEV) ## catalogues brought up to date with the code
	@$(BIN)/python -m bot check --update-locales

locks: ## the hashed locks from pyproject.toml (needs uv)
	@uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-emit-find-links \
		--python-version 3.11 --extra train pyproject.toml -o requirements.lock \
		--custom-compile-command "make locks"
	@uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-emit-find-links \
		--python-version 3.11 --extra dev -c requirements.lock pyproject.toml \
		-o requirements-dev.lock --custom-compile-command "make locks"
	@echo "rasa==3.6.21" | uv pip compile -q --universal --generate-hashes --no-emit-index-url \
		--no-emit-find-links --python-version 3.10 - -o requirements-rasa.lock \
		--custom-compile-command "make locks"

$(MODEL): $(RUN) $(shell find nlu -name '*.yml' -print -o -name '*.py' -print) content/taxonomy.yml
	@echo "training the model (one to two minutes, once)"
	@$(BIN)/python -m bot train

# Hashes decide what may be installed; the project itself comes last and brings nothing along.
$(RUN): requirements.lock pyproject.toml
	$(call install,requirements.lock)
	@touch $@

$(DEV): requirements-dev.lock $(RUN)
	$(call install,requirements-dev.lock)
	@touch $@

# Its own Python and packages: none of Rasa's pins fit ours (README).
$(RASA)/.run: requirements-rasa.lock
	@test -n "$(PYTHON310)" || { echo "Rasa needs Python 3.10, on PATH or from pyenv" >&2; exit 1; }
	@test -x $(RASA)/bin/python || { echo "making $(RASA)"; $(if $(UV),uv venv -q --python $(PYTHON310) $(RASA),$(PYTHON310) -m venv $(RASA)); }
	@echo "installing $< (2.5 GB)"
	@$(if $(UV),uv pip install -q --python $(RASA)/bin/python --require-hashes -r $<,$(RASA)/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r $<)
	@touch $@

$(RASA)/rasa.env: $(RASA)/.run $(RUN) nlu/config.yml nlu/domain.yml nlu/intents_only.py $(shell find nlu/data -name '*.yml')
	@$(BIN)/python -m nlu.baseline train

define install
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed" >&2; exit 1; }
	@test -x $(BIN)/python || { echo "making $(VENV)"; $(if $(UV),uv venv -q --python $(PYTHON) $(VENV),$(PYTHON) -m venv $(VENV)); }
	@echo "installing $(1)"
	@$(if $(UV),uv pip install -q --python $(BIN)/python --require-hashes -r $(1),$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r $(1))
	@$(if $(UV),uv pip install -q --python $(BIN)/python --no-deps --no-build-isolation -e .,$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .)
endef

clean: ## everything that was made here
	rm -rf $(VENV) $(RASA) var nlu/model .pytest_cache .mypy_cache .ruff_cache .peers build *.egg-info
