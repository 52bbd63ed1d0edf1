"""`perfxl demo`: the main job on the workbooks that come with the project."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from perfxl.cli.guard import DONE
from perfxl.cli.params import FOLDER
from perfxl.errors import InputError, OutputError

if TYPE_CHECKING:
    from perfxl.cli.job import Job

SAMPLE_FOLDERS = ("massacarrara-2019", "massacarrara-2019-piano", "lucca-2017")


@click.command(
    short_help="Consolida i fogli di esempio del progetto.",
    options_metavar="[OPZIONI]",
    epilog="""\b
Esempi:
  perfxl demo
  perfxl demo prova
""",
)
@click.argument("cartella", metavar="[CARTELLA]", default="demo", type=FOLDER)
def demo(cartella: str) -> int:
    """Consolida i fogli di esempio: Massa-Carrara 2019 (al 30/04/2019, con il piano) e Lucca 2017.

    I fogli di esempio sono nella cartella «workbooks» del progetto; i consolidati vanno in CARTELLA (se manca: demo). Le
    anomalie che si vedono sono quelle vere dei documenti: la dimostrazione esce con 0 anche se ce ne sono.
    """
    from perfxl.cli.job import run
    from perfxl.cli.summary import print_summary
    from perfxl.cli.terminal import console, plain_text

    samples = find_samples()
    folder = Path(cartella)
    make_folder(folder)
    out = console()
    written = []
    for job in demo_jobs(samples, folder):
        result, target = run(job)
        written.append(result.write(target))
        print_summary(out, result)
        out.print()
        out.rule()
    out.print(plain_text("Consolidati scritti (si aprono con Excel o LibreOffice):", "bold"))
    for path in written:
        out.print(plain_text(f"{path.resolve()}"), soft_wrap=True)
    return DONE


def find_samples() -> Path:
    """The folder of the sample workbooks: `./workbooks`, else the one beside the package's source. Raises `InputError`."""
    candidates = [Path("workbooks"), Path(__file__).resolve().parents[2] / "workbooks"]
    for folder in candidates:
        if all((folder / name).is_dir() for name in SAMPLE_FOLDERS):
            return folder
    raise InputError(
        "i fogli di esempio non ci sono: «perfxl demo» va dato nella cartella del progetto, dove c'è la cartella «workbooks».",
        path=str(candidates[0]),
    )


def demo_jobs(samples: Path, folder: Path) -> tuple[Job, Job]:
    """The two jobs of the demonstration, writing into `folder`."""
    from perfxl.cli.job import Job

    body, plan, lucca = (str(samples / name) for name in SAMPLE_FOLDERS)
    return (
        Job((body,), "massacarrara-2019", plan=(plan,), as_of=date(2019, 4, 30), output=str(folder)),
        Job((lucca,), "lucca-2017", output=str(folder)),
    )


def make_folder(folder: Path) -> None:
    """Create the output folder where it isn't. Raises `OutputError`."""
    from perfxl.cli.guard import os_error_text

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"la cartella non si può creare: {os_error_text(error)}", path=str(folder)) from error
