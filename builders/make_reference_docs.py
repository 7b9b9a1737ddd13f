"""Write docs/reference from the program itself: command line, case keys, models. `--check` fails when a page is not current."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from typing import Any

os.environ.update(COLUMNS="100", NO_COLOR="1", TERM="dumb")

import typer.main

from whipple.casefile.given import Given
from whipple.casefile.read_case import SINGLE_TABLES, TABLE_LISTS
from whipple.casefile.slots import CLAIM_SLOTS
from whipple.casefile.tables import loop
from whipple.casefile.tables.assess_table import AcceptanceTable, AssessTable, MovingTable, WallOverrideTable
from whipple.casefile.tables.case_table import ManoeuvreTable
from whipple.casefile.tables.outburst import OutburstTable
from whipple.casefile.tables.table import Table
from whipple.casefile.tables.thermal import ScenarioTable
from whipple.casefile.tables.wall_layers import WallLayersTable
from whipple.casefile.units import suffix_unit
from whipple.cli import app
from whipple.commands.model_tables import model_rows

LOOP_GRAPH = {
    "segment": loop.SegmentTable, "valve": loop.ValveTable, "pump": loop.PumpTable, "gauge": loop.GaugeTable,
    "meter": loop.MeterTable, "forbid": loop.ForbidTable, "test": loop.TrialTable,
}  # fmt: skip
ASSESS = {
    "[assess]": AssessTable, "[[assess.outburst]]": OutburstTable, "[[moving]]": MovingTable,
    "[[wall]]": WallOverrideTable, "[wall.layers]": WallLayersTable,
    "[[acceptance]]": AcceptanceTable,
}  # fmt: skip
PAGES = Path(__file__).parents[1] / "docs" / "reference"
MADE = "<!-- written by builders/make_reference_docs.py (make docs); do not edit -->\n"


def _help(command: Any, name: str, context: Any = None) -> list[str]:
    here = command.make_context(name, [], parent=context, resilient_parsing=True)
    lines = [f"## `{here.command_path}`\n", "```text", command.get_help(here).rstrip(), "```\n"]
    for child_name, child in getattr(command, "commands", {}).items():
        lines += _help(child, child_name, here)
    return lines


def cli_page() -> str:
    """Every command's help."""
    return MADE + "# Command line\n\n" + "\n".join(_help(typer.main.get_command(app), "whipple"))


def _key_row(name: str, field: Any) -> str:
    default = "needed" if field.is_required() else _default(field.default)
    return f"| `{field.alias or name}` | {_kind(name, str(field.annotation))} | {default} |"


def _kind(name: str, annotation: str) -> str:
    """What a person writes there, in words."""
    if "Given" in annotation:
        if name.endswith("_per_h"):  # of these the unit is understood: not one of the SI
            return "a plain number per hour, as text"
        unit = suffix_unit(name)
        return f"text with a unit, read as {unit}" if unit else "a number as text"
    if "Literal" in annotation:
        return "one of " + ", ".join(f"`{word}`" for word in re.findall(r"'([^']*)'", annotation))
    for part, words in {
        "_moment": "date or time, UTC",
        "datetime": "date or time, UTC",
        "Table, ...": "tables of their own, below",
        "WallLayersTable": "a table, below",
        "tuple[tuple": "3 x 3 numbers",
        "tuple[str, ...": "list of texts",
        "tuple[str": "list of texts with a unit",
        "tuple[float": "list of numbers",
        "bool": "true or false",
        "int": "whole number",
        "float": "number",
        "Any": "text, or a quantity as the slot's suffix asks",
        "str": "text",
    }.items():
        if part in annotation:
            return words
    return "value"


def _default(value: Any) -> str:
    if isinstance(value, tuple) and value and isinstance(value[0], Given):
        return ", ".join(_default(one) for one in value)
    if isinstance(value, Given):
        return f"{value.value:g} {value.unit}".strip()
    return "none" if value in (None, "", ()) or isinstance(value, Table) else f"`{value}`"


def _table(title: str, table: type[Table]) -> str:
    hidden = {"centre_of_mass_m", "value"}
    rows = [_key_row(name, field) for name, field in table.model_fields.items() if name not in hidden]
    words = " ".join((table.__doc__ or "").split(">>>")[0].split())
    return f"## `{title}`\n\n{words}\n\n| key | what | default |\n|---|---|---|\n" + "\n".join(rows) + "\n"


def case_page() -> str:
    """Every key of case.toml."""
    intro = (
        '# case.toml\n\nNumbers with a unit are text (`"0.8 mm"`) or a table\n'
        '`{ is = "0.8 mm", low = "0.6 mm", high = "1 mm", source = "key" }`, where low and high bound 90 %.\n'
        "A number without a source of its own takes the table's. Sources are keys of `sources.toml`. An unknown key is an error.\n\n"
    )
    tables = {f"[{name}]": table for name, table in SINGLE_TABLES.items()} | {
        f"[[{name}]]": row[1] for name, row in TABLE_LISTS.items()
    }
    tables |= {
        "[[orbit.manoeuvre]]": ManoeuvreTable,
        "[[orbit.outburst]]": OutburstTable,
        "[[thermal.scenario]]": ScenarioTable,
    }
    tables |= {f"[[loop.{name}]]": table for name, table in LOOP_GRAPH.items()}
    slots = "\n## What a claim may be about\n\n| slot | meaning |\n|---|---|\n" + "".join(
        f"| `{k}` | {v} |\n" for k, v in CLAIM_SLOTS.items()
    )
    return MADE + intro + "\n".join(_table(title, table) for title, table in tables.items()) + slots


def assess_page() -> str:
    """Every key of assess.toml."""
    intro = "# assess.toml\n\nOptional file of a case folder, for `whipple assess`. Numbers with a unit as in [case.toml](case.md).\n\n"
    return MADE + intro + "\n".join(_table(title, table) for title, table in ASSESS.items())


def models_page() -> str:
    """Every published model with range, grade and source."""
    head = "# Models\n\nTested ranges are in SI with the argument's unit suffix. Outside them a caveat travels with the number.\n\n"
    lines = ["| room | model | answers | tested | grade | source | note |", "|---|---|---|---|---|---|---|"]
    for row in model_rows():
        tested = "; ".join(f"{name} {low:g} to {high:g}" for name, (low, high) in row["tested"].items()) or "not stated"
        cells = (row["room"], row["name"], row["answers"], tested, row["grade"], row["source"], row["note"])
        lines.append("| " + " | ".join(cell.replace("|", "/") for cell in cells) + " |")
    return MADE + head + "\n".join(lines) + "\n"


PAGE_MAKERS = {"cli.md": cli_page, "case.md": case_page, "assess.md": assess_page, "models.md": models_page}


def main(check: bool) -> int:
    """Write the pages, or say which are not current."""
    stale = []
    for name, make in PAGE_MAKERS.items():
        text, path = make(), PAGES / name
        if check and (not path.exists() or path.read_text() != text):
            stale.append(name)
        elif not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
    if stale:
        print(f"docs/reference: not current: {', '.join(stale)}\n  try: make docs", file=sys.stderr)
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main("--check" in sys.argv))
