"""The texts of the messages: three templates in the round's folder that the controller may edit (docs/giro-messaggi.md).

A template is a text file: its first line, `Oggetto: …`, is the subject, the rest the body. Names between double braces are
those of `VARIABLES` and no others: a slip is told with file and line before anything leaves. Templates run in Jinja's sandbox and
know nothing but the values that they are given.
"""

from __future__ import annotations

import re
import traceback
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from perfxl.errors import RoundError
from perfxl.rounds.folder import MESSAGES
from perfxl.writers.keep import write_whole

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jinja2 import Environment, Template


class Kind(StrEnum):
    """What a message is for."""

    INVITATION = "invito"
    REMINDER = "sollecito"
    CORRECTIONS = "correzioni"


VARIABLES = {
    "ente": "l'ente",
    "anno": "l'anno del giro, vuoto se non c'è",
    "periodo": "il periodo di cui si chiedono i risultati, vuoto se non c'è",
    "scadenza": "il giorno entro cui rispondere (15/05/2019), vuoto se non c'è",
    "giorni": "i giorni che mancano alla scadenza (negativi se è passata), vuoto se non c'è scadenza",
    "oggi": "il giorno in cui il messaggio è scritto",
    "ufficio": "il codice dell'ufficio",
    "denominazione": "la denominazione dell'ufficio",
    "responsabile": "il responsabile, come sta in uffici.xlsx",
    "mittente": "il nome del mittente (giro.toml)",
    "rispondi_a": "l'indirizzo a cui rispondere (giro.toml)",
    "scheda": "il nome della scheda allegata",
    "versione": "il numero della versione del piano: 1, poi 2 se il piano cambia nel corso del giro",
    "solleciti": "quanti solleciti l'ufficio ha già avuto per questa scheda",
    "ricevuta": "il nome della scheda da correggere, vuoto negli altri messaggi",
    "ricevuta_il": "quando la scheda da correggere è arrivata, vuoto negli altri messaggi",
    "correzioni": "che cosa correggere: un elenco, ogni voce con numero, foglio, cella, che_cosa, trovato, atteso, rimedio",
    "altre_correzioni": "quante correzioni non sono nell'elenco perché troppe",
    "avvisi": "che cosa sapere, senza dover correggere (una cella bloccata cambiata …): un elenco come quello delle correzioni",
}
"""What a template may name, with what it means: the documentation is checked against it."""

SUBJECT = "Oggetto:"
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")

_GREETING = """\
Gentile {{ responsabile or "collega" }},

"""
_SIGNATURE = """\

Cordiali saluti
{{ mittente or ente }}
"""
DEFAULTS = {
    Kind.INVITATION: "Oggetto: Monitoraggio {{ anno }} {{ periodo }} – scheda da riempire – {{ ufficio }}\n"
    + _GREETING
    + """\
in allegato c'è la scheda di monitoraggio di {{ denominazione or ufficio }} ({{ scheda }}).
{% if versione > 1 %}
Il piano è stato modificato: questa scheda prende il posto di quella inviata in precedenza.
{% endif %}

Le celle da riempire sono quelle colorate; la percentuale compare da sola accanto al risultato. Le altre celle sono bloccate.
Salvi la scheda con il suo nome e la rispedisca in risposta a questo messaggio{% if scadenza %} entro il {{ scadenza }}{% endif %}.
"""
    + _SIGNATURE,
    Kind.REMINDER: "Oggetto: Sollecito – Monitoraggio {{ anno }} {{ periodo }} – {{ ufficio }}\n"
    + _GREETING
    + """\
non abbiamo ancora ricevuto la scheda di monitoraggio di {{ denominazione or ufficio }}.
{% if scadenza and giorni < 0 %}
Il termine era il {{ scadenza }}.
{% elif scadenza %}
Il termine è il {{ scadenza }}.
{% endif %}

La alleghiamo di nuovo ({{ scheda }}): la riempia e la rispedisca in risposta a questo messaggio. Se l'ha già inviata, ci dica
quando e a quale indirizzo.
"""
    + _SIGNATURE,
    Kind.CORRECTIONS: "Oggetto: Scheda da correggere – Monitoraggio {{ anno }} {{ periodo }} – {{ ufficio }}\n"
    + _GREETING
    + """\
la scheda {{ ricevuta }}, arrivata il {{ ricevuta_il }}, non può ancora essere contata. Che cosa guardare, cella per cella:

{% for voce in correzioni %}
{{ voce.numero }}. {% if voce.cella %}foglio {{ voce.foglio }}, cella {{ voce.cella }}{% elif voce.foglio %}foglio {{ voce.foglio }}\
{% else %}tutta la scheda{% endif %}: {{ voce.che_cosa }}
   trovato: {{ voce.trovato }}
   atteso: {{ voce.atteso }}
   che cosa fare: {{ voce.rimedio }}

{% endfor %}
{% if altre_correzioni %}
… e altre {{ altre_correzioni }}.

{% endif %}
{% if avvisi %}
Da sapere, senza che serva correggere:

{% for voce in avvisi %}
– {% if voce.cella %}foglio {{ voce.foglio }}, cella {{ voce.cella }}: {% endif %}{{ voce.che_cosa }}, {{ voce.trovato }}
{% endfor %}

{% endif %}
Corregga la scheda che ci ha inviato e la rispedisca per intero in risposta a questo messaggio. Quella allegata ({{ scheda }})
è la scheda vuota in vigore: va riempita al posto della prima se questa è di un altro periodo o piano, o se ha righe o fogli in meno.
"""
    + _SIGNATURE,
}


@dataclass(frozen=True, slots=True)
class Text:
    """A template that compiled; `render` gives subject and body."""

    path: Path
    subject: Template
    body: Template

    def render(self, values: Mapping[str, Any]) -> tuple[str, str]:
        """Subject and body with the values.

        Raises:
            RoundError: (attribute `path`) the template does what can't be done with them, or makes a text that can't travel.
        """
        assert set(values) == set(VARIABLES)
        subject = " ".join(_rendered(self.subject, values, self.path)[len(SUBJECT) :].split())
        body = _rendered(self.body, values, self.path)
        for what, text in (("l'oggetto", subject), ("il testo", body)):
            if (wrong := _CONTROL.search(text)) is not None:
                said = f"{what} del messaggio contiene un carattere di controllo (U+{ord(wrong[0]):04X}): toglierlo"
                raise RoundError(f"{self.path}: {said}.", path=str(self.path))
        return subject, body.strip("\n") + "\n"


def text_path(folder: str | Path, kind: Kind) -> Path:
    """Where the template of a kind of message lies: `messaggi/invito.txt`."""
    return Path(folder) / MESSAGES / f"{kind}.txt"


def write_texts(folder: str | Path) -> None:
    """Write the templates that aren't there, to be edited. Those that are there stay as they are."""
    for kind in Kind:
        path = text_path(folder, kind)
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            source = DEFAULTS[kind].encode()
            write_whole(path, lambda temporary, source=source: temporary.write_bytes(source))  # type: ignore[misc]


def read_text(folder: str | Path, kind: Kind) -> Text:
    """The template of a kind of message; the default where the round has none yet.

    Raises:
        RoundError: (attribute `path`) it can't be read, doesn't compile, names an unknown variable, or has no subject.
    """
    path = text_path(folder, kind)
    try:
        source = path.read_text(encoding="utf-8-sig") if path.exists() else DEFAULTS[kind]
    except UnicodeDecodeError as error:
        raise RoundError(f"{path}: il testo non è in UTF-8: salvarlo come testo UTF-8.", path=str(path)) from error
    except OSError as error:
        raise RoundError(f"{path}: il testo non si può leggere ({error.strerror or error}).", path=str(path)) from error
    first, _, rest = source.partition("\n")
    if not first.startswith(SUBJECT) or not first[len(SUBJECT) :].strip():
        raise _fault(path, 1, f"la prima riga deve essere «{SUBJECT} …», con l'oggetto del messaggio")
    environment = _environment()
    subject = _compiled(environment, first, path)
    return Text(path, subject, _compiled(environment, "\n" + rest, path))  # the line end keeps the numbers of the lines right


def _environment() -> Environment:
    from jinja2 import StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    environment = ImmutableSandboxedEnvironment(  # plain text: there is nothing to escape, and `&amp;` would be read as such
        undefined=StrictUndefined, autoescape=False, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True
    )
    environment.globals.clear()
    return environment


def _compiled(environment: Environment, source: str, path: Path) -> Template:
    from jinja2 import TemplateSyntaxError, meta, nodes

    from perfxl.rounds.jinja_words import said_of

    try:
        tree = environment.parse(source, filename=str(path))
        unknown = meta.find_undeclared_variables(tree) - VARIABLES.keys()
        code = environment.compile(source, name=path.name, filename=str(path))
    except TemplateSyntaxError as error:
        raise _fault(path, error.lineno, f"il modello del testo non è valido ({said_of(error)})") from error
    if unknown:
        line, name = min((each.lineno, each.name) for each in tree.find_all(nodes.Name) if each.name in unknown)
        raise _fault(path, line, f"«{name}» non è una variabile dei messaggi; ci sono: {', '.join(VARIABLES)}")
    return environment.template_class.from_code(environment, code, environment.globals)


def _rendered(template: Template, values: Mapping[str, Any], path: Path) -> str:
    try:
        return template.render(values)
    except Exception as error:  # a template may fail in any way, and each is a fault of that line
        lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(path)]
        said = _told(error)
        raise _fault(path, (lines[-1] if lines else None) or 1, f"il modello del testo non si può completare ({said})") from error


def _told(error: Exception) -> str:
    """What an error says, in a line; the name that isn't there, where that is the trouble."""
    from jinja2 import UndefinedError

    from perfxl.rounds.jinja_words import said_of

    text = " ".join(str(error).split())
    name = re.search(r"'([^']+)'(?: is undefined)?$", text)
    if isinstance(error, UndefinedError):
        return f"«{name[1]}» non c'è" if name else "un valore che non c'è"
    return said_of(error)


def _fault(path: Path, line: int, what: str) -> RoundError:
    return RoundError(f"{path}, riga {line}: {what}.", path=str(path), line=line)
