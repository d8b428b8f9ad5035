# Everything a newcomer runs. Needs Python 3.11 or 3.12 and make; `make` alone lists the targets.

.DEFAULT_GOAL := help
.PHONY: help demo console test check docs format clean

BIN := .venv/bin
UV_VERSION := 0.13.9
# What is synced beside the base. Continuous integration adds the peer to measure against and the engine of a cluster.
EXTRAS ?= synthetic postgres
export UV_PYTHON_DOWNLOADS := never
# Some machines forbid Python to keep what it compiled; every command would then compile its libraries again.
unexport PYTHONDONTWRITEBYTECODE

# The synthetic people come from a package that runs on Python 3.11 and 3.12 only, so one of these is looked for: the
# one named by PYTHON, then those on the path, then those of pyenv. A shim that exists but does not run is passed over.
define find_python
for python in $(PYTHON) python3.11 python3.12 python3 python "$${PYENV_ROOT:-$$HOME/.pyenv}"/versions/3.1[12].*/bin/python; do \
  python=$$("$$python" -c 'import sys; (3, 11) <= sys.version_info < (3, 13) or sys.exit(1); print(sys.executable)' \
    2>/dev/null) && break; \
done; \
[ -n "$$python" ] || { echo 'Comity needs Python 3.11 or 3.12. Name one: make PYTHON=/path/to/python3.11' >&2; exit 1; }
endef

# The uv on the path if there is one that runs, else one of our own beside the environment it sets up.
define find_uv
uv=uv; uv --version >/dev/null 2>&1 || { \
  uv=.uv/bin/uv; \
  [ -x $$uv ] || { \
    echo 'Fetching uv $(UV_VERSION)'; \
    "$$python" -m venv .uv && .uv/bin/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION); \
  } || exit 1; \
}
endef

help: ## List the targets
	@echo 'make TARGET, where TARGET is one of'
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  \1\t\2/p' Makefile | expand -t 10

demo: .venv/ready ## Show the whole story on synthetic people, from a submission to sealed replies and a report
	@$(BIN)/comity demo $(ARGS)

console: .venv/ready ## Open the console on a made-up office at work, which is made first if it is not there
	@[ -e demo/at-work/home/comity.toml ] || $(BIN)/comity rehearsal office demo/at-work
	@$(BIN)/comity console demo/at-work/home $(ARGS)

test: .venv/ready ## Run every test
	@$(BIN)/pytest -n 2 --dist loadfile $(ARGS)

check: .venv/ready ## Check form, types, layers, sizes, spelling, and that the printed docs are current
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/codespell
	@$(BIN)/python -m docs.sizes
	@$(BIN)/pytest tests/structure

docs: .venv/ready ## Print the reference pages from the code
	@$(BIN)/python -m docs.print

format: .venv/ready ## Bring the code to its form
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

clean: ## Remove what make has set up
	@rm -rf .venv .uv demo demo-[0-9]*

.venv/ready: uv.lock pyproject.toml
	@$(find_python); $(find_uv); \
	echo 'Setting up .venv'; \
	"$$uv" sync --quiet --locked $(EXTRAS:%=--extra %) --python "$$python"
	@touch $@
