"""Names that the writer and the reader of the master workbook share: tabs, tables, headings, labels.

A person may move columns and insert rows: what is looked for is the heading, never an address.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Final

GUIDE: Final = "Guida"
DASHBOARD: Final = "Cruscotto"
PLAN: Final = "Piano"
OFFICES: Final = "Uffici"
PARAMETERS: Final = "Parametri"
METHOD: Final = "Metodo"
SETTINGS: Final = "xlwings.conf"
"""The name that xlwings' standalone module looks for; a leading underscore would switch the tab off."""

CODE_NAMES: Final = {
    GUIDE: "FoglioGuida",
    DASHBOARD: "FoglioCruscotto",
    PLAN: "FoglioPiano",
    OFFICES: "FoglioUffici",
    PARAMETERS: "FoglioParametri",
    METHOD: "FoglioMetodo",
    SETTINGS: "FoglioXlwings",
}
"""Tab → code name of its VBA module, in the order of the tabs."""

WORKBOOK_CODE_NAME: Final = "ThisWorkbook"
"""xlwings' module speaks of ThisWorkbook by this name."""

TREE_TABLE, INDICATOR_TABLE, OFFICE_TABLE, COLLECTION_TABLE = "tblAlbero", "tblIndicatori", "tblUffici", "tblRaccolta"
METHOD_TABLE, NOTE_TABLE, ALIAS_TABLE, EXCEPTION_TABLE = "tblMetodo", "tblScelte", "tblAlias", "tblEccezioni"

CODE, LEVEL, PARENT, TITLE = "Codice", "Livello", "Dipende da", "Descrizione"
PERSPECTIVE, BUDGET, WEIGHT = "Prospettiva", "Budget (€)", "Peso"
KIND, ALGORITHM, OFFICE, PERSON = "Tipo", "Algoritmo", "Ufficio", "Ob. ind."
TARGET: Final = "Target"
"""Head of the target columns: `Target 2019`, one for each year."""

TREE_HEADINGS: Final = (CODE, LEVEL, PARENT, TITLE, PERSPECTIVE, BUDGET, WEIGHT)
OFFICE_HEADINGS: Final = (CODE, "Denominazione", "Responsabile", "E-mail")
COLLECTION_HEADINGS: Final = (OFFICE, "Denominazione", "File ricevuto", "Ricevuto il", "Risultati", "Attesi", "Anomalie", "Stato")
COLLECTION_STATES: Final = ("mancante", "ricevuto", "con anomalie")
METHOD_HEADINGS: Final = ("Sezione", "Chiave", "Valore", "Significato", "Valori ammessi")
ALIAS_HEADINGS: Final = ("Come è stampato", "Come vale")
EXCEPTION_HEADINGS: Final = (CODE, "Motivo", "Chiave", "Valore")
NOTE_HEADINGS: Final = ("Scelta dichiarata",)

GENERAL_SECTION: Final = "profilo"
"""Section of the keys that stand at the head of a profile: name, title, body, year, source."""

LEVEL_WORDS: Final = {
    "ente": "ente",
    "area": "area strategica",
    "obiettivo_strategico": "obiettivo strategico",
    "obiettivo_operativo": "obiettivo operativo",
    "progetto": "progetto",
}
"""Level of the model → word of the column *Livello*."""

STRATEGIC_WORD, OPERATIONAL_WORD = "strategico", "operativo"

BODY_LABEL, YEAR_LABEL, PERIOD_LABEL = "Ente", "Anno", "Situazione al"
INBOX_LABEL, ARCHIVE_LABEL = "Cartella dei fogli ricevuti", "Cartella delle copie di sicurezza"
PARAMETER_LABELS: Final = (BODY_LABEL, YEAR_LABEL, PERIOD_LABEL, INBOX_LABEL, ARCHIVE_LABEL)


@dataclass(frozen=True, slots=True)
class Office:
    """A row of *Uffici*. `code` as printed in the sheets (`U5.1`, or `U5.1/U5.2` for two offices that answer together)."""

    code: str
    name: str
    responsible: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Parameters:
    """*Parametri*: the body, the year, the reference date (None: end of the year), the folders as typed (empty: not said)."""

    body: str
    year: int | None
    as_of: date | None = None
    inbox: str = ""
    archive: str = ""
    problems: tuple[str, ...] = field(default=())
    """What couldn't be read, in Italian, with the cell."""
