"""Which findings keep a reply from being accepted: the office is asked to correct them. The others are told, and don't matter."""

from __future__ import annotations

from perfxl.findings import Severity

UNREADABLE = frozenset({"PX-G002", "PX-G003", "PX-G004", "PX-G005", "PX-G010", "PX-V003", "PX-R006", "PX-R012"})
"""Of a result: it can't be used as it is."""
BROKEN_SIGNATURE, SAME_MOMENT = "PX-M015", "PX-N028"
BLOCKING = UNREADABLE | {
    "PX-N010", "PX-N011", "PX-N013", "PX-N015", "PX-N016", "PX-N017", "PX-N018", "PX-N026",
    "PX-N040", "PX-N041", "PX-N042", "PX-N045", "PX-N046", BROKEN_SIGNATURE, SAME_MOMENT,
}  # fmt: skip


def blocks(code: str, severity: str) -> bool:
    """Whether a finding keeps a reply from being accepted (a file that doesn't open, PX-L, too)."""
    return code in BLOCKING or (code.startswith("PX-L") and severity == Severity.ERROR)
