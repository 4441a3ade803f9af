"""`openpbm evidence check`, `list`, `template`, `add`, `references`: the trials themselves, row by row."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from openpbm.cli.terminal import print_json, writing

if TYPE_CHECKING:
    from openpbm.evidence.table import EvidenceTable, StudyEntry

__all__ = ["add", "check", "list_studies", "references", "template"]

#: A user's own studies lie here unless --into names another folder. Also in facts.studies, which is not read for help.
FOLDER_VARIABLE = "OPENPBM_EVIDENCE"

Condition = Annotated[str | None, typer.Option("--condition", help="Only studies of this condition.")]
Own = Annotated[
    Path | None, typer.Option("--with", help=f"Folder of your own studies; else the one that {FOLDER_VARIABLE} names.")
]


def check(
    path: Annotated[
        Path | None,
        typer.Argument(help="A folder of evidence, one of its files or a filled template; else what ships."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON alone on standard output.")] = False,
) -> None:
    """Refuse rows that cannot be so: one line a fault; what a text itself prints so is told apart."""
    from openpbm.errors import BadInput
    from openpbm.evidence.table import check_table, read_folder, shipped_table

    table = shipped_table()
    if path is not None:
        table = read_folder(path).beside(shipped_table())
    checked = check_table(table)
    if as_json:
        print_json(checked.to_dict())
        raise typer.Exit(2 * bool(checked.problems))
    if checked.problems:
        raise BadInput(checked.problems)
    for conflict in checked.conflicts:
        fault = conflict.fault
        typer.echo(f"printed so: {fault.row}.{fault.column} ({fault.rule}): {conflict.words}")
    typer.echo(f"{table.size} rows of {len(table.studies)} studies: nothing that cannot be so")


def list_studies(
    condition: Condition = None,
    own: Own = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON alone on standard output.")] = False,
) -> None:
    """List the studies with their arms, light, figures and risk of bias; what was computed is marked."""
    from openpbm.evidence.table import as_list, entries

    table = _table(condition, own)
    if as_json:
        print_json(as_list(table))
    else:
        _print(entries(table))


def _table(condition: str | None, own: Path | None) -> EvidenceTable:
    from openpbm.errors import BadInput, Problem
    from openpbm.evidence.table import evidence_with
    from openpbm.files import suggest

    table = evidence_with(own or _folder())
    if condition is None:
        return table
    known = {study.condition for study in table.studies}
    if condition not in known:
        raise BadInput(Problem("--condition", condition, "no study is about it", suggest(condition, known)))
    return table.about(condition)


def _folder() -> Path | None:
    named = os.environ.get(FOLDER_VARIABLE, "")
    return Path(named) if named else None


def _print(entries: tuple[StudyEntry, ...]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("study", "condition", "design", "light: what is missing", "result", show_lines=True)
    for entry in entries:
        study = entry.study
        null = " (null)" if study.null else ""
        table.add_row(
            study.id, study.condition, f"{study.design}{_left_out(entry)}", _lacking(entry), study.result + null
        )
    Console().print(table)


def _left_out(entry: StudyEntry) -> str:
    reason = entry.study.excluded or {"uncontrolled": "no control"}.get(entry.study.kind, "")
    return f" [never pooled: {reason}]".replace("[", r"\[") if reason else ""


def _lacking(entry: StudyEntry) -> str:
    from openpbm.evidence.table import missing

    return "; ".join(f"{dose.arm}: {', '.join(missing(dose)) or 'nothing'}" for dose in entry.doses)


def template() -> None:
    """Print the heading of a CSV file for one study: a line an outcome of an arm, a study's cells on the first line."""
    from openpbm.evidence.table import template_columns

    typer.echo(",".join(template_columns()))


def add(
    file: Annotated[Path, typer.Argument(help="A filled template, or a folder of the five files.")],
    into: Annotated[
        Path | None, typer.Option("--into", help=f"Your folder of evidence; else the one that {FOLDER_VARIABLE} names.")
    ] = None,
) -> None:
    """Take a new study into your folder, or refuse it with every reason; nothing is half-written."""
    from openpbm.errors import BadInput, Problem
    from openpbm.evidence.table import add_study, complete, missing

    folder = into or _folder()
    if folder is None:
        remedy = f"name one with --into, or set {FOLDER_VARIABLE}"
        raise BadInput(Problem("--into", message="no folder of evidence is named", remedy=remedy))
    with writing("--into", folder):
        new, checked = add_study(file, folder)
    for conflict in checked.conflicts:
        typer.echo(f"printed so: {conflict.fault.row}.{conflict.fault.column}: {conflict.words}")
    for dose in new.doses:
        whole = complete(dose)
        computed = ", ".join(f"{column} {whole.values[column]:.3g}" for column in whole.computed)
        typer.echo(f"{dose.id}: computed: {computed or 'nothing'}; missing: {', '.join(missing(dose)) or 'nothing'}")
    typer.echo(f"{', '.join(study.id for study in new.studies)}: taken into {folder}")


def references(
    style: Annotated[Literal["ris", "bibtex"], typer.Option("--format", help="How they are written.")] = "ris",
    condition: Condition = None,
    own: Own = None,
) -> None:
    """Print the references of the studies for a library, with DOI, PMID and what was seen of a retraction."""
    from openpbm.evidence.table import as_bibtex, as_ris

    write = {"ris": as_ris, "bibtex": as_bibtex}[style]
    typer.echo(write(_table(condition, own)), nl=False)
