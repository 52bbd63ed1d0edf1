"""What a button tells the person who pressed it: one text, the findings, whether it went through."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from perfxl.live.quiet import again

if TYPE_CHECKING:
    from perfxl.findings import Finding

TITLE = "perfxl"
LONGEST = 1000
"""A message box takes 1,024 characters."""


@dataclass(frozen=True, slots=True)
class Report:
    """The outcome of a macro. `text` is Italian and complete: what was done, what was left alone, where the copy is."""

    macro: str
    text: str
    findings: tuple[Finding, ...] = ()
    failed: bool = False
    error: Exception | None = None


def say(app: Any, report: Report) -> None:
    """Show the report in a message box; where Excel refuses it, or has none, in the status bar."""
    text = report.text if len(report.text) <= LONGEST else report.text[: LONGEST - 1] + "…"
    mode = "critical" if report.failed else "info"
    if not again(lambda: app.alert(text, title=f"{TITLE} – {report.macro}", mode=mode)):
        again(lambda: setattr(app, "status_bar", f"{TITLE} – {report.macro}: {text}"))
