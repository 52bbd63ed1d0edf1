"""`perfxl giro invia` and `perfxl giro sollecita`: messages to the offices, as drafts, by SMTP or through Outlook."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

import click

from perfxl.cli.giro import giro, register, round_argument, user_name, who_option
from perfxl.cli.guard import DONE, WITH_ERRORS
from perfxl.cli.params import TEXT

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rich.console import Console

    from perfxl.findings import Finding
    from perfxl.rounds import Round
    from perfxl.rounds.channels import Channel, Delivery
    from perfxl.rounds.messages import Letter
    from perfxl.rounds.send import Dispatched, Mailing, Order
    from perfxl.rounds.settings import Settings

DRAFTS, SMTP, OUTLOOK = "bozze", "smtp", "outlook"


def sending_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """What the two commands have in common."""
    for option in reversed((
        click.option(
            "--canale", type=click.Choice((DRAFTS, SMTP, OUTLOOK)), default=DRAFTS, show_default=True,
            help="Come: bozze da spedire a mano, il server di giro.toml, Outlook di questo computer.",
        ),
        click.option("--ufficio", "uffici", multiple=True, type=TEXT, metavar="CODICE", help="Soltanto questo ufficio; ripetibile."),
        click.option("--prova", is_flag=True, help="Dice a chi andrebbe che cosa, senza scrivere né inviare niente."),
        click.option("--di-nuovo", "di_nuovo", is_flag=True, help="Anche a chi lo stesso messaggio è già andato."),
    )):  # fmt: skip
        function = option(function)
    return function


@giro.command(
    short_help="Prepara o spedisce a ogni ufficio la sua scheda.",
    options_metavar="[OPZIONI]",
    epilog="""\b
Esempi:
  perfxl giro invia giro/ --prova
  perfxl giro invia giro/
  perfxl giro invia giro/ --canale smtp --ufficio U1.1 --ufficio U2.1
""",
)
@round_argument
@sending_options
@who_option
def invia(cartella: str, canale: str, uffici: tuple[str, ...], prova: bool, di_nuovo: bool, chi: str) -> int:
    """Prepara o spedisce a ogni ufficio la sua scheda.

    Un messaggio per ufficio, agli indirizzi di uffici.xlsx, con allegata la sua scheda e nessun'altra. I testi sono nella
    cartella messaggi del giro e si possono cambiare. Lo stesso messaggio non parte due volte, se non con --di-nuovo.
    """
    from perfxl.rounds.send import Order
    from perfxl.rounds.wording import Kind

    return _run(cartella, canale, Order(Kind.INVITATION, uffici, di_nuovo, user_name(chi)), dry=prova)


@giro.command(
    short_help="Scrive a chi non ha risposto, o a chi deve correggere.",
    options_metavar="[OPZIONI]",
    epilog="""\b
Esempi:
  perfxl giro sollecita giro/ --prova
  perfxl giro sollecita giro/ --canale smtp --di-nuovo
  perfxl giro sollecita giro/ --da-correggere
""",
)
@round_argument
@sending_options
@click.option(
    "--da-correggere", "da_correggere", is_flag=True, help="Scrive invece a chi deve correggere, con l'elenco delle celle."
)
@who_option
def sollecita(
    cartella: str, canale: str, uffici: tuple[str, ...], prova: bool, di_nuovo: bool, da_correggere: bool, chi: str
) -> int:
    """Scrive a chi non ha risposto, o a chi deve correggere.

    Il sollecito va solo agli uffici da cui non è arrivata nessuna scheda. Con --da-correggere il messaggio elenca, cella per
    cella, che cosa non va nella scheda arrivata. Un secondo sollecito per la stessa scheda parte con --di-nuovo.
    """
    from perfxl.rounds.send import Order
    from perfxl.rounds.wording import Kind

    kind = Kind.CORRECTIONS if da_correggere else Kind.REMINDER
    return _run(cartella, canale, Order(kind, uffici, di_nuovo, user_name(chi)), dry=prova)


def _run(folder: str, channel: str, order: Order, *, dry: bool) -> int:
    from perfxl.cli.terminal import console
    from perfxl.errors import PerfxlError
    from perfxl.rounds.send import dispatch, mailing

    out = console()
    if dry:
        return _show(out, mailing(folder, order))
    try:
        done = dispatch(
            folder, order, channel_maker(folder, channel),
            lambda letter, delivery: _say(out, letter, delivery), lambda plan: _tell_left_out(out, plan),
        )  # fmt: skip
    except PerfxlError:
        with suppress(PerfxlError):  # the register tells what was sent until then; what stopped the work matters more
            register(folder)
        raise
    register(folder)
    return _end(out, done, channel)


def channel_maker(folder: str, channel: str) -> Callable[[Settings, Round], Channel]:
    """How to make the channel once the settings are known."""
    from datetime import datetime
    from pathlib import Path

    from perfxl.errors import RoundError

    def make(settings: Settings, state: Round) -> Channel:
        if channel == OUTLOOK:
            from perfxl.rounds.outlook import OutlookChannel

            return OutlookChannel(settings.sender, Path(folder))
        if channel == SMTP:
            from perfxl.rounds.smtp import SmtpChannel, sent_lately

            if settings.smtp is None:
                raise RoundError("in giro.toml manca la sezione [smtp], con il server: senza si preparano le bozze.")
            lately = sent_lately(state, datetime.now().astimezone())
            return SmtpChannel(settings.smtp, settings.sender, Path(folder), lately=lately)
        from perfxl.rounds.channels import Drafts

        return Drafts(Path(folder), settings.sender, state.offices)

    return make


def _show(out: Console, plan: Mailing) -> int:
    from perfxl.cli.terminal import plural, say

    count = plural(len(plan.letters), "messaggio", "messaggi")
    say(out, f"Prova: {count}; niente è stato scritto né inviato.", "bold")
    for letter in plan.letters:
        say(out, f"– {letter.office}: {'; '.join(letter.addresses)}")
        say(out, f"{letter.subject} · allegata {letter.sheet_name}", indent="    ")
    _tell_left_out(out, plan)
    return _code(plan.findings)


def _say(out: Console, letter: Letter, delivery: Delivery) -> None:
    from perfxl.cli.terminal import say

    if delivery.whole:
        told = delivery.file or "inviato"
    elif delivery.accepted:
        told = f"inviato a {len(delivery.accepted)} di {len(letter.addresses)} indirizzi"
        told += "; agli altri forse" if delivery.unsure else ""
    elif delivery.unsure:
        told = f"forse inviato: {delivery.unsure[0][1]}"
    else:
        told = f"NON inviato: {delivery.refused[0][1]}"
    say(out, f"– {letter.office}: {told}")


def _end(out: Console, done: Dispatched, channel: str) -> int:
    from perfxl.cli.findings_view import print_findings
    from perfxl.cli.terminal import plural, say

    count = sum(bool(delivery.accepted) for _, delivery in done.sent)
    if channel == DRAFTS and count:
        what = plural(count, "bozza pronta", "bozze pronte")
        say(out, f"{what}: si aprono con un doppio clic e si spediscono dal programma di posta.", "bold")
    elif done.sent:
        say(out, f"{plural(count, 'messaggio inviato', 'messaggi inviati')} su {len(done.sent)}.", "bold")
    else:
        say(out, "Niente da inviare.", "bold")
    if done.problems:
        out.print()
        print_findings(out, done.problems, where_all="")
    return _code(done.findings)


def _tell_left_out(out: Console, plan: Mailing) -> None:
    """Who is left out and why, then the findings: told before anything leaves."""
    from itertools import groupby

    from perfxl.cli.findings_view import print_findings
    from perfxl.cli.terminal import say

    by_reason = sorted(plan.skipped, key=lambda pair: pair[1])
    for why, group in groupby(by_reason, key=lambda pair: pair[1]):
        say(out, f"Esclusi, {why}: {', '.join(office for office, _ in group)}")
    if plan.findings:
        print_findings(out, list(plan.findings), where_all="")
        out.print()


def _code(findings: Sequence[Finding]) -> int:
    from perfxl.cli.findings_view import has_errors

    return WITH_ERRORS if has_errors(list(findings)) else DONE
