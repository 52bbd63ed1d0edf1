"""The VBA of the master workbook: xlwings' standalone modules as they are, the wrappers of the functions, and our own modules.

`modules()` is the text of every module, by name; `vba_project()` makes of it the vbaProject.bin that XlsxWriter takes.
"""

from __future__ import annotations

import tempfile
from importlib import import_module
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

from perfxl.errors import InputError
from perfxl.functions.catalogue import CATEGORY, FUNCTIONS, Function
from perfxl.functions.vba import vba_wrappers
from perfxl.master import names

QUICKSTART = "quickstart_standalone.xlsm"
"""The workbook that `xlwings quickstart --standalone` copies: its modules are what makes a workbook run without the add-in."""

XLWINGS_MODULE, DICTIONARY_MODULE, WRAPPER_MODULE = "xlwings", "Dictionary", "xlwings_udfs"
BUTTON_MODULE, HELP_MODULE = "perfxl_pulsanti", "perfxl_aiuto"
REMEDY = 'per costruire la cartella master servono pyOpenVBA e xlwings: pip install "perfxl[master]".'


class Button(NamedTuple):
    """A button of *Cruscotto*: VBA macro, function of `udfs.py` that it runs, caption, what it does."""

    macro: str
    function: str
    caption: str
    help: str


BUTTONS = (
    Button("Raccogli", "raccogli", "Raccogli", "Sceglie una cartella, legge i fogli arrivati e dice quali mancano."),
    Button("Ricalcola", "ricalcola", "Ricalcola", "Valuta i risultati; nei fogli di questa cartella scrive la percentuale."),
    Button("Riepiloghi", "riepiloghi", "Riepiloghi", "Scrive o aggiorna le schede di riepilogo in questa cartella."),
    Button("Verifica", "verifica", "Verifica", "Elenca le anomalie e porta alla cella di ognuna."),
    Button("CongelaPerInvio", "congela", "Congela per invio", "Salva una copia senza macro né funzioni, da spedire."),
    Button("Annulla", "annulla", "Annulla", "Rimette com'era ciò che perfxl ha scritto per ultimo."),
)

_OPENING = """Option Explicit

Private Sub Workbook_Open()
    RegistraFunzioni
End Sub
"""

_BUTTON_HEAD = """Option Explicit
' I pulsanti del Cruscotto: ognuno chiama la macro di Python che porta il suo nome (udfs.py).
"""

_BUTTON = """
Public Sub {macro}()
    RunPython "import udfs; udfs.{function}()"
End Sub
"""

_HELP_HEAD = """Option Explicit
' Le descrizioni delle funzioni PX_ per la finestra «Inserisci funzione»; registrate all'apertura della cartella.

Public Sub RegistraFunzioni()
    Dim salvata As Boolean
    Dim a() As String
    salvata = ThisWorkbook.Saved
    ' Se Excel non accetta una descrizione la funzione calcola lo stesso: manca solo il suo aiuto.
    On Error Resume Next
"""

_HELP_TAIL = """    On Error GoTo 0
    ThisWorkbook.Saved = salvata
End Sub

Private Sub Descrivi(ByVal nome As String, ByVal aiuto As String, ByRef argomenti() As String)
    Application.MacroOptions Macro:="'" & Replace(ThisWorkbook.Name, "'", "''") & "'!" & nome, Description:=aiuto, _
        Category:="{category}", ArgumentDescriptions:=argomenti
End Sub

Private Sub DescriviSenzaArgomenti(ByVal nome As String, ByVal aiuto As String)
    Application.MacroOptions Macro:="'" & Replace(ThisWorkbook.Name, "'", "''") & "'!" & nome, Description:=aiuto, Category:="{category}"
End Sub
"""


def modules() -> dict[str, str]:
    """The source of every module with code, by name, lines ended by CR LF as the editor stores them.

    Raises `InputError` where the extra `perfxl[master]` isn't installed.
    """
    theirs = _xlwings_modules()
    ours = {
        XLWINGS_MODULE: theirs[XLWINGS_MODULE],
        DICTIONARY_MODULE: theirs[DICTIONARY_MODULE],
        WRAPPER_MODULE: vba_wrappers(),
        BUTTON_MODULE: _headed(BUTTON_MODULE, button_source()),
        HELP_MODULE: _headed(HELP_MODULE, help_source()),
    }
    return {name: _lines(source) for name, source in ours.items()}


def vba_project() -> bytes:
    """The vbaProject.bin with a document module for the workbook and one for each tab, and the modules of `modules()`.

    pyOpenVBA makes the project as Excel does for a workbook's first macro: identifiers and dates in it are constant, so the
    same modules give the same bytes.
    """
    from xlsxwriter import Workbook

    library = builder_library()
    sources = modules()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "scheletro.xlsm"
        with Workbook(path) as book:
            book.set_vba_name(names.WORKBOOK_CODE_NAME)
            for tab, code_name in names.CODE_NAMES.items():
                book.add_worksheet(tab).set_vba_name(code_name)
        with library.ExcelFile(path) as file:
            project = file.add_vba_project()
            for name, source in sources.items():
                kinds = library.VBAModuleKind
                kind = kinds.other if name == DICTIONARY_MODULE else kinds.standard
                project.add_module(name, source, kind=kind)
            file.set_module(names.WORKBOOK_CODE_NAME, _lines(_OPENING))
            file.save(path)
        with library.ExcelFile(path) as file:
            return bytes(file.vba_project_bytes())


def button_source() -> str:
    """The macros of the buttons."""
    return _BUTTON_HEAD + "".join(_BUTTON.format(macro=button.macro, function=button.function) for button in BUTTONS)


def help_source() -> str:
    """The registration of every function's help, for Excel's function wizard.

    xlwings registers it only when the functions are imported by hand through its add-in; here they are in the workbook already.
    """
    body = "".join(_described(function) for function in FUNCTIONS.values())
    return _HELP_HEAD + body + _HELP_TAIL.format(category=CATEGORY)


def _described(function: Function) -> str:
    name, text = _quoted(function.name), _quoted(function.help)
    if not function.arguments:
        return f"    DescriviSenzaArgomenti {name}, _\n        {text}\n"
    lines = [f"    ReDim a(0 To {len(function.arguments) - 1})"]
    lines += [f"    a({index}) = {_quoted(argument.help)}" for index, argument in enumerate(function.arguments)]
    lines += [f"    Descrivi {name}, _", f"        {text}, a"]
    return "\n".join(lines) + "\n"


_WINDOWS_SIGNS = str.maketrans({"≥": ">=", "≤": "<=", "−": "-", "×": "x", "÷": "/"})
"""Signs that VBA's code page (Windows 1252) lacks, but the last two, which many keyboards lack."""


def _quoted(text: str) -> str:
    return '"' + text.translate(_WINDOWS_SIGNS).replace('"', '""') + '"'


def _headed(name: str, source: str) -> str:
    return f'Attribute VB_Name = "{name}"\n{source}'


def _lines(source: str) -> str:
    return "\r\n".join(source.splitlines()) + "\r\n"


def builder_library() -> Any:
    """The module `pyopenvba`. Raises `InputError` where the extra `perfxl[master]` isn't installed."""
    try:
        return import_module("pyopenvba")
    except ImportError as error:
        raise InputError(REMEDY, path="") from error


def _xlwings_modules() -> dict[str, str]:
    library = builder_library()
    try:
        path = Path(str(files("xlwings") / QUICKSTART))
    except ImportError as error:
        raise InputError(REMEDY, path="") from error
    with library.ExcelFile(path) as book:
        return dict(book.vba_modules())
