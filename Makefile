# Every command of the project; `make` alone lists them.

.DEFAULT_GOAL := help
.PHONY: help setup demo test test-services check format development lock bench

PORT ?= 8000
export PORT

# On more cores: make test WORKERS=8. One test: make test ARGS="tests/accounts -k login".
# Without ARGS the plays run apart, each file with a browser of its own.
WORKERS ?= 2
ARGS ?=
# A smaller country: make bench BENCH="--units 600 --provinces 6 --readers 8".
BENCH ?=

PYTHON := .venv/bin/python
# Suites and checks bring their own settings: what the caller exported must not change a result.
CLEAN := env -u ALLOWED_HOSTS -u API_REQUESTS_PER_MINUTE -u APPEAL_WORKING_DAYS -u CLAMAV_ADDRESS -u CORRECTION_WORKING_DAYS \
	-u SECOND_REVIEW_PERCENT -u BEHIND_PROXY -u DATABASE_URL -u DEBUG -u DEFAULT_FROM_EMAIL \
	-u DJANGO_SETTINGS_MODULE -u EMAIL_URL -u LOG_LEVEL -u MEDIA_ROOT -u REDIS_URL \
	-u SECRET_KEY -u SITE_URL -u STATIC_ROOT -u VAR_DIR
PYTEST := $(PYTHON) -m pytest -n $(WORKERS) --dist loadfile $(ARGS)
# An environment as strict as production's; nothing is connected to.
PRODUCTION := $(CLEAN) SECRET_KEY="$$($(PYTHON) -c 'import secrets; print(secrets.token_hex(40))')" \
	SITE_URL=https://portal.example ALLOWED_HOSTS=portal.example BEHIND_PROXY=1 \
	DATABASE_URL=postgres://portal:portal@127.0.0.1/portal REDIS_URL=redis://127.0.0.1/0

help:
	@echo "make setup          install everything the portal needs into .venv"
	@echo "make demo           run the portal with the demo data on http://127.0.0.1:$(PORT)"
	@echo "make test           run the whole test suite on SQLite"
	@echo "make test-services  run the same suite on a private PostgreSQL and Redis"
	@echo "make check          lint, types, import contracts, templates, migrations, deployment"
	@echo "make format         format Python and templates"
	@echo "make bench          measure pages and PDF, also at the scale of the country"
	@echo "make lock           compile requirements/ anew from pyproject.toml"

setup:
	@bin/system-packages setup
	@bin/environment production

development: setup
	@bin/environment development

demo:
	@bin/demo

test: development
	@bin/system-packages tests
	$(CLEAN) $(PYTEST) $(if $(ARGS),,-m "not play")
	$(if $(ARGS),,$(CLEAN) bin/plays)

test-services: development
	@bin/system-packages tests
	@bin/system-packages services
	$(CLEAN) bin/with-services $(if $(ARGS),$(PYTEST),sh -c '$(PYTEST) -m "not play" && bin/plays')

check: development
	$(PYTHON) -m ruff check . bin/prepare bin/serve
	$(PYTHON) -m ruff format --check . bin/prepare bin/serve
	$(CLEAN) $(PYTHON) -m mypy
	$(CLEAN) $(PYTHON) -m mypy --scripts-are-modules bin/prepare bin/serve
	.venv/bin/lint-imports
	$(PYTHON) -m djlint --profile django --check --lint templates
	$(CLEAN) DJANGO_SETTINGS_MODULE=config.settings_test $(PYTHON) manage.py makemigrations --check --dry-run
	$(PRODUCTION) $(PYTHON) manage.py check --deploy --fail-level WARNING

format: development
	$(PYTHON) -m ruff check --fix . bin/prepare bin/serve
	$(PYTHON) -m ruff format . bin/prepare bin/serve
	$(PYTHON) -m djlint --profile django --reformat --quiet templates

bench: development
	@bin/system-packages services
	$(CLEAN) $(PYTHON) -m tests.bench.sample
	$(CLEAN) $(PYTHON) -m tests.bench $(BENCH)
	$(CLEAN) bin/with-services $(PYTHON) -m tests.bench $(BENCH)
	$(CLEAN) $(PYTHON) -m tests.bench.calibration

lock: development
	.venv/bin/uv pip compile --universal --generate-hashes --upgrade --quiet pyproject.toml \
		--output-file requirements/production.txt
	.venv/bin/uv pip compile --universal --generate-hashes --upgrade --quiet pyproject.toml \
		--extra api --constraint requirements/production.txt \
		--output-file requirements/api.txt
	.venv/bin/uv pip compile --universal --generate-hashes --upgrade --quiet pyproject.toml \
		--extra api --group development --constraint requirements/api.txt \
		--output-file requirements/development.txt
