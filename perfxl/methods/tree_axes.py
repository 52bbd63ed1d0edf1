"""Axes of a profile beyond the single score: states, what isn't measured, the tree, people, rounding, reading, labels."""

from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from perfxl.methods.fields import Count, Flag, Number, Percent, Section, Text, choice, part

RoundingMode = Literal["half_up", "half_even", "half_down", "truncate"]
_MODES = {
    "half_up": "al più vicino, la metà in su (per eccesso in valore assoluto)",
    "half_even": "al più vicino, la metà al pari",
    "half_down": "al più vicino, la metà in giù",
    "truncate": "troncamento, sulla frazione esatta",
}


class StateLevel(Section):
    """Thresholds of a level of the tree.

    The percent is already a share of the target (100 = target), so a *relative* tolerance of 10 (a tenth of the target)
    and one of 10 points draw the same line at 90; the key records which of the two the document speaks of.
    """

    tolerance: Percent = Field(Decimal(10), description="tolleranza: raggiunto da 100 meno questo valore in su")
    tolerance_kind: Literal["points", "relative"] = choice(
        "points",
        "che cos'è la tolleranza",
        points="punti percentuali di realizzazione",
        relative="percentuale del target (sulla realizzazione, che è già in percentuale del target, la soglia è la stessa)",
    )
    critical: Percent = Field(Decimal(50), description="soglia critica: sotto questo valore è non raggiunto")

    @property
    def reached_from(self) -> Decimal:
        """Percent from which the state is *raggiunto*: 100 − tolerance, for both kinds (see the class)."""
        return Decimal(100) - self.tolerance

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.critical > self.reached_from:
            raise ValueError(f"critical|un numero non maggiore di 100 − tolerance ({self.reached_from})")
        return self


class States(Section):
    """Thresholds by level. `strategic` also serves areas, the body, people and offices."""

    indicator: StateLevel = part(StateLevel, "indicatori")
    operational: StateLevel = part(StateLevel, "obiettivi operativi e progetti")
    strategic: StateLevel = part(StateLevel, "obiettivi strategici, aree, ente, persone, uffici")


class NotMeasured(Section):
    """What becomes of an indicator without a usable result."""

    policy: Literal["left_out", "zero", "full", "previous_value", "blocks_parent"] = choice(
        "left_out",
        "indicatore non misurato",
        left_out="fuori dalle medie, gli altri pesi riproporzionati",
        zero="vale 0",
        full="vale 100",
        previous_value="vale la percentuale dell'anno precedente, quando è nota; altrimenti fuori dalle medie",
        blocks_parent="anche l'obiettivo da cui dipende è non misurato",
    )
    before_due: Literal["left_out", "zero"] = choice(
        "left_out",
        "cella vuota prima della scadenza",
        left_out="non ancora dovuto: fuori dalle medie",
        zero="vale 0",
    )
    serial_zero: Literal["not_measured", "zero"] = choice(
        "not_measured",
        "data zero di Excel (00/01/1900)",
        not_measured="non misurato, con un'anomalia",
        zero="vale 0",
    )
    narrative: Literal["left_out", "zero"] = choice(
        "left_out",
        "risultato descrittivo da cui non segue una misura",
        left_out="fuori dalle medie, con un'anomalia",
        zero="vale 0",
    )
    words: tuple[Text, ...] = Field(
        ("N.C.", "n.d."),
        description="parole che dicono «non misurato»: il risultato è tale se comincia con una di esse",
    )


class Rollup(Section):
    """How the figures of a level follow from those below."""

    indicators: Literal["weighted_mean", "plain_mean", "worst"] = choice(
        "weighted_mean",
        "dagli indicatori all'obiettivo",
        weighted_mean="media pesata dei misurati (semplice dove non ci sono pesi)",
        plain_mean="media semplice dei misurati: un peso scritto in un foglio non conta, e un'anomalia lo dice",
        worst="il peggiore",
    )
    own_pct: Percent = Field(Decimal(60), description="obiettivo strategico: quota degli indicatori propri")
    children_pct: Percent = Field(Decimal(40), description="obiettivo strategico: quota degli obiettivi operativi sottostanti")
    missing_part: Literal["other_takes_all", "blocks"] = choice(
        "other_takes_all",
        "obiettivo strategico con una delle due parti non misurata",
        other_takes_all="l'altra parte vale per intero",
        blocks="l'obiettivo è non misurato",
    )
    strategic: Literal["own_and_children", "children_only"] = choice(
        "own_and_children",
        "obiettivo strategico",
        own_and_children="quota propria e quota degli obiettivi sottostanti",
        children_only="media degli obiettivi (o progetti) sottostanti; gli indicatori propri sono mostrati a parte",
    )
    area: Literal["weighted_mean", "worst"] = choice(
        "weighted_mean",
        "dagli obiettivi strategici all'area",
        weighted_mean="media pesata (semplice dove non ci sono pesi)",
        worst="il peggiore",
    )
    body: Literal["weighted_mean", "worst"] = choice(
        "weighted_mean",
        "dalle aree all'ente",
        weighted_mean="media pesata (semplice dove non ci sono pesi)",
        worst="il peggiore",
    )
    headline: Literal["tree", "typed_objectives"] = choice(
        "tree",
        "cifra principale dell'ente",
        tree="quella dell'albero",
        typed_objectives="media degli obiettivi di ente digitati; quella dell'albero è mostrata a parte",
    )
    cascade: Literal["mean", "against_threshold"] = choice(
        "mean",
        "indicatore a cascata (realizzazione del 90 % degli obiettivi …)",
        mean="media delle percentuali degli obiettivi richiamati",
        against_threshold="la media rapportata alla soglia scritta (il 90 %)",
    )
    shared_objective: Literal["by_projects", "first_programme"] = choice(
        "by_projects",
        "obiettivo in quota parte tra più programmi (missioni e programmi, DM 27/3/2013)",
        by_projects="conta una volta sola: in ogni programma per la quota dei suoi progetti",
        first_programme="conta una volta sola: intero nel primo programma che lo riporta",
    )
    same_indicator: Literal["mean", "sum", "worst"] = choice(
        "mean",
        "stesso indicatore in più uffici (TUTTI), quando l'ente non ha un valore suo",
        mean="media delle percentuali, dopo il massimo",
        sum="somma dei risultati, per i conteggi",
        worst="il peggiore",
    )
    typed_input: Literal["computed_counts", "typed_counts"] = choice(
        "computed_counts",
        "percentuale digitata in un foglio diversa da quella calcolata",
        computed_counts="vale quella calcolata; la digitata è mostrata accanto",
        typed_counts="vale quella digitata; la ricalcolata è mostrata accanto",
    )

    @model_validator(mode="after")
    def _shares(self) -> Self:
        if self.own_pct + self.children_pct != 100:
            raise ValueError(f"own_pct|own_pct + children_pct = 100 (qui {self.own_pct} + {self.children_pct})")
        return self


class People(Section):
    """Objectives of the SG, of managers, of PO."""

    weights: Literal["printed", "equal"] = choice(
        "printed",
        "pesi degli obiettivi individuali",
        printed="quelli stampati, riproporzionati sui misurati",
        equal="tutti uguali",
    )
    weights_sum: Number = Field(Decimal(100), gt=0, description="somma che i pesi stampati devono dare")
    complexity: Literal["multiplies_weight", "ignored"] = choice(
        "ignored",
        "coefficiente di complessità (PO e uffici)",
        multiplies_weight="moltiplica il peso",
        ignored="non considerato",
    )
    po: Literal["own_indicators_mean"] = choice(
        "own_indicators_mean",
        "percentuale di una posizione organizzativa",
        own_indicators_mean="media dei suoi indicatori misurati",
    )


class Rounding(Section):
    """Rounding of the exact value, never of its binary approximation."""

    mode: RoundingMode = choice("half_up", "arrotondamento delle percentuali", **_MODES)
    decimals: Annotated[Count, Field(le=6)] = Field(2, description="decimali delle percentuali")
    stage: Literal["shown", "each_level"] = choice(
        "shown",
        "quando si arrotonda",
        shown="solo quando la cifra è mostrata: l'albero calcola sul valore esatto",
        each_level="a ogni livello: il valore arrotondato passa al livello superiore",
    )
    money_mode: RoundingMode = choice("half_up", "arrotondamento di importi e quote", **_MODES)
    money_decimals: Annotated[Count, Field(le=6)] = Field(2, description="decimali di importi e quote")
    printed: Literal["truncate_to_printed", "round_to_printed"] = choice(
        "round_to_printed",
        "confronto con una cifra stampata con meno decimali",
        truncate_to_printed="coincide se la nostra, troncata a quei decimali, è uguale",
        round_to_printed="coincide se la nostra, arrotondata a quei decimali, è uguale",
    )


class Reading(Section):
    """Reading during the year."""

    in_year: Literal["full_year", "pro_rata"] = choice(
        "full_year",
        "lettura ufficiale in corso d'anno",
        full_year="contro il target dell'anno intero",
        pro_rata="per i conteggi, contro la quota di target del periodo trascorso",
    )
    show_pro_rata: Flag = Field(
        True, description="mostra accanto la lettura pro rata, quando è data la data di riferimento (--al)"
    )


class Override(Section):
    """Corrections of the evaluator (*rettifiche*)."""

    allowed: Flag = Field(True, description="ammette le rettifiche del valutatore, mostrate accanto al valore calcolato")
    reason_required: Flag = Field(True, description="rifiuta una rettifica senza motivo")


class Returns(Section):
    """What an office's reply must hold to be accepted (*perfxl giro*)."""

    note_below: Literal["reached", "partial", "never"] = choice(
        "partial",
        "sotto quale stato la nota dell'ufficio è obbligatoria",
        reached="per ciò che non è raggiunto",
        partial="per ciò che non è nemmeno parzialmente raggiunto",
        never="mai",
    )
    note_when_unmeasured: Flag = Field(
        True, description="nota obbligatoria dove il risultato è «non misurato» (N.C., n.d., rinvio)"
    )
    evidence: Flag = Field(False, description="ogni risultato deve indicare l'evidenza")


class Labels(Section):
    """Words of the sheets that aren't codes of offices."""

    all: Text = Field("TUTTI", description="scritta che assegna un indicatore a tutti gli uffici")
    body: Text = Field("ENTE", description="scritta che assegna un indicatore all'ente nel suo insieme")
    not_offices: tuple[Text, ...] = Field((), description="scritte nella colonna UFFICIO che non sono uffici")
