#!/bin/sh
# scripts/backports.sh – make Debian 12's backports usable: its LibreOffice is 25.2, Debian 12's own is 7.4.
# The source is derived from the machine's own (same host, same key, another suite), so that no host is named here.
# Status 1 where this is no Debian 12, or there is no backports suite beside what the machine uses.
#   scripts/backports.sh --print FOLDER    only print what would be derived from FOLDER (as /etc/apt)
set -eu

suite="bookworm"

deb822() {
    awk -v suite="$suite" 'BEGIN { RS = ""; FS = "\n" } {
        out = ""; hit = 0; off = 0
        for (i = 1; i <= NF; i++) {
            line = $i
            if (line ~ /^#/) continue
            if (line ~ /^Enabled:[ \t]*no/) off = 1
            if (line ~ /^Suites:/) {
                n = split(line, word, /[ \t]+/)
                for (j = 2; j <= n; j++) if (word[j] == suite) hit = 1
                line = "Suites: " suite "-backports"
            }
            if (line ~ /^Components:/) line = "Components: main"
            out = out line "\n"
        }
        if (hit && !off) { printf "%s", out; exit }
    }' "$1"
}

one_line() {
    awk -v suite="$suite" '$1 == "deb" {
        line = ""
        for (i = 1; i <= NF; i++) {
            if ($i == suite) { print line suite "-backports main"; exit }
            line = line $i " "
        }
    }' "$1"
}

# Prints "sources" or "list" (the kind of file), then its content.
derived() {
    for file in "$1"/sources.list.d/*.sources; do
        [ -f "$file" ] || continue
        text="$(deb822 "$file")"
        [ -z "$text" ] || { printf 'sources\n%s\n' "$text"; return 0; }
    done
    for file in "$1"/sources.list "$1"/sources.list.d/*.list; do
        [ -f "$file" ] || continue
        text="$(one_line "$file")"
        [ -z "$text" ] || { printf 'list\n%s\n' "$text"; return 0; }
    done
    return 1
}

if [ "${1:-}" = "--print" ]; then
    derived "$2"
    exit
fi

command -v apt-get >/dev/null 2>&1 || exit 1
# shellcheck disable=SC1091  # the system's own description
[ "$(. /etc/os-release && echo "${ID:-} ${VERSION_CODENAME:-}")" = "debian $suite" ] || exit 1

offered() { apt-cache policy libreoffice-calc 2>/dev/null | grep -q "$suite-backports"; }
offered && exit 0

if [ "$(id -u)" = 0 ]; then
    sudo=""
elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
    sudo="sudo -n"
else
    exit 1
fi

if ! grep -rqs "$suite-backports" /etc/apt/sources.list /etc/apt/sources.list.d; then
    text="$(derived /etc/apt)" || exit 1
    target="/etc/apt/sources.list.d/perfxl-backports.$(printf '%s\n' "$text" | head -n 1)"
    echo "Aggiungo $target ($suite-backports, dalle stesse fonti di questa macchina)"
    printf '%s\n' "$text" | tail -n +2 | $sudo tee "$target" >/dev/null
fi
$sudo apt-get update -qq || true
if ! offered; then
    [ -z "${target:-}" ] || $sudo rm -f "$target"
    exit 1
fi
