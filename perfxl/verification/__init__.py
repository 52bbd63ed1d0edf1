"""The check of documents whose figures are typed: what follows from something else, recomputed and set beside what is printed.

Everything here is collected from a consolidation: the checks of the statements (`perfxl.statements`), the contradictions that
the main job finds among indicators, plan and people, and what only a reader of the whole notices (codes, impossible results).
"""

from perfxl.verification.collect import verified
from perfxl.verification.model import Item, TableSummary, Verification

__all__ = ["Item", "TableSummary", "Verification", "verified"]
