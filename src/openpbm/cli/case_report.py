"""`openpbm case-report COURSE_DIR`: a case report drafted in the order of CARE."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from openpbm.cli.checkpoint import REPORTS
from openpbm.cli.terminal import print_json

__all__ = ["case_report"]


def case_report(
    course: Annotated[Path, typer.Argument(metavar="COURSE_DIR", help="Course folder (docs/course-folder.md).")],
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder for page and JSON; COURSE_DIR/reports by default.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON alone on standard output.")] = False,
) -> None:
    """Draft a case report; exit status 3, and "not complete" on it, while something it must not lack is blank."""
    import datetime as dt

    from openpbm.course.read_course import read_course
    from openpbm.report.case_report import draft_case_report

    # The clock is read here alone: below, the same folder and the same day give the same report.
    content = draft_case_report(read_course(course), today=dt.date.today())
    # With --json the output is the answer, so files appear only where --out asks for them.
    folder = out if out is not None or as_json else course / REPORTS
    if folder is not None:
        from openpbm.report.case_report import publish_case_report

        page = publish_case_report(content, folder)[0]
        if not as_json:
            typer.echo(f"{'Case report' if content['complete'] else 'Draft, not complete'}: {page}")
    if as_json:
        print_json(content)
    else:
        for row in content["missing_because"]:
            typer.echo(f"- {row['id'].replace('_', ' ')} is blank: {row['text']}")
        if content["not_reported"]:
            typer.echo(f"Printed as not reported: {', '.join(content['not_reported'])}")
        typer.echo(content["notice"])
    raise typer.Exit(0 if content["complete"] else 3)
