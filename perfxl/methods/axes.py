"""Scoring axes of a profile: how a result is set against a target (METHODS.md, first table, rows 1 to 19).

In the meanings A is the result (*consuntivo*) and T the target (*programmato*).
"""

from decimal import Decimal
from itertools import pairwise
from typing import Literal, Self

from pydantic import Field, model_validator

from perfxl.methods.fields import CapNumber, Count, Number, Percent, Section, choice, part


class LateBand(Section):
    """A band of a late deadline: up to `days` of delay (included) the percent is `pct`; past the last band it is 0."""

    days: Count = Field(description="giorni di ritardo fino ai quali (compresi) la fascia vale")
    pct: Percent = Field(description="percentuale riconosciuta entro la fascia")


class Bands(Section):
    """What becomes of the percent once computed (Caserta, Avvocatura dello Stato).

    Shapes: `steps` has one value more than the edges (`edges=[50, 80]`, `values=[0, 70, 90]`: under 50 scores 0, between
    70, over 80 scores 90); `pro_rata` has one value for each edge and is linear between two edges, flat outside them;
    `clamp` has two edges and two values: under the first edge the first value, over the second edge the second value,
    as is between them; `as_is` has none.
    """

    mode: Literal["as_is", "steps", "pro_rata", "clamp"] = choice(
        "as_is",
        "fasce applicate alla percentuale calcolata",
        as_is="nessuna fascia: la percentuale resta com'è",
        steps="a gradini: ogni fascia vale il suo punteggio (values ha un valore in più di edges)",
        pro_rata="proporzionale dentro la fascia, tra il valore di un estremo e quello del successivo",
        clamp="sotto il primo estremo vale il primo valore, sopra il secondo vale il secondo, in mezzo la percentuale stessa",
    )
    edges: tuple[Number, ...] = Field((), description="estremi delle fasce, in percentuale, crescenti")
    values: tuple[Number, ...] = Field((), description="punteggi delle fasce, in percentuale")
    edge_belongs: Literal["above", "below"] = choice(
        "above",
        "a quale fascia appartiene l'estremo",
        above="alla fascia superiore",
        below="alla fascia inferiore",
    )

    @model_validator(mode="after")
    def _shape(self) -> Self:
        if any(low >= high for low, high in pairwise(self.edges)):
            raise ValueError("bands.edges|estremi strettamente crescenti")
        edges = len(self.edges)
        if self.mode == "as_is" and (edges or self.values):
            raise ValueError("bands.mode|steps, pro_rata o clamp quando edges o values sono indicati")
        if self.mode == "clamp" and edges != 2:
            raise ValueError("bands.edges|due estremi (mode = clamp)")
        if self.mode in ("steps", "pro_rata") and not edges:
            raise ValueError(f"bands.edges|almeno un estremo (mode = {self.mode})")
        wanted = edges + 1 if self.mode == "steps" else edges
        if len(self.values) != wanted:
            raise ValueError(f"bands.values|{wanted} valori (mode = {self.mode}, {edges} estremi)")
        return self


class Scoring(Section):
    """How a result is set against a target."""

    increasing: Literal["ratio", "met_or_missed"] = choice(
        "ratio",
        "target da raggiungere (>=)",
        ratio="100·A/T",
        met_or_missed="100 se raggiunto, 0 se mancato",
    )
    decreasing: Literal["target_over_result", "linear", "met_or_missed"] = choice(
        "target_over_result",
        "target da non superare (<=)",
        target_over_result="100·T/A, e 100 dove A <= T",
        linear="100·(2T−A)/T",
        met_or_missed="100 se rispettato, 0 se superato",
    )
    zero_target: Literal["holds_or_zero", "not_computable"] = choice(
        "holds_or_zero",
        "target uguale a zero",
        holds_or_zero="100 dove la condizione vale, altrimenti 0",
        not_computable="non calcolabile: l'indicatore è non misurato",
    )
    percent_result: Literal["measure", "declared"] = choice(
        "measure",
        "che cos'è una percentuale scritta come risultato",
        measure="la misura, da confrontare con il target",
        declared="la realizzazione dichiarata dall'ufficio: 74 % vale 74 qualunque sia il target",
    )
    equality: Literal["as_increasing", "exact_or_zero"] = choice(
        "as_increasing",
        "target di uguaglianza (= 100 %, n. 3)",
        as_increasing="come un target da raggiungere (>=)",
        exact_or_zero="100 se uguale, altrimenti 0",
    )
    strict: Literal["not_reached_at_equality", "ratio_only"] = choice(
        "not_reached_at_equality",
        "target con disuguaglianza stretta (> 60 %, < 5 gg)",
        not_reached_at_equality="finché non è vera (all'uguaglianza, o sotto) la percentuale è quella del rapporto, ma lo stato non è mai «raggiunto»",
        ratio_only="come se la disuguaglianza non fosse stretta",
    )
    range: Literal["distance", "zero_outside"] = choice(
        "distance",
        "target a intervallo (380 % - 390 %)",
        distance="dentro 100; fuori 100·(1 − distanza dall'estremo più vicino / valore assoluto dell'estremo)",
        zero_outside="dentro 100, fuori 0",
    )
    deadline: Literal["late_zero", "late_bands", "proportional"] = choice(
        "late_zero",
        "scadenza (entro il …)",
        late_zero="nei termini 100, in ritardo 0",
        late_bands="nei termini 100, in ritardo secondo le fasce di giorni di late_bands, oltre l'ultima 0",
        proportional="nei termini 100, poi in proporzione ai giorni di ritardo, 0 da proportional_days in poi",
    )
    late_bands: tuple[LateBand, ...] = Field((), description="fasce di ritardo: giorni e percentuale (con deadline = late_bands)")
    proportional_days: Count = Field(0, description="giorni di ritardo ai quali la percentuale è 0 (con deadline = proportional)")
    several_deadlines: Literal["mean_of_parts", "all_or_nothing"] = choice(
        "mean_of_parts",
        "più scadenze nella stessa cella (entro il 30/06 e 31/12)",
        mean_of_parts="media delle parti, una data per ogni scadenza",
        all_or_nothing="100 se tutte rispettate, altrimenti 0",
    )
    single_date: Literal["against_last", "unreadable"] = choice(
        "against_last",
        "una sola data di risultato per più scadenze",
        against_last="confrontata con l'ultima scadenza, con un'anomalia",
        unreadable="risultato non leggibile, con un'anomalia",
    )
    days_within: Literal["as_decreasing", "met_or_missed"] = choice(
        "as_decreasing",
        "giorni entro cui fare (entro 15 gg chiusura quadrimestre)",
        as_decreasing="come un target da non superare, sui giorni",
        met_or_missed="100 se nei giorni, altrimenti 0",
    )
    milestone: Literal["done_or_not", "declared_percent"] = choice(
        "done_or_not",
        "cosa da realizzare (realizzazione, report)",
        done_or_not="100 se fatta, 0 se non fatta",
        declared_percent="la percentuale dichiarata; se è scritto solo che è fatta 100, che non è fatta 0",
    )
    relative: Literal["previous_value", "not_computable"] = choice(
        "previous_value",
        "target relativo (> del 2016, -20 % rispetto al 2017)",
        previous_value="confrontato con il valore dell'anno precedente, quando è noto; altrimenti non misurato",
        not_computable="non calcolabile: l'indicatore è non misurato",
    )
    target_from: Literal["target_cell", "indicator_text"] = choice(
        "target_cell",
        "dove si legge il target",
        target_cell="nella colonna del target",
        indicator_text="nel testo dell'indicatore",
    )
    cap: CapNumber = Field(Decimal(100), description="massimo della percentuale; «nessuno» per non limitarla")
    floor: Number = Field(Decimal(0), description="minimo della percentuale")
    reached_scores: Literal["own_percent", "full"] = choice(
        "own_percent",
        "quanto vale un indicatore raggiunto",
        own_percent="la sua percentuale",
        full="100",
    )
    negative: Literal["signed", "not_computable"] = choice(
        "signed",
        "target o risultato negativo (<= - 15,00 %)",
        signed="confrontati con il loro segno; lo scarto è rapportato al valore assoluto del target",
        not_computable="non calcolabile: l'indicatore è non misurato",
    )
    bands: Bands = part(Bands, "fasce")

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        if self.cap is not None and self.cap < self.floor:
            raise ValueError(f"cap|un numero non minore di floor ({self.floor}), o «nessuno»")
        if self.deadline == "late_bands" and not self.late_bands:
            raise ValueError("late_bands|almeno una fascia { days, pct } (deadline = late_bands)")
        if any(a.days >= b.days for a, b in pairwise(self.late_bands)):
            raise ValueError("late_bands|fasce con giorni strettamente crescenti")
        if self.deadline == "proportional" and not self.proportional_days:
            raise ValueError("proportional_days|un numero di giorni maggiore di 0 (deadline = proportional)")
        return self
