#!/bin/sh
# scripts/apt.sh PACKAGE… – install Debian packages; status 1, and no word, where that isn't possible without a password.
set -eu

command -v apt-get >/dev/null 2>&1 || exit 1
if [ "$(id -u)" = 0 ]; then
    sudo=""
elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
    sudo="sudo -n"
else
    exit 1
fi

echo "Installo: $*"
$sudo apt-get update -qq || echo "apt-get update non riuscito: provo con gli elenchi che ci sono." >&2
# shellcheck disable=SC2086  # an empty $sudo must vanish
$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
