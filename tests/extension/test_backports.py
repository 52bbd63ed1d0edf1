"""scripts/backports.sh: the backports' source is the machine's own with another suite, whatever form that has."""

from __future__ import annotations

import shutil
import subprocess

import pytest

pytestmark = pytest.mark.skipif(shutil.which("sh") is None or shutil.which("awk") is None, reason="serve una shell")

DEB822 = """# a note
Types: deb
URIs: https://specchio.example/debian-security
Suites: bookworm-security
Components: main

Types: deb deb-src
# another
URIs: https://specchio.example/debian
Suites: bookworm bookworm-updates
Components: main contrib
Signed-By: /usr/share/keyrings/chiave.gpg
"""
DERIVED = """sources
Types: deb deb-src
URIs: https://specchio.example/debian
Suites: bookworm-backports
Components: main
Signed-By: /usr/share/keyrings/chiave.gpg
"""


def derived(repository, folder):
    command = ["sh", "scripts/backports.sh", "--print", str(folder)]
    return subprocess.run(command, cwd=repository, capture_output=True, text=True, timeout=30, check=False)


def test_from_a_deb822_file(repository, tmp_path):
    (tmp_path / "sources.list.d").mkdir()
    (tmp_path / "sources.list.d" / "debian.sources").write_text(DEB822)
    assert derived(repository, tmp_path).stdout == DERIVED


def test_what_is_switched_off_is_not_copied(repository, tmp_path):
    (tmp_path / "sources.list.d").mkdir()
    (tmp_path / "sources.list.d" / "debian.sources").write_text(DEB822.replace("Components: main contrib", "Enabled: no"))
    done = derived(repository, tmp_path)
    assert (done.returncode, done.stdout) == (1, "")


def test_from_one_line_entries(repository, tmp_path):
    (tmp_path / "sources.list").write_text(
        "# deb https://vecchio.example/debian bookworm main\n"
        "deb https://specchio.example/debian-security bookworm-security main\n"
        "deb [ arch=amd64 signed-by=/chiave.gpg ] https://specchio.example/debian bookworm main contrib\n"
    )
    assert derived(repository, tmp_path).stdout == (
        "list\ndeb [ arch=amd64 signed-by=/chiave.gpg ] https://specchio.example/debian bookworm-backports main\n"
    )


def test_nothing_from_another_debian(repository, tmp_path):
    (tmp_path / "sources.list").write_text("deb https://specchio.example/debian trixie main\n")
    done = derived(repository, tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
