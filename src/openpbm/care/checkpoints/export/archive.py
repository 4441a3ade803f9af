"""One ZIP: the course for the command line, copies for spreadsheets, every row, and a page that explains it."""

from __future__ import annotations

import io
import json
import zipfile

from openpbm.care import clock
from openpbm.care.checkpoints.course import written_lines
from openpbm.care.checkpoints.export.course_folder import csv_file, tables_of
from openpbm.care.checkpoints.export.everything import as_json, everything
from openpbm.care.documents.csv_export import csv_text
from openpbm.care.n_of_1.models import SealedDesign
from openpbm.care.n_of_1.selectors import design_lines, newest_design
from openpbm.care.people.access import Relation
from openpbm.care.people.models import Person
from openpbm.care.plans.selectors import released_plan
from openpbm.facts.notice import NOTICE
from openpbm.report.code_sheet import masking_toml
from openpbm.version import __version__

__all__ = ["archive", "files_of"]

_ALL_ROWS = (
    "everything.json  Every row: your answers, consents, plans, sessions, diary, forms, effects, judgements of",
    "               your course, and who did what with your record and who read it.",
)
_ROWS_FOR_HELPERS = (
    "everything.json  The rows behind a helper's pages: answers, plans, sessions, diary, forms, effects, judgements.",
    "               Who the person is, what they agreed to and who read the record are not in it.",
)


def archive(person: Person, reader: Relation) -> bytes:
    """The ZIP file, as far as the reader's pages show the record; `course/` in it is a course folder."""
    room = io.BytesIO()
    with zipfile.ZipFile(room, "w", zipfile.ZIP_DEFLATED) as packed:
        # In memory alone: no copy of a record is left on the server's disk.
        for name, text in files_of(person, reader).items():
            packed.writestr(name, text.encode())
    return room.getvalue()


def files_of(person: Person, reader: Relation) -> dict[str, str]:
    """Name to text of every file in the ZIP."""
    plan = released_plan(person)
    test = None if plan is None else newest_design(person, plan)
    lines = written_lines(person)
    if plan is not None and test is not None and test.open_to_all():
        told = design_lines(person, plan)
        lines |= {"guesses": told["guesses"], "unblindings": told["unblindings"]}
    tables = tables_of(lines)
    course = {f"course/{name}": csv_file(table) for name, table in tables.items()}
    safe = {f"spreadsheets/{name}": csv_text(*table) for name, table in tables.items()}
    if plan is not None:
        course["course/plan.json"] = json.dumps(plan.document, indent=1, ensure_ascii=False)
    if test is not None:
        course |= _blinded_test(test)
    readme = {"readme.txt": _readme(person, reader, has_plan=plan is not None)}
    return {**readme, **course, **safe, "everything.json": as_json(everything(person, reader))}


def _blinded_test(design: SealedDesign) -> dict[str, str]:
    """The sealed design and how the lamp was masked; its key once the order is open to all."""
    files = {"course/design.json": json.dumps(design.design, indent=1)}
    files["course/masking.toml"] = masking_toml(design.masking())
    if design.open_to_all():
        files["course/design.key.json"] = json.dumps(design.key(), indent=1)
    return files


def _readme(person: Person, reader: Relation, *, has_plan: bool) -> str:
    now = clock.now().astimezone(person.zone)
    use = "               No plan was released, so plan.json is missing and nothing can be judged yet."
    if has_plan:
        use = f"               Try it: openpbm checkpoint course --week 4    (made by version {__version__})"
    what, rows = "Everything OpenPBM keeps about", _ALL_ROWS
    if reader == Relation.HELPER:
        what, rows = "What a helper sees of", _ROWS_FOR_HELPERS
    lines = [
        f"{what} {person.code}, as of {now:%Y-%m-%d %H:%M} ({person.zone.key}).",
        "It holds health data. Keep it where nobody else can read it.",
        "",
        "course/        The course of light as files that the software `openpbm` reads on any computer.",
        use,
        "spreadsheets/  The same tables for a spreadsheet program. A cell that such a program would run as a",
        "               formula begins with a quote mark here; in course/ it stands as it was written.",
        *rows,
        "",
        "A blank cell means: not known. It never means zero.",
        "",
        NOTICE,
    ]
    return "\n".join(lines) + "\n"
