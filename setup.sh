#!/bin/sh
# Installs geomap from this checkout into .venv: sh setup.sh, or sh setup.sh test to add what the tests need.
set -eu
cd "$(dirname "$0")"

for python in "${PYTHON:-python3}" python3.14 python3.13 python3.12 python3.11 none; do
    [ "$python" = none ] && { echo "setup.sh: needs Python 3.11 or newer; name one with PYTHON=..." >&2; exit 1; }
    "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && break
done

if ! "$python" -c 'import ensurepip' 2>/dev/null; then
    # Debian and Ubuntu keep venv in a package of its own.
    version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    echo "setup.sh: installing python$version-venv" >&2
    as_root=$([ "$(id -u)" = 0 ] || echo sudo)
    $as_root apt-get update -qq && $as_root apt-get install -y -qq "python$version-venv"
fi

[ -x .venv/bin/python ] || "$python" -m venv .venv
.venv/bin/python -m pip install --quiet --disable-pip-version-check --upgrade pip
echo "setup.sh: installing geomap and compiling its gazetteer, two or three minutes" >&2
.venv/bin/python -m pip install --quiet --disable-pip-version-check -e ".${1:+[$1]}"
