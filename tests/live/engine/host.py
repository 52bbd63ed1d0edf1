"""An Excel in memory, as an engine of xlwings: its own object layer and converters run on it, unlicensed and on any system.

Every call that would cross into Excel is a `tick`: counted, and refused where a test asks for it (`app.fail_at`).
"""

from __future__ import annotations

import copy
import re
from collections import Counter
from pathlib import Path

import xlwings as xw
from xlwings import base_classes

from .com import Com, getter
from .store import BookStore, CellStore, SheetStore, load_sheets, save_file
from .typing_in import Error, shown_value

_A1 = re.compile(r"\$?([A-Z]+)\$?(\d+)(?::\$?([A-Z]+)\$?(\d+))?")
_ROWS = re.compile(r"\$?(\d+):\$?(\d+)")
LAST_COLUMN, LAST_ROW = 16_384, 1_048_576


class ComError(Exception):
    """As pywin32's: an Exception and nothing more."""


def counted(cls):
    """Each public method and property of an implementation is a call into Excel."""
    for name, member in list(vars(cls).items()):
        if name.startswith("_") or name in getattr(cls, "FREE", ()):
            continue
        if isinstance(member, property):
            setattr(
                cls, name, property(_ticking(cls, name, member.fget), member.fset and _ticking(cls, name + " =", member.fset))
            )
        elif callable(member):
            setattr(cls, name, _ticking(cls, name, member))
    return cls


def _ticking(cls, name, function):
    def call(self, *args, **kwargs):
        self.tick(f"{cls.__name__}.{name}")
        return function(self, *args, **kwargs)

    return call


class Engine:
    name, type = "memory", "desktop"

    def __init__(self):
        self.apps = Apps()

    @staticmethod
    def prepare_xl_data_element(x, options):
        return "" if x is None else x

    @staticmethod
    def clean_value_data(data, datetime_builder, empty_as, number_builder, err_to_str):
        def clean(value):
            if value is None or value == "":
                return empty_as
            if isinstance(value, Error):
                return str(value) if err_to_str else None
            return value

        return [[clean(value) for value in row] for row in data]


class Apps(base_classes.Apps):
    def __init__(self):
        self.held = []

    def keys(self):
        return [app.pid for app in self.held]

    def add(self, **kwargs):
        self.held.append(App(self))
        return self.held[-1]

    def __iter__(self):
        return iter(self.held)

    def __len__(self):
        return len(self.held)

    def __getitem__(self, pid):
        return next(app for app in self.held if app.pid == pid)


@counted
class App(base_classes.App):
    FREE = ("tick", "engine", "pid", "books", "settings", "disk")
    _next = 1

    def __init__(self, apps):
        self._pid, App._next = App._next, App._next + 1
        self.calls, self.fail_at, self.count = Counter(), None, 0
        self.settings = {
            "screen_updating": True,
            "enable_events": True,
            "display_alerts": True,
            "calculation": "automatic",
            "status_bar": False,
        }
        self.alerts, self.shown, self.clipboard, self.chosen = [], [], None, None
        self.disk = {}  # path -> what Excel would find in the file that it wrote
        self._books = Books(self)
        self._com = Com(self.tick, FileDialog=lambda kind: self._dialog())

    def tick(self, name):
        self.count += 1
        self.calls[name] += 1
        if self.fail_at == self.count:
            raise ComError(f"chiamata {self.count}: {name}")

    def _dialog(self):
        return Com(self.tick, Show=lambda: -1 if self.chosen else 0, SelectedItems=lambda n: self.chosen)

    @property
    def api(self):
        return self._com

    @property
    def engine(self):
        return ENGINE

    @property
    def pid(self):
        return self._pid

    @property
    def books(self):
        return self._books

    def activate(self, steal_focus=False):
        pass

    def alert(self, prompt, title, buttons, mode, callback):
        self.alerts.append((title, prompt, mode))
        return "ok"


def _setting(name):
    def get(self):
        self.tick(f"App.{name}")
        return self.settings[name]

    def put(self, value):
        self.tick(f"App.{name} =")
        self.settings[name] = value
        if name == "status_bar":
            self.shown.append(value)

    return property(get, put)


for _name in ("screen_updating", "enable_events", "display_alerts", "calculation", "status_bar"):
    setattr(App, _name, _setting(_name))


@counted
class Books(base_classes.Books):
    FREE = ("tick", "app")

    def __init__(self, app):
        self.app, self.held = app, []

    def tick(self, name):
        self.app.tick(name)

    def __call__(self, name):
        for book in self.held:
            if book.name == name:
                return book
        raise KeyError(name)

    def __len__(self):
        return len(self.held)

    def __iter__(self):
        return iter(self.held)

    def open(self, fullname, *args, **kwargs):
        path = str(fullname)
        if path in self.app.disk:
            store = copy.deepcopy(self.app.disk[path])
            store.path = path
        else:
            store = BookStore(path, load_sheets(Path(path)))
        self.held.append(Book(self, store))
        return self.held[-1]


@counted
class Book(base_classes.Book):
    FREE = ("tick", "app", "store")

    def __init__(self, books, store):
        self.books, self.store, self._active = books, store, None
        self._com = Com(
            self.tick,
            SaveCopyAs=self._save_copy,
            ProtectStructure=getter(lambda: store.structure_protected),
            LinkSources=lambda kind: tuple(store.links) or None,
            BreakLink=lambda link, kind: store.links.remove(link),
        )

    def tick(self, name):
        self.app.tick(name)

    @property
    def app(self):
        return self.books.app

    def _save_copy(self, path):
        self.tick("Book.SaveCopyAs")
        self._keep(Path(path))

    def _keep(self, path):
        save_file(self.store, path)
        self.app.disk[str(path)] = copy.deepcopy(self.store)

    @property
    def api(self):
        return self._com

    @property
    def name(self):
        return Path(self.store.path).name

    @property
    def fullname(self):
        return self.store.path

    @property
    def sheets(self):
        return Sheets(self)

    @property
    def names(self):
        return Names(self, self.store.names)

    def activate(self):
        pass

    def save(self, path=None, password=None):
        if path is not None:
            self.store.path = str(path)
            self.store.macros = self.store.macros and not str(path).endswith(".xlsx")
        self._keep(Path(self.store.path))

    def close(self):
        self.books.held.remove(self)


@counted
class Sheets(base_classes.Sheets):
    FREE = ("tick", "book")

    def __init__(self, book):
        self.book = book

    def tick(self, name):
        self.book.tick(name)

    def _all(self):
        return [Sheet(self.book, store) for store in self.book.store.sheets]

    @property
    def active(self):
        held = self.book.store.sheets
        return Sheet(self.book, self.book._active if self.book._active in held else held[0])

    def __call__(self, key):
        self.tick("Sheets()")
        if isinstance(key, int):
            return self._all()[key - 1]
        for sheet in self._all():
            if sheet.store.name.casefold() == key.casefold():
                return sheet
        raise KeyError(key)

    def __len__(self):
        return len(self.book.store.sheets)

    def __iter__(self):
        self.tick("Sheets")
        return iter(self._all())

    def add(self, before, after, name):
        if self.book.store.structure_protected:
            raise ComError("struttura protetta")
        store = SheetStore(name)
        held = self.book.store.sheets
        at = held.index(after.store) + 1 if after else held.index(before.store) if before else 0
        held.insert(at, store)
        self.book._active = store
        return Sheet(self.book, store)


@counted
class Names(base_classes.Names):
    FREE = ("tick",)

    def __init__(self, owner, held):
        self.owner, self.held = owner, held

    def tick(self, name):
        self.owner.tick(name)

    def snapshot(self):
        return [(name, Name(self, name)) for name in list(self.held)]

    def contains(self, name):
        return name in self.held

    def __call__(self, name):
        return Name(self, name)

    def __len__(self):
        return len(self.held)

    def add(self, name, refers_to):
        self.held[name] = refers_to
        return Name(self, name)


class Name(base_classes.Name):
    def __init__(self, names, name):
        self._names, self._name = names, name

    @property
    def name(self):
        return self._name

    @property
    def refers_to(self):
        return self._names.held[self._name]

    def delete(self):
        self._names.tick("Name.delete")
        del self._names.held[self._name]


@counted
class Sheet(base_classes.Sheet):
    FREE = ("tick", "store", "book")

    def __init__(self, book, store):
        self._book, self.store = book, store
        self._com = Com(
            self.tick,
            ProtectContents=getter(lambda: store.protected),
            Visible=getter(lambda: store.visible),
            set_Visible=lambda value: setattr(store, "visible", value),
            Hyperlinks=_Links(self),
            Range=self.range,
            Shapes=_Shapes(self),
            PageSetup=store.set_up.setdefault("page", Com(self.tick, "PageSetup")),
            Tab=store.set_up.setdefault("tab", Com(self.tick, "Tab")),
        )

    def tick(self, name):
        self._book.tick(name)

    @property
    def api(self):
        return self._com

    @property
    def book(self):
        return self._book

    @property
    def name(self):
        return self.store.name

    @name.setter
    def name(self, value):
        self.store.name = value

    @property
    def names(self):
        return Names(self._book, self.store.names)

    @property
    def index(self):
        return self._book.store.sheets.index(self.store) + 1

    def range(self, arg1, arg2=None):
        if isinstance(arg1, Range):
            last = arg2 or arg1
            return Range(self, (*arg1.area[:2], *last.area[2:]))
        if isinstance(arg1, tuple) and len(arg1) == 4:
            row, column, rows, columns = arg1
            return Range(self, (row, column, row + rows - 1, column + columns - 1))
        if isinstance(arg1, tuple):
            return Range(self, (*arg1, *(arg2 or arg1)))
        return Range(self, area_of(arg1), arg1)

    @property
    def cells(self):
        return Range(self, (1, 1, LAST_ROW, LAST_COLUMN))

    @property
    def used_range(self):
        return Range(self, self.store.used())

    @property
    def visible(self):
        return self.store.visible == -1

    @visible.setter
    def visible(self, value):
        self.store.visible = -1 if value else 0

    def activate(self):
        self._book._active = self.store

    def delete(self):
        if self.store.visible == 2:
            raise ComError("un foglio molto nascosto non si elimina")
        self._book.store.sheets.remove(self.store)

    @property
    def charts(self):
        return Charts(self)

    @property
    def tables(self):
        return Tables(self)

    @property
    def freeze_panes(self):
        return self.store.set_up.setdefault("panes", Panes(self))

    @property
    def show_gridlines(self):
        return self.store.set_up.get("gridlines", True)

    @show_gridlines.setter
    def show_gridlines(self, value):
        self.store.set_up["gridlines"] = value

    @property
    def page_setup(self):
        return PageSetup(self)


class Panes:
    def __init__(self, sheet):
        self.sheet, self.at = sheet, None

    def __deepcopy__(self, memo):
        return self

    def freeze_at(self, address):
        self.sheet.tick("FreezePanes.freeze_at")
        self.at = address


class PageSetup:
    def __init__(self, sheet):
        self.__dict__["sheet"] = sheet

    def __setattr__(self, name, value):
        self.sheet.tick(f"PageSetup.{name} =")
        self.sheet.store.set_up[name] = value


class _Links:
    def __init__(self, sheet):
        self._sheet = sheet

    def Add(self, anchor, address, sub_address=""):
        self._sheet.tick("Hyperlinks.Add")
        self._sheet.store.links[anchor.area[:2] if isinstance(anchor, Range) else anchor._area[:2]] = (address, sub_address)

    def __iter__(self):
        for (row, column), (address, sub_address) in self._sheet.store.links.items():
            yield Com(
                self._sheet.tick, Range=Com(self._sheet.tick, Address=a1(row, column)), Address=address, SubAddress=sub_address
            )


class _Shapes:
    def __init__(self, sheet):
        self._sheet = sheet

    @property
    def Count(self):
        return len(self._sheet.store.buttons)

    def __call__(self, number):
        buttons = self._sheet.store.buttons
        return Com(self._sheet.tick, OnAction=buttons[number - 1], Delete=lambda: buttons.pop(number - 1))


@counted
class Charts(base_classes.Charts):
    FREE = ("tick", "parent")

    def __init__(self, sheet):
        self.parent = sheet

    def tick(self, name):
        self.parent.tick(name)

    def __iter__(self):
        return iter([Chart(self.parent, held) for held in self.parent.store.charts])

    def __len__(self):
        return len(self.parent.store.charts)

    def add(self, *args, **options):
        held = {"name": options.get("name") or f"Grafico {len(self) + 1}", "type": None, "com": Com(self.tick, "Chart")}
        self.parent.store.charts.append(held)
        return Chart(self.parent, held)


class Chart(base_classes.Chart):
    def __init__(self, sheet, held):
        self.sheet, self.held = sheet, held

    @property
    def api(self):
        return (self.held["com"], self.held["com"])

    @property
    def name(self):
        return self.held["name"]

    @property
    def chart_type(self):
        return self.held["type"]

    @chart_type.setter
    def chart_type(self, value):
        self.sheet.tick("Chart.chart_type =")
        self.held["type"] = value

    def delete(self):
        self.sheet.tick("Chart.delete")
        self.sheet.store.charts.remove(self.held)


class Tables(base_classes.Tables):
    def __init__(self, sheet):
        self.sheet = sheet

    def __iter__(self):
        return iter([Table(self.sheet, name) for name in self.sheet.store.tables])

    def __len__(self):
        return len(self.sheet.store.tables)


class Table(base_classes.Table):
    def __init__(self, sheet, name):
        self.sheet, self._name = sheet, name

    @property
    def name(self):
        return self._name

    @property
    def range(self):
        return Range(self.sheet, self.sheet.store.tables[self._name])

    def resize(self, rng):
        self.sheet.tick("Table.resize")
        self.sheet.store.tables[self._name] = getattr(rng, "impl", rng).area


class Looks:
    """Font, borders, validation: what is set is noted on every cell."""

    def __init__(self, rng, prefix):
        self.__dict__.update(rng=rng, prefix=prefix)

    def __setattr__(self, name, value):
        self.rng.note(f"{self.prefix}.{name}", value)

    def set(self, sides, **options):
        self.rng.note(f"{self.prefix}.{'+'.join(sides)}", tuple(sorted((k, str(v)) for k, v in options.items())))

    def set_list(self, source, in_cell_dropdown):
        self.rng.note(f"{self.prefix}.list", tuple(source))


def _look(name):
    def get(self):
        return None

    def put(self, value):
        self.note(name, value)

    return property(get, put)


@counted
class Range(base_classes.Range):
    FREE = ("tick", "area", "sheet", "options", "note", "column_width", "row_height", "color", "wrap_text")
    arg1_input = ""
    max_cells_per_read = max_cells_per_write = None

    def __init__(self, sheet, area, text=""):
        self.sheet, self.area, self.options, self.arg1_input = sheet, tuple(area), {}, text
        self._area = self.area

    def tick(self, name):
        self.sheet.tick(name)

    def note(self, name, value):
        self.tick(f"Range.{name} =")
        for cell in self._cells():
            cell.looks[name] = value

    def _places(self):
        top, left, bottom, right = self.area
        if right == LAST_COLUMN:
            right = left
        return [(row, column) for row in range(top, bottom + 1) for column in range(left, right + 1)]

    def _cells(self):
        return [self.sheet.store.cell(*place) for place in self._places()]

    def _writable(self):
        if self.sheet.store.protected:
            raise ComError("foglio protetto")

    @property
    def api(self):
        rules = Com(self.tick, "Range.api")
        rules.__dict__["_held"].update(
            Hidden=getter(lambda: self.row_hidden), Hyperlinks=Com(self.tick, Delete=self._unlink), HasSpill=False
        )
        rules.__dict__["area"] = self.area
        rules.__dict__["_area"] = self.area
        return rules

    def _unlink(self):
        top, left, bottom, right = self.area
        links = self.sheet.store.links
        for at in [at for at in links if top <= at[0] <= bottom and left <= at[1] <= right]:
            del links[at]

    @property
    def coords(self):
        top, left, bottom, right = self.area
        return self.sheet.store.name, top, left, bottom - top + 1, right - left + 1

    @property
    def row(self):
        return self.area[0]

    @property
    def column(self):
        return self.area[1]

    @property
    def shape(self):
        return self.area[2] - self.area[0] + 1, self.area[3] - self.area[1] + 1

    def __len__(self):
        return self.shape[0] * self.shape[1]

    def __call__(self, row, column=None):
        return self.sheet.range((self.area[0] + row - 1, self.area[1] + (column or 1) - 1))

    def _rows(self, what):
        top, left, bottom, right = self.area
        cells = self.sheet.store.cells
        empty = CellStore()
        rows = tuple(tuple(what(cells.get((r, c), empty)) for c in range(left, right + 1)) for r in range(top, bottom + 1))
        return rows[0][0] if rows and len(rows) == 1 and len(rows[0]) == 1 else rows

    @property
    def raw_value(self):
        return self._rows(lambda cell: shown_value(cell.value, cell.number_format))

    @raw_value.setter
    def raw_value(self, data):
        self._put(data, self.sheet.store.put)

    @property
    def formula(self):
        return self._rows(lambda cell: cell.formula or ("" if cell.value is None else str(cell.value)))

    @formula.setter
    def formula(self, data):
        self._put(data, self.sheet.store.put_formula)

    def _put(self, data, put):
        self._writable()
        top, left, bottom, right = self.area
        if not isinstance(data, (list, tuple)):
            data = [[data] * (right - left + 1)] * (bottom - top + 1)
        for row, values in enumerate(data, top):
            for column, value in enumerate(values, left):
                if isinstance(value, str) and len(value) > 8203 and len(self) > 1:
                    raise ComError("testo troppo lungo in un blocco")
                put(row, column, value)

    @property
    def number_format(self):
        found = self._rows(lambda cell: cell.number_format)
        flat = {found} if isinstance(found, str) else {f for row in found for f in row}
        return flat.pop() if len(flat) == 1 else None

    @number_format.setter
    def number_format(self, value):
        self._writable()
        for cell in self._cells():
            cell.number_format = value

    def clear_contents(self):
        self._writable()
        for cell in self._cells():
            cell.value = cell.formula = None

    def clear_formats(self):
        self._writable()
        top, left, bottom, right = self.area
        for cell in self._cells():
            cell.number_format, cell.looks = "General", {}
        merged = self.sheet.store.merged
        merged[:] = [m for m in merged if not (top <= m[0] <= bottom and left <= m[1] <= right)]

    @property
    def merge_cells(self):
        merged = self.sheet.store.merged
        answers = {any(m[0] <= r <= m[2] and m[1] <= c <= m[3] for m in merged) for r, c in self._places()} if merged else {False}
        return answers.pop() if len(answers) == 1 else None

    @property
    def merge_area(self):
        row, column = self.area[:2]
        found = next((m for m in self.sheet.store.merged if m[0] <= row <= m[2] and m[1] <= column <= m[3]), self.area)
        return Range(self.sheet, found)

    def merge(self, across):
        self.sheet.store.merged.append(self.area)

    @property
    def row_hidden(self):
        hidden = {row in self.sheet.store.hidden_rows for row in range(self.area[0], self.area[2] + 1)}
        return hidden.pop() if len(hidden) == 1 else None

    @property
    def column_hidden(self):
        return False

    @column_hidden.setter
    def column_hidden(self, value):
        self.sheet.store.set_up.setdefault("hidden_columns", set()).update(range(self.area[1], self.area[3] + 1))

    def group(self, by):
        self.sheet.store.set_up.setdefault("groups", []).append((by, self.area))

    def adjust_indent(self, amount):
        self.note("indent", amount)

    @property
    def font(self):
        return Looks(self, "font")

    @property
    def borders(self):
        return Looks(self, "borders")

    @property
    def data_validation(self):
        return Looks(self, "validation")

    @property
    def left(self):
        return 48.0 * (self.area[1] - 1)

    @property
    def top(self):
        return 15.0 * (self.area[0] - 1)

    @property
    def address(self):
        return a1(*self.area)

    def get_address(self, row_absolute, col_absolute, external):
        return a1(*self.area)

    def copy(self, destination=None):
        self.sheet._book.app.clipboard = (
            copy.deepcopy([(at, self.sheet.store.cells.get(at, CellStore())) for at in self._places()]),
            self.area,
        )

    def paste(self, paste=None, operation=None, skip_blanks=False, transpose=False):
        self._writable()
        cells, source = self.sheet._book.app.clipboard
        down, right = self.area[0] - source[0], self.area[1] - source[1]
        for (row, column), held in cells:
            cell = self.sheet.store.cell(row + down, column + right)
            if paste == "values":
                cell.value, cell.formula = held.value, None
            elif paste == "formats":
                cell.number_format, cell.looks = held.number_format, dict(held.looks)


for _name in ("color", "wrap_text", "horizontal_alignment", "vertical_alignment", "row_height"):
    setattr(Range, _name, _look(_name))


def _width(self, value):
    self.tick("Range.column_width =")
    self.sheet.store.widths.update(dict.fromkeys(range(self.area[1], self.area[3] + 1), value))


Range.column_width = property(lambda self: None, _width)


def a1(top, left, bottom=None, right=None):
    def letters(n):
        text = ""
        while n:
            n, rest = divmod(n - 1, 26)
            text = chr(65 + rest) + text
        return text

    first = f"${letters(left)}${top}"
    return first if bottom is None or (bottom, right) == (top, left) else f"{first}:${letters(right)}${bottom}"


def area_of(text):
    if found := _ROWS.fullmatch(text):
        return int(found[1]), 1, int(found[2]), LAST_COLUMN
    found = _A1.fullmatch(text)
    if found is None:
        raise ComError(f"indirizzo {text}")

    def number(letters):
        n = 0
        for letter in letters:
            n = n * 26 + ord(letter) - 64
        return n

    top, left = int(found[2]), number(found[1])
    return top, left, int(found[4] or top), number(found[3] or found[1])


ENGINE = Engine()


def start() -> xw.App:
    """A running Excel, without workbooks."""
    if "memory" not in xw.engines.engines_by_name:
        xw.engines.add(xw.Engine(ENGINE))
    xw.engines["memory"].activate()
    ENGINE.apps.held.clear()
    return xw.App(impl=ENGINE.apps.add())
