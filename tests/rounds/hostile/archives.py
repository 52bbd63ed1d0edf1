"""Archives: bombs, lies, names that are paths, passwords, damage."""

from __future__ import annotations

import io
import stat
import zipfile
import zlib
from typing import TYPE_CHECKING

from rounds.hostile.cases import End, Kit, case
from rounds.hostile.packages import MIB, archive, entry, stored, zeros, zip_crypto

if TYPE_CHECKING:
    from collections.abc import Mapping


def zipped(files: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """An ordinary archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as package:
        for name, data in files.items():
            package.writestr(name, data)
    return out.getvalue()


def _deep(kit: Kit) -> bytes:
    data = kit.good
    for level in range(40):
        data = zipped({f"livello{level}.zip" if level else "scheda.xlsx": data})
    return data


def _wide(_: Kit) -> bytes:
    return archive([stored(f"file{n:06}.txt", b"x") for n in range(30_000)])


def _ratio(_: Kit) -> bytes:
    data, crc = zeros(2048 * MIB)
    return archive([entry("vuoto.xlsx", data, size=2048 * MIB, crc=crc)])


def _many_big(_: Kit) -> bytes:
    """Each file within every limit of its own, all together 6 GB."""
    data, crc = zeros(190 * MIB)
    return archive([entry(f"parte{n}.txt", data, size=190 * MIB, crc=crc) for n in range(32)])


def _overlapping(_: Kit) -> bytes:
    """Two hundred entries, one and the same bytes."""
    data, crc = zeros(64 * MIB)
    entries = [entry(f"f{n}.xlsx", data, size=64 * MIB, crc=crc) for n in range(200)]
    return archive([entries[0], *((b"", central) for _, central in entries[1:])], at=[0] * 200)


def _lying(_: Kit) -> bytes:
    """Says a thousand bytes, unpacks to a gigabyte."""
    data, _ = zeros(1024 * MIB)
    return archive([entry("scheda.xlsx", data, size=1024 * MIB, crc=0, declared=1000)])


def _nested_bomb(_: Kit) -> bytes:
    """Ten archives in each of ten archives …, five levels, a file of zeros at the bottom: each one small."""
    data, crc = zeros(16 * MIB)
    inner = archive([entry("zeri.txt", data, size=16 * MIB, crc=crc)])
    for _ in range(5):
        inner = zipped({f"a{n}.zip": inner for n in range(10)})
    return inner


def _climbing(kit: Kit) -> bytes:
    return archive([
        stored("../../../../fuori-dal-giro.xlsx", kit.good),
        stored("/etc/cron.d/fuori-dal-giro.txt", b"* * * * * root true\n"),
        stored("..\\..\\fuori-dal-giro.txt", b"x"),
        stored("C:\\Windows\\fuori-dal-giro.txt", b"x"),
    ])  # fmt: skip


def _symlink(kit: Kit) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        link = zipfile.ZipInfo("scheda.xlsx")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        package.writestr(link, "../../../../etc/passwd")
        package.writestr("vera.xlsx", kit.good)
    return out.getvalue()


def _twice_the_same_name(kit: Kit) -> bytes:
    return archive([stored("scheda.xlsx", b"non sono un foglio"), stored("scheda.xlsx", kit.good)])


def _odd_names(kit: Kit) -> bytes:
    """Whatever a name may hold; the sheet is the good one in each, so it counts once."""
    names = [
        "CON.xlsx", "aux", "nul.xlsx", "scheda\u202exslx.exe", "📊 scheda.xlsx", "a\nb.xlsx", "lungo" * 60 + ".xlsx", "nul\0.xlsx", "...",
        "-rf.xlsx", "scheda.xlsx:zona", "=cmd|' /c calc'!A0.xlsx", "%00.xlsx", "~", "$(id).xlsx", "registro.xlsx", "eventi.jsonl",
    ]  # fmt: skip
    return archive([stored(name, kit.good) for name in names])


def _encrypted(kit: Kit) -> bytes:
    return zip_crypto("scheda.xlsx", kit.good, b"segreta")


def _damaged_inside(kit: Kit) -> bytes:
    """The second of three files doesn't match its checksum."""
    packer = zlib.compressobj(6, zlib.DEFLATED, -zlib.MAX_WBITS)
    broken = packer.compress(kit.good_of_the_other) + packer.flush()
    return archive([
        stored("buona.xlsx", kit.good),
        entry("rotta.xlsx", broken, size=len(kit.good_of_the_other), crc=1),
        stored("nota.txt", b"ecco"),
    ])  # fmt: skip


CASES = (
    case("archivio in archivio, quaranta livelli", "matrioska.zip", _deep, End.REFUSED, "PX-M005 PX-M006"),
    case("archivio di trentamila file", "largo.zip", _wide, End.REFUSED, "PX-M005"),
    case("archivio da due gigabyte di zeri", "bomba.zip", _ratio, End.REFUSED, "PX-M005"),
    case("archivio di tanti file grandi", "sei-giga.zip", _many_big, End.REFUSED, "PX-M005"),
    case("archivio con i file sovrapposti", "sovrapposti.zip", _overlapping, End.REFUSED, "PX-M005"),
    case("archivio che mente sulla misura", "bugiardo.zip", _lying, End.REFUSED, "PX-M002 PX-M005"),
    case("archivi dieci per dieci per dieci", "annidata.zip", _nested_bomb, End.REFUSED, "PX-M005", heavy=True),
    case("archivio che sale di cartella", "sale.zip", _climbing, End.ACCEPTED, "PX-M011"),
    case("archivio con un collegamento simbolico", "collegamento.zip", _symlink, End.ACCEPTED),
    case("archivio con due file dello stesso nome", "doppio.zip", _twice_the_same_name, End.ACCEPTED),
    case("archivio con nomi strani", "nomi.zip", _odd_names, End.ACCEPTED, "PX-M011"),
    case("archivio con password", "segreto.zip", _encrypted, End.REFUSED, "PX-M003"),
    case("archivio troncato", "meta.zip", lambda kit: zipped({"s.xlsx": kit.good})[:4000], End.REFUSED, "PX-M002"),
    case("archivio con un file rotto", "rotto.zip", _damaged_inside, End.ACCEPTED, "PX-M002"),
    case("archivio compresso con LZMA", "lzma.zip", lambda kit: zipped({"s.xlsx": kit.good}, zipfile.ZIP_LZMA), End.REFUSED, "PX-M002"),
    case("archivio dietro a un programma", "setup.zip", lambda kit: b"MZ" + bytes(500) + zipped({"s.xlsx": kit.good}), End.REFUSED, "PX-M007"),
    case("archivio senza fogli", "testi.zip", lambda _: zipped({"leggimi.txt": b"ciao", "vuoto/": b""}), End.REFUSED),
    case("archivio vuoto", "vuoto.zip", lambda _: archive([]), End.REFUSED),
)  # fmt: skip
