"""Runs in LibreOffice's own Python, started by `calc.py`: does what a JSON file asks of a running LibreOffice, answers in JSON."""

import json
import sys
import time
from contextlib import suppress

import uno
import unohelper
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException
from com.sun.star.lang import DisposedException
from com.sun.star.task import XInteractionHandler
from com.sun.star.ucb import XCommandEnvironment


class Approve(unohelper.Base, XInteractionHandler):
    """Answers yes: an extension is being installed, and that is what was asked for."""

    def handle(self, request):
        for answer in request.getContinuations():
            yes = answer.queryInterface(uno.getTypeByName("com.sun.star.task.XInteractionApprove"))
            if yes is not None:
                yes.select()
                return


class Environment(unohelper.Base, XCommandEnvironment):
    def getInteractionHandler(self):
        return Approve()

    def getProgressHandler(self):
        return None


def connected(pipe):
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    for _ in range(240):
        try:
            return resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except NoConnectException:
            time.sleep(0.25)
    raise SystemExit("LibreOffice non risponde")


def properties(**values):
    return tuple(PropertyValue(Name=name, Value=value) for name, value in values.items())


def install(context, path):
    manager = context.getValueByName("/singletons/com.sun.star.deployment.ExtensionManager")
    manager.addExtension(uno.systemPathToFileUrl(path), (), "user", manager.createAbortChannel(), Environment())
    return [p.getIdentifier().Value for p in manager.getDeployedExtensions("user", manager.createAbortChannel(), Environment())]


def functions(context):
    """What the function wizard shows of the PX_ functions."""
    service = context.ServiceManager.createInstanceWithContext("com.sun.star.sheet.FunctionDescriptions", context)
    found = {}
    for number in range(service.getCount()):
        one = {p.Name: p.Value for p in service.getByIndex(number)}
        if one["Name"].startswith("PX_"):
            arguments = [[a.Name, a.Description, a.IsOptional] for a in one["Arguments"] or ()]
            found[one["Name"]] = [one["Description"], arguments]
    return found


def interface(context):
    """The methods that Calc knows from perfxl.rdb: name, type of what comes back, (type, name) of every parameter."""
    types = context.getValueByName("/singletons/com.sun.star.reflection.theTypeDescriptionManager")
    members = types.getByHierarchicalName("it.perfxl.XFunzioni").getMembers()
    return [
        [
            m.getMemberName().split("::")[-1],
            m.getReturnType().getName(),
            [[p.getType().getName(), p.getName()] for p in m.getParameters()],
        ]
        for m in members
    ]


def recalculated(desktop, path, times):
    """Every cell of a workbook after a hard recalculation, and how long each took."""
    book = desktop.loadComponentFromURL(uno.systemPathToFileUrl(path), "_blank", 0, properties(Hidden=True, ReadOnly=True))
    seconds = []
    for _ in range(times):
        start = time.perf_counter()
        book.calculateAll()
        seconds.append(time.perf_counter() - start)
    cells = {sheet.getName(): values(sheet) for sheet in book.getSheets()}
    book.close(True)
    return {"cells": cells, "seconds": seconds}


def values(sheet):
    cursor = sheet.createCursor()
    cursor.gotoEndOfUsedArea(False)
    end = cursor.getRangeAddress()
    rows = sheet.getCellRangeByPosition(0, 0, end.EndColumn, end.EndRow).getDataArray()
    return [
        [{"error": sheet.getCellByPosition(c, r).getString()} if v is None else v for c, v in enumerate(row)]
        for r, row in enumerate(rows)
    ]


def typed(desktop, path, formula_cell, inputs):
    """What a person sees who types into cells one after the other: the formula's cell after each."""
    book = desktop.loadComponentFromURL(uno.systemPathToFileUrl(path), "_blank", 0, properties(Hidden=True))
    sheet = book.getSheets().getByIndex(0)
    seen = []
    for address, text in inputs:
        sheet.getCellRangeByName(address).setFormula(text)
        seen.append(sheet.getCellRangeByName(formula_cell).getString())
    book.close(True)
    return seen


def formulas(desktop, path, lines):
    """Formulas as an Italian user types them in Calc, in a new column of the first sheet: text of each cell."""
    book = desktop.loadComponentFromURL(uno.systemPathToFileUrl(path), "_blank", 0, properties(Hidden=True))
    sheet = book.getSheets().getByIndex(0)
    seen = []
    for row, line in enumerate(lines):
        cell = sheet.getCellByPosition(25, row)
        cell.setPropertyValue("FormulaLocal", line)
        seen.append(cell.getString())
    book.close(True)
    return seen


def main(pipe, asked, answer):
    with open(asked, encoding="utf-8") as file:
        request = json.load(file)
    context = connected(pipe)
    desktop = context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
    doing = {
        "install": lambda path: install(context, path),
        "functions": lambda: functions(context),
        "interface": lambda: interface(context),
        "recalculated": lambda path, times: recalculated(desktop, path, times),
        "typed": lambda *arguments: typed(desktop, *arguments),
        "formulas": lambda *arguments: formulas(desktop, *arguments),
    }
    try:
        answers = [doing[what](*arguments) for what, *arguments in request]
    finally:
        with suppress(DisposedException):  # the office may be gone before it answers: that is what was asked of it
            desktop.terminate()
    text = json.dumps(answers)
    with open(answer, "w", encoding="utf-8") as file:
        file.write(text)


main(*sys.argv[1:])
