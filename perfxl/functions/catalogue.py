"""The PX_ functions as data: names, Italian help, arguments, the Python callable. Every face of perfxl registers these.

How to call one (`FUNCTIONS["PX_STATO"].call(…)`): positional arguments in the order of `arguments`, optional ones left out or
None. An argument is a cell's value, a row or column as a list, or a block as a list of rows. A cell's value is None (blank),
float or int, str, bool, `datetime` or `date`, an error as its text (`#DIV/0!`); a `perfxl.model.Cell` too, where the host
knows the number format (then 0.74 under `0%` is known to be a percent, and a date is a date).

A host that gives dates as bare serial numbers (LibreOffice) turns them into `datetime.date`, or into a `Cell` by
`perfxl.model.cell_of(value, number_format=…)`, where it can see the cell's format; where it can't, it wraps each number as
`perfxl.functions.cells.Untyped`, so that a number that may be a date is asked about and never taken for a count.

What comes back is always a list of rows (never empty) of float, str or `datetime`: percents are fractions, as Excel stores
them (0.925 is 92.5 %), blanks are "", what can't be computed is a documented Italian text. No call raises.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from perfxl.functions.about import versione
from perfxl.functions.algorithm import algoritmo
from perfxl.functions.amounts import incentivo, scostamento, utilizzo
from perfxl.functions.cells import Grid
from perfxl.functions.explain import spiega
from perfxl.functions.means import obiettivo, stato, strategico
from perfxl.functions.readings import RESULT_COLUMNS, TARGET_COLUMNS, leggi_risultato, leggi_target
from perfxl.functions.score import realizzazione

CATEGORY = "perfxl"
LONGEST_HELP = 255
"""What Excel's function wizard shows of a help text."""


@dataclass(frozen=True, slots=True)
class Argument:
    """An argument: ASCII name (as VBA, IDL and the wizard want it), Italian help, whether it may be left out."""

    name: str
    help: str
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Function:
    """A function of the spreadsheet.

    `columns` names the columns of what is spilled, where each row gives more than one cell. `percent` says that what comes
    back is a fraction, to be shown under a percent format.
    """

    name: str
    help: str
    arguments: tuple[Argument, ...]
    call: Callable[..., Grid]
    columns: tuple[str, ...] = ()
    percent: bool = False

    @property
    def required(self) -> int:
        """How many arguments can't be left out; the optional ones come last."""
        return sum(not argument.optional for argument in self.arguments)

    @property
    def signature(self) -> str:
        """`PX_STATO(realizzazioni; [metodo])`."""
        names = (f"[{a.name}]" if a.optional else a.name for a in self.arguments)
        return f"{self.name}({'; '.join(names)})"


_METHOD = Argument(
    "metodo",
    "Nome del metodo (lucca-2017, massacarrara-2019, unioncamere-2022) o percorso di un file .toml. Se manca: massacarrara-2019.",
    optional=True,
)
_RESULT = "il valore misurato: un numero, una percentuale, una data, «giugno», «3,8 gg», «N.C.»"
_TARGET = "il target: «>= 80%», «entro il 31/12/2019», «n. 3», un numero o una data"
_ALGORITHM = "testo della colonna Algoritmo, che dà operatore e unità a un target nudo"

_ALL = (
    Function(
        "PX_REALIZZAZIONE",
        "Percentuale di realizzazione di ogni risultato rispetto al suo target, secondo il metodo. Rende frazioni (0,925 = 92,50 %): dare alle celle il formato percentuale. Dove non si calcola rende un testo: «N.C.», «target non leggibile» …",
        (
            Argument("risultati", f"Risultati (una cella o un intervallo): {_RESULT}."),
            Argument("target", f"Target, uno per risultato o uno solo per tutti: {_TARGET}."),
            Argument("algoritmi", f"Algoritmi, uno per risultato o uno solo per tutti: {_ALGORITHM}.", optional=True),
            _METHOD,
        ),
        realizzazione,
        percent=True,
    ),
    Function(
        "PX_STATO",
        "Stato di ogni realizzazione secondo le soglie del metodo per gli indicatori: raggiunto, parzialmente raggiunto, non raggiunto, non misurato.",
        (Argument("realizzazioni", "Realizzazioni (una cella o un intervallo), come le rende PX_REALIZZAZIONE."), _METHOD),
        stato,
    ),
    Function(
        "PX_OBIETTIVO",
        "Realizzazione di un obiettivo: media (pesata, se ci sono i pesi) delle realizzazioni misurate, o il peggiore, come dice il metodo. Testi e celle vuote restano fuori. Rende una frazione: dare il formato percentuale.",
        (
            Argument("realizzazioni", "Realizzazioni degli indicatori, come le rende PX_REALIZZAZIONE."),
            Argument("pesi", "Pesi, uno per realizzazione; se mancano, media semplice.", optional=True),
            _METHOD,
        ),
        obiettivo,
        percent=True,
    ),
    Function(
        "PX_STRATEGICO",
        "Realizzazione di un obiettivo strategico: quota degli indicatori propri e quota degli obiettivi operativi (60 e 40, o come dice il metodo). Se una parte non è misurata vale l'altra, o nessuna, come dice il metodo.",
        (
            Argument(
                "indicatori", "Realizzazioni degli indicatori propri dell'obiettivo strategico (una cella o un intervallo)."
            ),
            Argument("operativi", "Realizzazioni degli obiettivi operativi sottostanti (una cella o un intervallo)."),
            _METHOD,
        ),
        strategico,
        percent=True,
    ),
    Function(
        "PX_LEGGI_TARGET",
        "Come si legge ogni target. Rende una riga per target e cinque colonne: natura, operatore, valore, unità, data.",
        (
            Argument("testi", f"Target (una cella o un intervallo): {_TARGET}."),
            Argument("algoritmi", f"Algoritmi, uno per target o uno solo per tutti: {_ALGORITHM}.", optional=True),
        ),
        leggi_target,
        columns=TARGET_COLUMNS,
    ),
    Function(
        "PX_LEGGI_RISULTATO",
        "Come si legge ogni risultato. Rende una riga per risultato e quattro colonne: natura, valore, unità, data.",
        (Argument("testi", f"Risultati (una cella o un intervallo): {_RESULT}."),),
        leggi_risultato,
        columns=RESULT_COLUMNS,
    ),
    Function(
        "PX_SPIEGA",
        "Spiega in una frase come si arriva alla realizzazione, o perché non si calcola: valori letti, regola, limiti, stato.",
        (
            Argument("risultato", f"Risultato: {_RESULT}."),
            Argument("target", f"Target: {_TARGET}."),
            Argument("algoritmo", f"Algoritmo: {_ALGORITHM}.", optional=True),
            _METHOD,
        ),
        spiega,
    ),
    Function(
        "PX_SCOSTAMENTO",
        "Scostamento di ogni risultato dal suo target: consuntivo meno programmato, nell'unità del target; per le percentuali una frazione (-0,06 = -6 punti), per le scadenze i giorni di ritardo.",
        (
            Argument("risultati", f"Risultati (una cella o un intervallo): {_RESULT}."),
            Argument("target", f"Target, uno per risultato o uno solo per tutti: {_TARGET}."),
        ),
        scostamento,
    ),
    Function(
        "PX_UTILIZZO",
        "Quota utilizzata di ogni budget: consuntivo diviso budget, come frazione (dare il formato percentuale). Zero su zero è 0; un importo su un budget zero rende «budget zero».",
        (
            Argument("consuntivo", "Importi spesi o incassati (una cella o un intervallo)."),
            Argument("budget", "Budget, uno per importo o uno solo per tutti."),
        ),
        utilizzo,
        percent=True,
    ),
    Function(
        "PX_ALGORITMO",
        "Calcola la formula di un indicatore sulle sue misure, per esempio «BilCons_DA_Inc / BilCons_DA». Ammette nomi, numeri, + - × ÷ (o * /) e parentesi, nient'altro.",
        (
            Argument("formula", "Formula (una cella o un intervallo di formule), scritta con i nomi delle misure."),
            Argument("nomi", "Nomi (codici) delle misure, come la formula li scrive; le maiuscole non contano."),
            Argument("valori", "Valori delle misure, uno per nome, nello stesso ordine."),
        ),
        algoritmo,
    ),
    Function(
        "PX_INCENTIVO",
        "Incentivo spettante: somme previste per la realizzazione, arrotondate al centesimo con la metà in su. Dove la realizzazione non è misurata rende «N.C.».",
        (
            Argument("previste", "Somme previste, in euro (una cella o un intervallo)."),
            Argument(
                "realizzazione",
                "Realizzazioni, una per somma o una sola per tutte, come le rende PX_REALIZZAZIONE o PX_OBIETTIVO.",
            ),
        ),
        incentivo,
    ),
    Function("PX_VERSIONE", "Versione di perfxl che sta calcolando, per esempio «perfxl 0.1.0».", (), versione),
)

FUNCTIONS: dict[str, Function] = {function.name: function for function in _ALL}
"""By name, in the order of the manual."""
