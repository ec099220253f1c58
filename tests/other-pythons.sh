#!/bin/sh
# A short test run (spec, kinds, rules, rendering, golden files) on each other Python that edgegen supports, where this machine has it.
set -eu
own=$("$1" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
status=0
for version in ${2:-3.11 3.12 3.13}; do
  [ "$version" = "$own" ] && continue
  # pyenv has a command for each version, which fails unless that version is chosen.
  python=$(PYENV_VERSION=$version "python$version" -c 'import sys; print(sys.executable)' 2>/dev/null) || {
    echo "Python $version: not on this machine"
    continue
  }
  environment=.venv-$version
  if [ ! -e "$environment/.ready" ] || [ pyproject.toml -nt "$environment/.ready" ]; then
    "$python" -m venv "$environment"
    "$environment/bin/python" -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
    touch "$environment/.ready"
  fi
  echo "Python $version:"
  "$environment/bin/python" -m pytest -q -m "not lab and not slow" -n auto --dist loadgroup \
    tests/core tests/compose tests/spec tests/kinds tests/rules tests/desired tests/render tests/golden tests/cli/test_render.py || status=$?
done
exit $status
