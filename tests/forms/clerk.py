"""A clerk at the keyboard: opens a workbook in LibreOffice Calc, types into cells, saves under another name.

Run by the system's Python (`uno`), never imported. Standard input: a JSON job {"soffice", "profile", "source", "target", "sheet",
"locked": [cell, …], "typed": [[cell, text], …], "shown": [cell, …]}. Standard output: {"refused": {cell: [before, after]}, "after":
{cell: text}, "protected": true} as JSON.
Every text goes through `.uno:EnterString`, the command behind the keyboard: it reads numbers and dates as the locale says and it
respects the sheet's protection. The office is a process of its own in its own session; it is ended by its id, whatever happens.
"""

import json
import os
import signal
import subprocess
import sys
import time
import uuid
from pathlib import Path

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException

CONNECT_WITHIN = 90.0


def value(name, content):
    prop = PropertyValue()
    prop.Name, prop.Value = name, content
    return prop


def connect(pipe, process):
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    end = time.monotonic() + CONNECT_WITHIN
    while True:
        try:
            return resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except NoConnectException:
            if time.monotonic() > end or process.poll() is not None:
                raise
            time.sleep(0.2)


def work(job, context):
    manager = context.ServiceManager
    desktop = manager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
    document = desktop.loadComponentFromURL(Path(job["source"]).as_uri(), "_blank", 0, ())
    try:
        sheet = document.Sheets.getByName(job["sheet"])
        controller = document.CurrentController
        controller.setActiveSheet(sheet)
        dispatcher = manager.createInstanceWithContext("com.sun.star.frame.DispatchHelper", context)
        frame = controller.Frame

        def enter(cell, text):
            dispatcher.executeDispatch(frame, ".uno:GoToCell", "", 0, (value("ToPoint", cell),))
            dispatcher.executeDispatch(frame, ".uno:EnterString", "", 0, (value("StringName", text),))

        def shown(cell):
            return sheet.getCellRangeByName(cell).String

        refused = {}
        for cell in job["locked"]:
            before = shown(cell)
            enter(cell, "manomesso")
            refused[cell] = [before, shown(cell)]
        for cell, text in job["typed"]:
            enter(cell, text)
        after = {cell: shown(cell) for cell in (*(cell for cell, _ in job["typed"]), *job["shown"])}
        filter_name = (value("FilterName", "Calc MS Excel 2007 XML"),)
        document.storeToURL(Path(job["target"]).as_uri(), filter_name)
        return {"refused": refused, "after": after, "protected": sheet.isProtected()}
    finally:
        document.close(True)


def main():
    job = json.load(sys.stdin)
    pipe = f"perfxl-{uuid.uuid4().hex}"
    command = [
        job["soffice"], f"-env:UserInstallation={Path(job['profile']).as_uri()}", "--headless", "--norestore", "--nologo",
        f"--accept=pipe,name={pipe};urp;",
    ]  # fmt: skip
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        answer = work(job, connect(pipe, process))
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
