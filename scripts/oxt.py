# ruff: noqa: INP001, S603 - a script, part of no package; it starts pip and the tools that it found by itself
"""Build dist/perfxl.oxt, the extension that gives LibreOffice Calc the PX_ functions: `make oxt`.

The package holds perfxl with numpy and pydantic, compiled for the Python of the LibreOffice found here: it is made per
platform and per Python version. `--rdb` writes extension/perfxl.idl and .rdb anew (it needs LibreOffice's SDK:
libreoffice-dev); both are committed, so that building needs no SDK.
"""

from __future__ import annotations

import argparse
import json
import platform
import shutil
import subprocess
import sys
import zipfile
from importlib.metadata import version
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parents[1]
SOURCES = ROOT / "extension"
sys.path.insert(0, str(SOURCES))

from declarations import COMPONENT, idl, written_parts  # noqa: E402 - the sources of the extension are no package

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGES = ("numpy", "pydantic")
"""What perfxl.functions needs beside perfxl: tests/extension proves in Calc that there is nothing else."""

SDK_PLACES = ("/usr/lib/libreoffice", "/opt/libreoffice", "/Applications/LibreOffice.app/Contents")
EPOCH = (1980, 1, 1, 0, 0, 0)  # the same content gives the same bytes


def main() -> int:
    """Build, or write the interface; status 1 with a sentence when something is missing."""
    arguments = argparse.ArgumentParser(description="Costruisce dist/perfxl.oxt, l'estensione per LibreOffice Calc.")
    arguments.add_argument("-o", type=Path, default=ROOT / "dist" / "perfxl.oxt", help="dove scriverla")
    arguments.add_argument("--python", help="il Python di LibreOffice, se non si trova da solo")
    arguments.add_argument("--rdb", action="store_true", help="riscrive extension/perfxl.idl e perfxl.rdb (serve l'SDK)")
    given = arguments.parse_args()
    if given.rdb:
        return _write_interface()
    host = given.python or _office_python()
    if host is None:
        print("*** Nessun LibreOffice con Python: estensione costruita per il Python in uso.", file=sys.stderr)
    return _build(given.o, host or sys.executable)


def _build(target: Path, host: str) -> int:
    python = _ask(host, "import sys; print('%d.%d' % sys.version_info[:2])")
    if not python or tuple(map(int, python.split("."))) < (3, 11):
        print(
            f"*** LibreOffice usa Python {python or '?'}: perfxl richiede 3.11 o successivo (docs/libreoffice.md).",
            file=sys.stderr,
        )
        return 1
    vendored = _vendored(python)
    if vendored is None:
        return 1
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_suffix(".tmp")
    _zip(draft, python, vendored)
    draft.replace(target)
    size = target.stat().st_size / 1e6
    shown = target.relative_to(ROOT) if target.is_relative_to(ROOT) else target
    print(f"{shown}: Python {python}, {_platform()}, {size:.1f} MB")
    return 0


def _office_python() -> str | None:
    """LibreOffice's own Python (its installers bring one), or the system's where distributions build on that."""
    from shutil import which

    found = which("soffice") or which("libreoffice") or "/Applications/LibreOffice.app/Contents/MacOS/soffice"
    program = Path(found).resolve().parent
    own = [program / "python", program / "python.exe", program.parent / "Resources" / "python"]
    for candidate in [*map(str, own), "/usr/bin/python3"]:
        if Path(candidate).exists() and _ask(candidate, "import uno; print('uno')") == "uno":
            return candidate
    return None


def _ask(python: str, code: str) -> str:
    done = subprocess.run([python, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    return done.stdout.strip()


def _vendored(python: str) -> Path | None:
    """Folder with the packages for that Python, installed once by pip, in the versions that are used here."""
    wanted = [f"{name}=={version(name)}" for name in PACKAGES]
    folder = ROOT / "build" / f"oxt-{python}-{_platform()}"
    stamp, content = folder / "fatto.json", json.dumps(wanted)
    if stamp.exists() and stamp.read_text(encoding="utf-8") == content:
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile"]
    command += ["--target", str(folder), "--only-binary=:all:", "--implementation", "cp", "--python-version", python, *wanted]
    if subprocess.run(command, check=False).returncode:
        print(f"*** pip non ha installato {', '.join(wanted)} per Python {python}.", file=sys.stderr)
        return None
    stamp.write_text(content, encoding="utf-8")
    return folder


def _zip(target: Path, python: str, vendored: Path) -> None:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as package:
        for name, text in written_parts(python, _platform()):
            _put(package, name, text.encode())
        for name in (COMPONENT, "perfxl.rdb"):
            _put(package, name, (SOURCES / name).read_bytes())
        _put(package, "LICENSE", (ROOT / "LICENSE").read_bytes())
        for folder in (vendored, ROOT / "perfxl"):
            base = folder if folder is vendored else ROOT
            for file in _needed(folder):
                _put(package, f"pythonpath/{file.relative_to(base).as_posix()}", file.read_bytes())


def _put(package: zipfile.ZipFile, name: str, content: bytes) -> None:
    entry = zipfile.ZipInfo(name, EPOCH)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    package.writestr(entry, content)


def _needed(folder: Path) -> Iterator[Path]:
    """Files that run: without the packages' own tests, headers, stubs and commands."""
    for file in sorted(folder.rglob("*")):
        path = PurePosixPath(file.relative_to(folder).as_posix())
        left_out = {"__pycache__", "tests", "include", "bin"} & set(path.parts)
        if file.is_file() and not left_out and path.suffix not in {".pyi", ".a", ".pyc"} and path.name != "fatto.json":
            yield file


def _platform() -> str:
    """The platform as LibreOffice names it: `linux_x86_64`, `windows_x86_64`, `macosx_aarch64`."""
    system = {"Linux": "linux", "Windows": "windows", "Darwin": "macosx"}.get(platform.system(), platform.system().lower())
    machine = {"amd64": "x86_64", "arm64": "aarch64"}.get(platform.machine().lower(), platform.machine().lower())
    return f"{system}_{machine}"


def _write_interface() -> int:
    tool = next((t for place in SDK_PLACES if (t := Path(place) / "sdk" / "bin" / "unoidl-write").exists()), None)
    if tool is None:
        print("*** unoidl-write non trovato: serve l'SDK di LibreOffice (Debian: libreoffice-dev).", file=sys.stderr)
        return 1
    source = SOURCES / "perfxl.idl"
    source.write_text(idl(), encoding="utf-8")
    program = tool.parents[2] / "program"
    types = [str(program / "types.rdb"), str(program / "types" / "offapi.rdb")]
    return subprocess.run([str(tool), *types, str(source), str(SOURCES / "perfxl.rdb")], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
