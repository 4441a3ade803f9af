"""`openpbm diary COURSE_DIR PAPER.csv`: the printed diary taken back into the course folder."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from openpbm.errors import BadInput, Problem

__all__ = ["diary"]


def diary(
    course: Annotated[Path, typer.Argument(help="Course folder: plan.json and what was written down.")],
    paper: Annotated[Path | None, typer.Argument(help="CSV the printed diary was typed into.")] = None,
    entered: Annotated[
        str | None, typer.Option("--entered", help="When it was typed, YYYY-MM-DDTHH:MM; unknown by default.")
    ] = None,
    blank: Annotated[bool, typer.Option("--blank", help="Begin the folder: each file with its first line.")] = False,
) -> None:
    """Take the printed diary back into a course folder, or begin an empty one; what is there never changes."""
    if blank:
        if paper is not None:
            raise BadInput(
                Problem(
                    key="diary", message="--blank begins a folder and takes no paper", remedy="do one after the other"
                )
            )
        _begin(course)
        return
    if paper is None:
        raise BadInput(
            Problem(
                key="diary",
                message="no paper is given",
                remedy="name the CSV it was typed into, or use --blank to begin a folder",
            )
        )
    _take(course, paper, _entered_at(entered))


def _begin(course: Path) -> None:
    from openpbm.course.append_lines import begin_course

    made = begin_course(course)
    typer.echo(f"{course}: made {', '.join(made)}" if made else f"{course}: every file is there; nothing was changed")
    if not (course / "plan.json").exists():
        typer.echo("Put the plan.json of the released plan there as well.")


def _take(course: Path, paper: Path, entered_at: dt.datetime | None) -> None:
    from openpbm.course.append_lines import take_paper_diary
    from openpbm.course.paper_diary import read_paper_diary
    from openpbm.planning import load_allowed_plan

    if not course.is_dir():
        raise BadInput(
            Problem(
                key=str(course), message="not a folder", remedy="name the folder that holds plan.json and the diary"
            )
        )
    page = read_paper_diary(paper, load_allowed_plan(course / "plan.json"), entered_at)
    taken = take_paper_diary(course, page)
    for line in (*page.said, *taken.already_there):
        typer.echo(line)
    also = f", {taken.events} of events.csv" if taken.events else ""
    typer.echo(
        f"{course}: taken {taken.sessions} of sessions.csv and {taken.days} of diary.csv{also};"
        f" there already {len(taken.already_there)}; blank on paper, so not known: {page.blank}"
    )


def _entered_at(text: str | None) -> dt.datetime | None:
    if text is None:
        return None
    from openpbm.files import moment_of

    moment = moment_of(text)
    if moment is None:
        raise BadInput(
            Problem(key=f"--entered {text}", message="not a date and time", remedy="write it as 2026-12-01T21:30")
        )
    if moment.tzinfo is not None:
        message = "has an offset from UTC"
        raise BadInput(Problem(key=f"--entered {text}", message=message, remedy="write the time at home without it"))
    return moment
