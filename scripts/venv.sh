#!/bin/sh
# scripts/venv.sh [EXTRA] – .venv with perfxl installed, with the extra of pyproject.toml if one is named.
# Done already (same folder, same pyproject.toml) it returns at once; a .venv that no longer runs is made again.
set -eu
cd "$(dirname "$0")/.."

extra="${1:-}"
python=".venv/bin/python"
# The folder belongs to the stamp: console scripts hold their absolute path, so a moved checkout is installed again.
wanted="$(pwd) $(cksum <pyproject.toml)"

runs() { [ -x "$python" ] && "$python" -c "" 2>/dev/null; }

if runs && [ "$(cat ".venv/.perfxl-$extra" 2>/dev/null)" = "$wanted" ]; then
    exit 0
fi

suitable_python() {
    for candidate in "${PYTHON:-}" python3 python3.14 python3.13 python3.12 python3.11 python; do
        if [ -n "$candidate" ] && command -v "$candidate" >/dev/null 2>&1 &&
            "$candidate" -c "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))" 2>/dev/null; then
            echo "$candidate"
            return 0
        fi
    done
    return 1
}

if ! runs; then
    if ! found="$(suitable_python)"; then
        sh scripts/apt.sh python3 python3-venv || true
        found="$(suitable_python)" || {
            echo "Serve Python 3.11 o successivo, con il modulo venv (Debian e Ubuntu: pacchetto python3-venv)." >&2
            echo "Se è installato altrove: make demo PYTHON=percorso/di/python3" >&2
            exit 1
        }
    fi
    echo "Preparo l'ambiente locale in .venv ($("$found" --version))…"
    "$found" -m venv --clear .venv
    touch .venv/.perfxl-made
fi
"$python" -m pip --version >/dev/null 2>&1 || "$python" -m ensurepip >/dev/null

echo "Installo perfxl${extra:+ con gli strumenti «$extra»} (solo la prima volta)…"
"$python" -m pip install --quiet --disable-pip-version-check --editable ".${extra:+[$extra]}"
echo "$wanted" >".venv/.perfxl-"
echo "$wanted" >".venv/.perfxl-$extra"
