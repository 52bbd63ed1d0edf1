"""What Jinja says of a text that it can't complete, in Italian: it speaks English only, to programmers."""

from __future__ import annotations

import re

_SAID = (
    (r"block that needs to be closed is '(?P<x>[^']+)'", "«{{% {x} %}}» non è chiuso: manca «{{% end{x} %}}»"),
    (r"Encountered unknown tag '(?P<x>[^']+)'", "«{{% {x} %}}» non esiste, o non ha il suo inizio"),
    (r"No filter named '(?P<x>[^']+)'", "il filtro «{x}» non c'è"),
    (r"No test named '(?P<x>[^']+)'", "la condizione «{x}» non c'è"),
    (r"got 'end of", "tra le graffe manca qualcosa"),
    (r"no loader", "un testo non può includere altri file"),
    (r"got '(?P<x>[^']+)'", "«{x}» non va lì: forse mancano delle graffe"),
    (r"unexpected (?:char )?'(?P<x>[^']+)'", "«{x}» non va lì: forse mancano delle graffe"),
    (r"[Uu]nexpected end of template|[Mm]issing end of", "una graffa o una condizione non è chiusa"),
)
_KINDS = {
    "SecurityError": "il testo chiede ciò che non gli è permesso",
    "ZeroDivisionError": "una divisione per zero",
    "TypeError": "valori che non stanno insieme, o un elenco al posto di un testo",
    "OverflowError": "un numero troppo grande",
    "MemoryError": "un testo troppo lungo",
    "RecursionError": "troppe condizioni una dentro l'altra",
}


def said_of(error: Exception) -> str:
    """Why a text doesn't compile or can't be completed; never in the library's words."""
    text = " ".join(str(error).split())
    for pattern, words in _SAID:
        if (found := re.search(pattern, text)) is not None:
            return words.format(**found.groupdict())
    return _KINDS.get(type(error).__name__, "le graffe, le condizioni o gli elenchi non tornano")
