"""`perfxl leggi`: what was understood of a workbook, sheet by sheet and row by row."""

from __future__ import annotations

import click

from perfxl.cli.guard import DONE, UNUSABLE, WITH_ERRORS
from perfxl.cli.params import EXISTING_FILE, TEXT, YEAR, layout_option, statement_option


@click.command(
    short_help="Mostra che cosa si capisce di una cartella di lavoro.",
    options_metavar="[OPZIONI]",
    epilog="""\b
Esempi:
  perfxl leggi U1.1_monitoraggio_2019.xlsx
  perfxl leggi foglio.ods --layout nostro-modello.toml --anno 2023
  perfxl leggi foglio.xlsx --json - > foglio.json
""",
)
@click.argument("file", metavar="FILE", type=EXISTING_FILE)
@click.option(
    "--json", "json_file", metavar="FILE", type=TEXT, help="Scrive in JSON ciò che è stato letto (- per l'uscita standard)."
)
@statement_option
@layout_option
@click.option("--anno", type=YEAR, help="L'anno di cui leggere target e risultati [se manca: quello delle intestazioni].")
def leggi(file: str, json_file: str | None, declarations: tuple[str, ...], layouts: tuple[str, ...], anno: int | None) -> int:
    """Mostra che cosa si capisce di una cartella di lavoro, senza valutare niente.

    Per ogni foglio: il modello riconosciuto, di chi è, le colonne trovate; per ogni riga: codice, testo, target e risultato
    con la lettura che se ne dà; poi i prospetti (le tabelle di cifre) con le loro righe; infine le anomalie. Esce con 1 se ci
    sono errori, con 2 se nessun foglio è riconosciuto.
    """
    from perfxl.cli.findings_view import has_errors
    from perfxl.cli.inputs import refuse_input, user_declarations, user_layouts
    from perfxl.cli.jsonout import STDOUT, write_json
    from perfxl.cli.sheets_view import print_workbook, read_row, workbook_json
    from perfxl.cli.statements_view import statements_json
    from perfxl.cli.terminal import console
    from perfxl.readers import read_workbook
    from perfxl.statements import Reader

    refuse_input(json_file, (file, *declarations, *layouts), "--json")
    tables = Reader(user_declarations(declarations), year=anno)
    workbook = read_workbook(file, layouts=user_layouts(layouts), year=anno, other=tables.take)
    sheets = [(sheet, [read_row(row, anno or sheet.year, sheet.role) for row in sheet.rows]) for sheet in workbook.sheets]
    findings = [*workbook.findings, *(item for _, rows in sheets for row in rows for item in row.findings), *tables.findings]
    if json_file:
        write_json(workbook_json(workbook, sheets, findings) | {"statements": statements_json(tables.statements)}, json_file)
    if json_file != STDOUT:
        print_workbook(console(), workbook, sheets, findings, tables.statements)
    if not workbook.sheets and not tables.statements:
        return UNUSABLE
    return WITH_ERRORS if has_errors(findings) else DONE
