"""Click's own words in Italian.

Click passes each of its messages through `gettext`, whose language follows the machine's settings; an Italian office must
read Italian on any machine, so while a command runs the translation function of click's modules is ours. What is not in
the table below stays in English: a test drives every usage error of the program and looks for English words.
"""

from __future__ import annotations

import contextlib
import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

_MODULES = ("core", "decorators", "exceptions", "formatting", "parser", "termui", "types", "utils")

# English as click writes it (8.2 to 8.5: some messages changed their punctuation) → Italian.
_WORDS = {
    "Usage:": "Uso:",
    "Options": "Opzioni",
    "Commands": "Comandi",
    "Positional arguments": "Argomenti",
    "Show this message and exit.": "Mostra questo aiuto ed esce.",
    "Show the version and exit.": "Mostra la versione ed esce.",
    "default: {default}": "se manca: {default}",
    "(dynamic)": "(calcolato)",
    "required": "obbligatoria",
    "Error: {message}": "Errore: {message}",
    "Try '{command} {option}' for help.": "Per l'aiuto: {command} {option}",
    "Invalid value: {message}": "Valore non valido: {message}",
    "Invalid value for {param_hint}: {message}": "Valore non valido per {param_hint}: {message}",
    "Missing argument": "Manca l'argomento",
    "Missing option": "Manca l'opzione",
    "Missing parameter": "Manca il parametro",
    "Missing parameter: {param_name}": "Manca il parametro: {param_name}",
    "Missing {param_type}": "Manca {param_type}",
    "Missing command.": "Manca il comando.",
    "No such option {name!r}.": "Opzione sconosciuta: {name}.",
    "No such option: {name}": "Opzione sconosciuta: {name}.",
    "No such command {name!r}.": "Comando sconosciuto: {name}.",
    "Did you mean {possibility}?": "Forse {possibility}?",
    "(Did you mean one of: {possibilities}?)": "(Forse una di queste: {possibilities}?)",
    "(Possible options: {possibilities})": "(Forse una di queste: {possibilities}?)",
    "Option {name!r} requires an argument.": "L'opzione {name} vuole un valore.",
    "Option {name!r} requires {nargs} arguments.": "L'opzione {name} vuole {nargs} valori.",
    "Option {name!r} does not take a value.": "L'opzione {name} non vuole un valore.",
    "Got unexpected extra argument ({args})": "Argomento di troppo: {args}.",
    "Got unexpected extra arguments ({args})": "Argomenti di troppo: {args}.",
    "Argument {name!r} takes {nargs} values.": "L'argomento {name} vuole {nargs} valori.",
    "{value!r} is not {choice}.": "«{value}» non è {choice}.",
    "{value!r} is not one of {choices}.": "«{value}» non è tra {choices}.",
    "Choose from:\n\t{choices}": "Scegliere tra: {choices}",
    "Could not open file {filename!r}: {message}": "Il file «{filename}» non si apre: {message}",
    "unknown error": "errore sconosciuto",
    "Aborted!": "Interrotto.",
    "%(prog)s, version %(version)s": "%(prog)s %(version)s",
}


def translate(message: str) -> str:
    """Click's message in Italian, or as it is when it isn't in the table."""
    return _WORDS.get(message, message)


def translate_plural(singular: str, plural: str, count: int) -> str:
    """The same for messages that have a singular and a plural."""
    return translate(singular if count == 1 else plural)


@contextlib.contextmanager
def italian_click() -> Iterator[None]:
    """While the block runs, click speaks Italian; afterwards its modules are as they were."""
    ours = {"_": translate, "ngettext": translate_plural}
    before: list[tuple[ModuleType, str, object]] = []
    for name in _MODULES:
        module = importlib.import_module(f"click.{name}")
        for attribute, replacement in ours.items():
            if hasattr(module, attribute):
                before.append((module, attribute, getattr(module, attribute)))
                setattr(module, attribute, replacement)
    try:
        yield
    finally:
        for changed, attribute, original in before:
            setattr(changed, attribute, original)
