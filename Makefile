# make report   set up and render the shipped crisis        make prove      long statistical and fault campaigns
# make test     set up and run the tests                    make bench      measurements
# make notebooks  open the notebooks in JupyterLab          make clean      remove what was set up here
# Needs Python 3.11 or newer with venv; everything else is installed into .venv.

SHELL := /bin/sh
BIN := .venv/bin
SETUP := pyproject.toml constraints.txt
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt
RUN := $(BIN)/python
# Where it is set, each of the many processes of a render or of the tests would compile the whole library again.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help report test prove bench notebooks clean
.DELETE_ON_ERROR:

help:
	@sed -n '1,4s/^# //p' Makefile

report: .venv/ready-to-run
	@$(RUN) -m needscast render --to html,pdf,xlsx,csv
	@echo "For a crisis of your own: . $(BIN)/activate, then needscast new my-crisis" >&2

test: .venv/ready-to-test
	@$(RUN) -m ruff check .
	@$(RUN) -m mypy >.venv/types 2>&1 & types=$$!; \
	$(RUN) -m pytest -n auto --maxprocesses 4 --dist worksteal; tests=$$?; \
	wait $$types; types=$$?; cat .venv/types; exit $$((tests | types))

prove: .venv/ready-to-test
	@$(RUN) -m pytest -m prove -n auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder

bench: .venv/ready-to-test
	@$(RUN) -m bench

notebooks: .venv/ready-to-author
	@$(RUN) -m jupyter lab notebooks

clean:
	rm -rf .venv build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis

.venv/ready-to-run: .venv/python-found $(SETUP)
	@echo "Installing needscast into .venv (once; two to four minutes with the first reports) ..."
	@$(PIP) -e '.[pdf,docx]'
	@touch $@

.venv/ready-to-test: .venv/python-found $(SETUP)
	@echo "Installing needscast and its test tools into .venv (once; a minute or two) ..."
	@$(PIP) -e '.[test]'
	@touch $@ .venv/ready-to-run

.venv/ready-to-author: .venv/python-found $(SETUP)
	@echo "Installing needscast and JupyterLab into .venv (once; a few minutes) ..."
	@$(PIP) -e '.[author,pdf,docx]'
	@touch $@ .venv/ready-to-run

# The first Python that is new enough and can make a virtual environment; a clear word when there is none.
.venv/python-found:
	@found=; old=; bare=; \
	for each in $${PYTHON:-python3.13 python3.12 python3.11 python3.14 python3 python}; do \
	  "$$each" -c '' >/dev/null 2>&1 || continue; \
	  if ! "$$each" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then old=$$each; continue; fi; \
	  if ! "$$each" -c 'import venv, ensurepip, ssl, sqlite3' 2>/dev/null; then bare=$$each; continue; fi; \
	  found=$$each; break; \
	done; \
	if [ -z "$$found" ]; then \
	  if [ -n "$$bare" ]; then \
	    version=$$("$$bare" -c 'import sys; print("%d.%d" % sys.version_info[:2])'); \
	    echo "Python $$version is here, but not the part of it that makes virtual environments." >&2; \
	    echo "Debian or Ubuntu: sudo apt install python$$version-venv" >&2; \
	  elif [ -n "$$old" ]; then \
	    echo "$$("$$old" --version 2>&1) is too old; needscast needs Python 3.11 or newer." >&2; \
	    echo "Debian 12, Ubuntu 24.04 or newer: sudo apt install python3 python3-venv. macOS: brew install python@3.13" >&2; \
	    echo "If a newer one is here under another name: make PYTHON=/path/to/python3 ..." >&2; \
	  else \
	    echo "There is no Python here; needscast needs 3.11 or newer." >&2; \
	    echo "Debian or Ubuntu: sudo apt install python3 python3-venv. Fedora: sudo dnf install python3. macOS: brew install python@3.13" >&2; \
	  fi; exit 1; \
	fi; \
	echo "Making .venv with $$("$$found" --version 2>&1) ..."; \
	"$$found" -m venv .venv && touch $@
