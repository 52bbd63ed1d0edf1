"""The controller's master workbook: built on any system, read back from its cells, set up on Windows (docs/cartella-master.md).

`read` takes the method, the plan, the offices and the parameters from the cells of the workbook (a closed file, or the
values of an open one); `build_master` writes it. Builder libraries (`pip install "perfxl[master]"`) are imported by `build_master` only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfxl.master.names import Office, Parameters

if TYPE_CHECKING:
    from pathlib import Path

    from perfxl.master.content import MasterContent

__all__ = ["Office", "Parameters", "build_master"]


def build_master(content: MasterContent, path: str | Path) -> Path:
    """Write the master workbook of `content` to `path`; the same content gives the same bytes.

    Raises:
        OutputError: the file can't be written, or its name doesn't end in `.xlsm`.
        InputError: the libraries of the extra `perfxl[master]` aren't installed.
    """
    from perfxl.master.build import build

    return build(content, path)
