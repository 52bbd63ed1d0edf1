"""The quick reading of a zip's directory: what `zipfile` finds, or nothing at all."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from perfxl.readers.container import Parts, directory

WORKBOOKS = Path(__file__).parents[2] / "workbooks"


def zipped(names: list[str], comment: bytes = b"", method: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as made:
        made.comment = comment
        for name in names:
            made.writestr(name, f"contenuto di {name}" * 50)
    return stream.getvalue()


@pytest.mark.parametrize("path", sorted(WORKBOOKS.glob("massacarrara-2019/*.xlsx"))[:12], ids=lambda path: path.name)
def test_it_finds_what_zipfile_finds(path: Path) -> None:
    data = path.read_bytes()
    found = directory(data)
    assert found is not None
    with zipfile.ZipFile(path) as known:
        assert {
            info.filename: (
                info.header_offset, info.compress_type, info.flag_bits, info.compress_size, info.file_size, info.CRC,
            )
            for info in known.infolist()
        } == {name: tuple(part) for name, part in found.items()}  # fmt: skip
        parts = Parts(data)
        assert all(parts.read(name) == known.read(name) for name in known.namelist())


@pytest.mark.parametrize(
    "data",
    [
        zipped(["a"], comment=b"un commento"),
        b"prima" + zipped(["a", "b"]),
        zipped(["città"]),
        zipped(["a", "b"])[:-30],
        b"",
        b"PK\x05\x06",
    ],
    ids=["comment", "prefix", "accent", "cut", "empty", "stub"],
)
def test_anything_unusual_is_left_to_zipfile(data: bytes) -> None:
    assert directory(data) is None


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_that_comes_twice_is_left_to_zipfile() -> None:
    assert directory(zipped(["a", "a"])) is None


@pytest.mark.parametrize(
    "data", [zipped(["a"], comment=b"x"), b"prima" + zipped(["a"]), zipped(["a"], method=zipfile.ZIP_STORED)]
)
def test_the_parts_are_read_all_the_same(data: bytes) -> None:
    assert Parts(data).read("a") == b"contenuto di a" * 50
