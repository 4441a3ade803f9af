"""`openpbm checkpoint COURSE_DIR --week N`: is it safe, was it done, does it help, and what now?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from openpbm.cli.terminal import print_json

__all__ = ["checkpoint"]

REPORTS = "reports"


def checkpoint(
    course: Annotated[Path, typer.Argument(metavar="COURSE_DIR", help="Course folder (docs/course-folder.md).")],
    week: Annotated[int, typer.Option("--week", min=1, max=520, help="Week after the planned start; 2, 4, 6, 12.")],
    as_json: Annotated[bool, typer.Option("--json", help="JSON alone on standard output.")] = False,
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder for page, JSON and chart; COURSE_DIR/reports by default.")
    ] = None,
) -> None:
    """Look at a course at one checkpoint: a decision with its reasons, and no stronger word than the data allow."""
    from openpbm.course.read_course import read_course
    from openpbm.outcomes.checkpoint import checkpoint as judge

    written = read_course(course)
    content = judge(written, week)
    folder = out if out is not None or as_json else course / REPORTS
    paths: tuple[Path, ...] = ()
    if folder is not None:
        from openpbm.report.publish_checkpoint import publish_checkpoint

        paths = publish_checkpoint(written, content, folder)
    if as_json:
        print_json(content)
    else:
        _print(content, {row.scale for row in written.scores}, paths)


def _print(content: dict[str, Any], scales_asked: set[str], paths: tuple[Path, ...]) -> None:
    from rich.console import Console

    from openpbm.report.checkpoint_wording import DECISIONS, DOSES, GRADES, SYMPTOMS, adherence_in_words, crisis_text
    from openpbm.report.wording import date_in_words

    console = Console(highlight=False, markup=False)
    decision = DECISIONS[content["decision"]]
    console.print(f"Week {content['week']}, {date_in_words(content['date'])}: {decision.title}", style="bold")
    console.print(content["statement"])
    for row in content["reasons"]:
        if row["about"] == "decision":
            console.print(f"- {row['text']}")
    if content["proposal"]:
        console.print(f"Proposal: {content['proposal']}. It needs a new released plan.")
    help_at_once = crisis_text(scales_asked)
    if help_at_once:
        console.print(f"\n{help_at_once}")
    console.print(f"\nSymptoms: {SYMPTOMS[content['symptom_verdict']]}")
    console.print(f"Dose: {DOSES[content['dose_verdict']]}")
    console.print(f"Sessions: {adherence_in_words(content['adherence'])}")
    console.print(f"Grade {content['grade']}: {GRADES[content['grade']]}")
    _print_probabilities(console, content["probabilities"])
    _print_rest(console, content)
    console.print(f"\n{content['notice']}")
    if paths:
        console.print(f"Page: {paths[0]}", style="bold")


def _print_probabilities(console: Any, probabilities: dict[str, Any]) -> None:
    from openpbm.report.wording import percent_in_words

    if probabilities["below_zero"] is not None:
        console.print(f"P(better than before) {percent_in_words(probabilities['below_zero'])}")
    for row in probabilities["thresholds"]:
        groups = " (for groups, never one person)" if row["kind"] == "between_groups" else ""
        doubt = "" if row["verified"] else ", not verified"
        console.print(
            f"  {row['scale']}: {row['label']}{groups} {percent_in_words(row['probability'])} [{row['source']}{doubt}]"
        )
    sham = probabilities["better_than_sham"]
    if isinstance(sham, float):
        console.print(f"P(better than another person on sham) {percent_in_words(sham)}")
    elif sham is not None:
        console.print("Expected course on sham: unknown for these scales")


def _print_rest(console: Any, content: dict[str, Any]) -> None:
    """Everything else a reader must know: events, other treatments, marks."""
    heard = {"dose": "Dose", "delivery": "Sessions", "event": "Event", "other treatment": "Other treatment"}
    for row in content["reasons"]:
        if row["about"] in heard:
            console.print(f"- {heard[row['about']]}: {row['text']}")
    for mark in content["data_quality"]["marks"]:
        console.print(f"- Mark: {mark['text']}")
