"""The Excel face of perfxl: functions and macros for xlwings, thin; everything is computed in `perfxl.functions` and `perfxl.live`.

Help texts and arguments are the catalogue's (`perfxl.functions.catalogue`). No annotations on the functions: xlwings takes them
for converters. The module loads on any system; without Excel the decorators do nothing.
"""
# ruff: noqa: ANN001, ANN002, ANN201, ANN202, D103, N802

from __future__ import annotations

import xlwings as xw

from perfxl.functions.catalogue import CATEGORY, FUNCTIONS
from perfxl.functions.cells import errors_named


def _registered(function):
    """The decorators of xlwings in the only order that holds: arguments first, `func` last, for it sets category and the rest anew."""
    entry = FUNCTIONS[function.__name__]
    function.__doc__ = entry.help
    for argument in reversed(entry.arguments):
        function = xw.arg(argument.name, ndim=2, err_to_str=True, doc=argument.help)(function)
    return xw.func(category=CATEGORY)(function)


def _call(name, *arguments):
    return FUNCTIONS[name].call(*map(errors_named, arguments))


@_registered
def PX_REALIZZAZIONE(risultati, target, algoritmi=None, metodo=None):
    return _call("PX_REALIZZAZIONE", risultati, target, algoritmi, metodo)


@_registered
def PX_STATO(realizzazioni, metodo=None):
    return _call("PX_STATO", realizzazioni, metodo)


@_registered
def PX_OBIETTIVO(realizzazioni, pesi=None, metodo=None):
    return _call("PX_OBIETTIVO", realizzazioni, pesi, metodo)


@_registered
def PX_STRATEGICO(indicatori, operativi, metodo=None):
    return _call("PX_STRATEGICO", indicatori, operativi, metodo)


@_registered
def PX_LEGGI_TARGET(testi, algoritmi=None):
    return _call("PX_LEGGI_TARGET", testi, algoritmi)


@_registered
def PX_LEGGI_RISULTATO(testi):
    return _call("PX_LEGGI_RISULTATO", testi)


@_registered
def PX_SPIEGA(risultato, target, algoritmo=None, metodo=None):
    return _call("PX_SPIEGA", risultato, target, algoritmo, metodo)


@_registered
def PX_SCOSTAMENTO(risultati, target):
    return _call("PX_SCOSTAMENTO", risultati, target)


@_registered
def PX_UTILIZZO(consuntivo, budget):
    return _call("PX_UTILIZZO", consuntivo, budget)


@_registered
def PX_ALGORITMO(formula, nomi, valori):
    return _call("PX_ALGORITMO", formula, nomi, valori)


@_registered
def PX_INCENTIVO(previste, realizzazione):
    return _call("PX_INCENTIVO", previste, realizzazione)


@_registered
def PX_VERSIONE():
    return _call("PX_VERSIONE")


# -- macros: each is what a button runs, with the workbook that the button stands in ------------------------------------------


def raccogli():
    """Choose a folder, read it, list what came and what is missing."""
    from perfxl.live import raccogli as run

    run(xw.Book.caller())


def ricalcola():
    """Score the open workbook's sheets and write the percent column where the layout has one."""
    from perfxl.live import ricalcola as run

    run(xw.Book.caller())


def riepiloghi():
    """Write or refresh the summary tabs."""
    from perfxl.live import riepiloghi as run

    run(xw.Book.caller())


def verifica():
    """Write the findings tab and go to the cell of the first."""
    from perfxl.live import verifica as run

    run(xw.Book.caller())


def congela():
    """Save a copy without functions, macros and links, to be sent."""
    from perfxl.live import congela as run

    run(xw.Book.caller())


def annulla():
    """Go back to the copy that was taken before the last command."""
    from perfxl.live import annulla as run

    run(xw.Book.caller())
