"""The round trip with the offices: sheets out, replies back in whatever wrapping, who is missing (docs/giro.md).

A round is a folder of plain files. Its truth is a journal of events (`events`, `journal`), from which its state follows
(`state`); everything else in the folder is stored once under its own hash, or can be made again.
"""

from perfxl.rounds.fold import told
from perfxl.rounds.folder import RoundFolder
from perfxl.rounds.journal import Journal
from perfxl.rounds.state import Office, Round, Standing, Version

__all__ = ["Journal", "Office", "Round", "RoundFolder", "Standing", "Version", "told"]
