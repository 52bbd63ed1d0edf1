"""The main job as the command line runs it: paths in, consolidated workbook and JSON out (`consolida`, `demo`)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from perfxl.cli.inputs import WORKBOOKS, refuse_input, user_declarations, user_layouts
from perfxl.cli.progress import progress_bar

if TYPE_CHECKING:
    from datetime import date

    from perfxl.consolidation import Consolidation


@dataclass(frozen=True, slots=True)
class Job:
    """What `consolida` was asked for; paths as given."""

    paths: tuple[str, ...]
    method: str
    plan: tuple[str, ...] = ()
    year: int | None = None
    as_of: date | None = None
    adjustments: str | None = None
    layouts: tuple[str, ...] = ()
    output: str | None = None
    json_file: str | None = None
    declarations: tuple[str, ...] = ()

    def check(self) -> None:
        """A usage error, before any work, for an output that can't be or that would take the place of an input."""
        refuse_input(self.json_file, self._inputs, "--json")
        if self.output is None:
            return
        target = Path(self.output)
        if target.is_dir():
            return
        if target.suffix.lower() != ".xlsx":
            raise click.UsageError(f"-o scrive una cartella di lavoro .xlsx: «{self.output}» ha un altro nome.")
        if not target.parent.is_dir():
            raise click.UsageError(f"la cartella «{target.parent}» non esiste.")
        self.refuse(target)

    @property
    def _inputs(self) -> tuple[str, ...]:
        return (*self.paths, *self.plan, *self.layouts, *self.declarations, *([self.adjustments] if self.adjustments else []))

    def refuse(self, target: Path) -> None:
        """A usage error for a workbook, under its own name or the usual one, that would take the place of an input."""
        refuse_input(str(target), self._inputs, "-o")


def run(job: Job) -> tuple[Consolidation, Path]:
    """Consolidate and choose the output's path; nothing is written yet.

    Rettifiche and notes of the previous run are in the workbook that the new one will replace.
    """
    job.check()
    target = Path(job.output or ".")
    named = job.output is not None and not target.is_dir()
    result = consolidated(job, target if target.is_dir() or target.is_file() else None)
    if named:
        return result, target
    from perfxl.writers import default_name

    target /= default_name(result)
    job.refuse(target)
    return result, target


def consolidated(job: Job, previous: Path | None = None) -> Consolidation:
    """What the job asks for. `previous`: the workbook of the run before, or the folder where it stands."""
    from perfxl.pipeline import consolidate

    with progress_bar("Lettura dei fogli") as progress:
        return consolidate(
            [Path(path) for path in job.paths],
            method=job.method,
            plan=plan_files(job.plan) or None,
            year=job.year,
            as_of=job.as_of,
            adjustments=Path(job.adjustments) if job.adjustments else None,
            layouts=user_layouts(job.layouts),
            declarations=user_declarations(job.declarations),
            previous=previous,
            progress=progress,
        )


def plan_files(paths: tuple[str, ...]) -> list[Path]:
    """The files of `--piano`: a folder stands for the workbooks in it, in the order of their names."""
    files: list[Path] = []
    for path in map(Path, paths):
        if path.is_dir():
            inside = sorted(
                child for child in path.iterdir() if child.suffix.lower() in WORKBOOKS and not child.name.startswith("~$")
            )
            if not inside:
                raise click.UsageError(f"nella cartella del piano «{path}» non c'è nessuna cartella di lavoro.")
            files += inside
        else:
            files.append(path)
    return files
