"""`openpbm checkpoint COURSE_DIR --week N`: is it safe, was it done, does it help, and what now?"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from openpbm.cli.terminal import print_json

if TYPE_CHECKING:
    from rich.console import Console

    from openpbm.outcomes.decision import CheckpointDocument
    from openpbm.outcomes.measures import ThresholdRow

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
    from openpbm.outcomes.decision import checkpoint as written_out

    written = read_course(course)
    content = written_out(written, week)
    folder = out if out is not None or as_json else course / REPORTS
    paths: tuple[Path, ...] = ()
    if folder is not None:
        from openpbm.report.publish_checkpoint import publish_checkpoint

        paths = publish_checkpoint(written, content, folder)
    if as_json:
        print_json(content)
    else:
        _print(content, {row.scale for row in written.scores}, paths)


def _print(content: CheckpointDocument, scales_asked: set[str], paths: tuple[Path, ...]) -> None:
    from rich.console import Console

    from openpbm.report.beside_verdict import contradiction
    from openpbm.report.checkpoint_wording import adherence_in_words, crisis_text, lasting_in_words
    from openpbm.wording import DECISIONS, DOSES, GRADES, SYMPTOMS, date_in_words

    # No markup: what people wrote may hold square brackets, and rich would swallow them.
    console = Console(highlight=False, markup=False)
    decision = DECISIONS[content["decision"]]
    console.print(f"Week {content['week']}, {date_in_words(content['date'])}: {decision.title}", style="bold")
    console.print(content["statement"])
    for row in content["reasons"]:
        if row["about"] == "decision":
            console.print(f"- {row['text']}")
    against = contradiction(content["reasons"])
    if against:
        console.print(f"- {against}")
    if content["proposal"]:
        console.print(f"Proposal: {content['proposal']}. It needs a new released plan.")
    # Said before the figures, since whoever needs it may not read that far.
    help_at_once = crisis_text(scales_asked)
    if help_at_once:
        console.print(f"\n{help_at_once}")
    console.print(f"\nSymptoms: {SYMPTOMS[content['symptom_verdict']]}")
    if lasting := lasting_in_words(content):
        doubt = "" if content["lasting"]["verified"] else ", not verified"
        console.print(f"Whether it lasts: {lasting} ({content['lasting']['source']}{doubt})")
    console.print(f"Dose: {DOSES[content['dose_verdict']]}")
    console.print(f"Sessions: {adherence_in_words(content['adherence'])}")
    console.print(f"Grade {content['grade']}: {GRADES[content['grade']]}")
    _print_probabilities(console, content)
    _print_beside(console, content)
    _print_rest(console, content)
    console.print(f"\n{content['notice']}")
    if paths:
        console.print(f"Page: {paths[0]}", style="bold")


def _print_probabilities(console: Console, content: CheckpointDocument) -> None:
    from openpbm.report.checkpoint_sources import cited_sources, source_mark
    from openpbm.wording import percent_in_words

    probabilities = content["probabilities"]
    if probabilities["below_zero"] is not None:
        console.print(f"P(better than before) {percent_in_words(probabilities['below_zero'])}")
    sources = cited_sources(content)
    _print_thresholds(console, probabilities["thresholds"], lambda id: source_mark(id, sources))
    sham = probabilities["better_than_sham"]
    if isinstance(sham, float):
        console.print(f"P(better than another person on sham) {percent_in_words(sham)}")
    elif sham is not None:
        console.print("Expected course on sham: unknown for these scales")
    used = {row["source"] for row in probabilities["thresholds"]}
    for id, (number, row) in sources.items():
        if id in used:
            console.print(f"  [{number}] {row.citation}", style="dim")


def _print_thresholds(console: Console, rows: list[ThresholdRow], mark: Callable[[str], str]) -> None:
    from openpbm.report.checkpoint_wording import scale_in_words
    from openpbm.wording import percent_in_words

    above = ""
    for row in rows:
        name = scale_in_words(row["scale"], row["source_of_values"])
        if name != above:
            console.print(f"  {name}")
        above = name
        groups = " (for groups, never one person)" if row["kind"] == "between_groups" else ""
        doubt = "" if row["verified"] else ", not verified"
        chance = percent_in_words(row["probability"])
        console.print(f"  - {row['label']}{groups}: {chance} ({mark(row['source'])}{doubt})")


def _print_beside(console: Console, content: CheckpointDocument) -> None:
    """What was said on the whole, cramps, timing, opioids and the care that is due; the tables stand on the page."""
    from openpbm.report.beside_verdict import impressions_in_words, opioids_in_words
    from openpbm.report.care_wording import care_rows
    from openpbm.report.checkpoint_wording import symptoms_compared
    from openpbm.report.cramp_table import cramp_ratio_in_words
    from openpbm.report.sensation_table import sensations_in_words
    from openpbm.report.timing_wording import lead_in_words, skin_check_in_words

    for said in impressions_in_words(content["impressions"]):
        console.print(f"{said.about}: {said.answer} ({said.date})")
    if content["cramps"]:
        console.print(cramp_ratio_in_words(content["cramps"], content["grade"]))
    felt = sensations_in_words(content["sensations"])
    if felt:
        console.print(felt)
    console.print(lead_in_words(content["timing"]))
    console.print(skin_check_in_words(content["timing"]))
    if symptoms_compared(content) and content["opioid_burden"]["medicines"]:
        console.print(f"{opioids_in_words(content['opioid_burden'])} Never change a medicine because of this.")
    lacking = [row for row in care_rows(content["care_plan"]) if row.lacking]
    if lacking:
        console.print("Care that the record does not show:")
    for row in lacking:
        console.print(f"- {row.stage} ({row.owner}): {row.text}")


def _print_rest(console: Console, content: CheckpointDocument) -> None:
    """Everything else a reader must know: events, other treatments, marks."""
    heard = {"dose": "Dose", "delivery": "Sessions", "event": "Event", "other treatment": "Other treatment"}
    for row in content["reasons"]:
        if row["about"] in heard:
            console.print(f"- {heard[row['about']]}: {row['text']}")
    for mark in content["data_quality"]["marks_together"]:
        console.print(f"- Mark: {mark['text']}")
