"""`openpbm respond CASE.toml`: what a plan would do in virtual people, if the arrows of the mechanism existed."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from openpbm.cli.terminal import print_json, progress_bar, writing
from openpbm.errors import BadInput, Problem

if TYPE_CHECKING:
    from openpbm.mechanism import CheckpointStand, DoseProposal, Observable, PersonalAnswer, Response, Washout

__all__ = ["own_course", "print_response", "respond"]

_WIDEST = 80
# From here on warmth is the most of what is seen.
_MOSTLY = 0.5


def respond(
    case: Annotated[Path, typer.Argument(help="Case file in TOML (docs/case-file.md).")],
    out: Annotated[Path | None, typer.Option("--out", help="Folder for response.json and response.png.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON alone on standard output.")] = False,
    arrow: Annotated[list[str] | None, typer.Option("--arrow", help="ID=on or ID=off; may be repeated.")] = None,
    sham: Annotated[bool, typer.Option("--sham", help="A lamp without light and without heat.")] = False,
    sham_heat: Annotated[
        bool, typer.Option("--sham-heat", help="A lamp that warms as much and sends no light.")
    ] = False,
    score: Annotated[
        list[str] | None, typer.Option("--score", help="DAY=POINTS, the person's own; day 0 is the start. Repeat it.")
    ] = None,
    course: Annotated[
        Path | None,
        typer.Option("--course", help="The person's course folder; with --week."),
    ] = None,
    week: Annotated[int | None, typer.Option("--week", min=1, max=520, help="Checkpoint of that course.")] = None,
    washout_below: Annotated[
        float,
        typer.Option("--washout-below", min=0.001, max=1.0, help="Share of the change that may be left."),
    ] = 0.1,
    people: Annotated[int, typer.Option(min=20, max=1_000_000, help="Virtual people.")] = 1000,
    seed: Annotated[int, typer.Option(min=0, max=2**31 - 1, help="Same seed, same people.")] = 1,
) -> None:
    """Show what would follow from a plan if light worked as it is said to, and how much of it is warmth."""
    from openpbm.case import read_case
    from openpbm.mechanism import course_scale, read_switches
    from openpbm.mechanism import respond as respond_to
    from openpbm.mechanism.as_json import response_as_json
    from openpbm.planning import AllowedPlan, make_plan
    from openpbm.safety import screen

    forced, scores = read_switches(arrow or []), _read_scores(score or [])
    _check_course(score, course, week)
    screening = screen(read_case(case))
    with progress_bar("computing light") as show:
        plan = make_plan(screening, seed=seed, progress=show)
    if not isinstance(plan, AllowedPlan):
        _say_refused(plan.verdict)
        raise typer.Exit(3)
    stand: CheckpointStand | None = None
    if course is not None and week is not None:
        scores, stand = own_course(course, week, course_scale(plan).id)
    answer = respond_to(
        screening,
        plan,
        forced=forced,
        sham=sham,
        sham_heat=sham_heat,
        scores=scores,
        checkpoint=stand,
        washout_below=washout_below,
        people=people,
        seed=seed,
    )
    content = response_as_json(answer)
    if out is not None:
        with writing("--out", out):
            _write(answer, out, json.dumps(content, indent=1))
    if as_json:
        print_json(content)
    else:
        print_response(answer)


def _read_scores(words: list[str]) -> dict[float, float]:
    scores: dict[float, float] = {}
    for word in words:
        day, _, points = word.partition("=")
        try:
            number, value = float(day), float(points)
        except ValueError:
            number = value = math.nan
        if not (math.isfinite(number) and math.isfinite(value)):
            raise BadInput(Problem("--score", word, "is no day with points", "write DAY=POINTS, as in 14=19"))
        if number in scores:
            raise BadInput(Problem("--score", word, "is a second score of that day", "give one for each day"))
        scores[number] = value
    return scores


def _check_course(score: list[str] | None, course: Path | None, week: int | None) -> None:
    if score and course is not None:
        remedy = "a course folder brings its own; leave --score out"
        raise BadInput(Problem("--score", score[0], "is given beside --course", remedy))
    if (course is None) != (week is None):
        raise BadInput(Problem("--course", course and str(course), "goes with --week", "give both, or neither"))


def own_course(folder: Path, week: int, scale: str) -> tuple[dict[float, float], CheckpointStand]:
    """Scores of one scale by day from the first session, those before the checkpoint's day, and its stand.

    Raises BadInput for a folder that is no course.
    """
    from openpbm.course.read_course import read_course
    from openpbm.mechanism import CheckpointStand
    from openpbm.outcomes.decision import judge
    from openpbm.outcomes.measures import score_value

    course = read_course(folder)
    judgement = judge(course, week)
    phases, decided = judgement.phases, judgement.decided
    scores: dict[float, float] = {}
    for row in course.scores:
        value = score_value(row) if row.scale == scale and row.date < phases.as_of else None
        if value is not None:
            scores[float((row.date - phases.began).days)] = value
    alarms = [rule.text for rule in decided.also]
    stand = CheckpointStand(
        week=week,
        minutes_open=decided.by.minutes_open and not alarms,
        says=" ".join([decided.by.text, *alarms]),
        minutes=course.plan.session_minutes,
    )
    return scores, stand


def _say_refused(verdict: str) -> None:
    why = "openpbm plan says why. Nothing is computed for light that nobody may have."
    typer.echo(f"This case has no plan ({verdict}): {why}", err=True)


def _write(answer: Response, folder: Path, text: str) -> None:
    from openpbm.picture_style import save_picture

    folder.mkdir(parents=True, exist_ok=True)
    save_picture(answer.plot(), folder / "response.png")
    (folder / "response.json").write_text(text + "\n", encoding="utf-8")


def print_response(answer: Response) -> None:
    """A session and the course in words, for a terminal of 80 columns."""
    from rich.console import Console
    from rich.table import Table

    from openpbm.facts.notice import NOTICE

    console = Console(highlight=False)
    console.width = min(console.width, _WIDEST)
    table = Table(title="One session, if: largest change from rest", title_justify="left", expand=True)
    table.add_column("where")
    table.add_column("what")
    for head in ("90 of 100", "middle", "by warmth alone"):
        table.add_column(head, justify="right")
    for shown in answer.observables:
        table.add_row(*_row(shown))
    console.print(table)
    console.print(_heat_sentence(answer))
    course = answer.course
    last = int(course.days.searchsorted(42))
    last = min(last, len(course.days) - 1)
    console.print(
        f"The course, if: of {course.maximum:g} points of {course.scale}, from {course.start:g}: a lamp without light "
        f"would leave {course.sham.p5[last]:.1f} to {course.sham.p95[last]:.1f} after six weeks; light itself would "
        f"change that by {course.specific.p5[last]:+.1f} to {course.specific.p95[last]:+.1f}. "
        f"Before any data of this person, people in whom light does nothing at all weigh {course.weight_null:.2f}."
    )
    console.print(_washout_sentence(course.washout))
    if answer.personal is not None:
        console.print(_personal_sentence(answer.personal))
        console.print(f"With these scores: {_washout_sentence(answer.personal.washout)}")
    console.print(_proposal_sentence(answer.proposal), markup=False)
    console.print(f"[bold]{NOTICE}[/bold]")
    console.print("Arrows, grades and sources: openpbm mechanism. All curves: openpbm respond --json")


def _personal_sentence(person: PersonalAnswer) -> str:
    chance = "" if person.chance_of_gain is None else f" and an important gain by light of {person.chance_of_gain:.2f}"
    told = (
        f"With these scores: people in whom light does nothing at all weigh {person.weight_null:.2f}{chance}. "
        f"They took away {100 * person.shrinkage:.0f} % of what was open, and rest on "
        f"{person.effective_people:.0f} people in effect."
    )
    if not person.rests_on_enough:
        return f"{told} That is too few to go by: ask for more with --people."
    return told


def _washout_sentence(washout: Washout) -> str:
    if washout.weeks is None:
        return "How long a wash-out would take cannot be told."
    return (
        f"Wash-out of a comparison in one person: after {washout.weeks} weeks without light less than "
        f"{100 * washout.below:g} % of what light had changed would be left in {100 * washout.chance:.0f} of 100 "
        "people in whom it would change anything."
    )


def _proposal_sentence(proposal: DoseProposal) -> str:
    if proposal.minutes is None:
        return f"No other minutes are proposed: {proposal.reason}."
    return (
        f"Proposal, for a clinician: {proposal.minutes:g} minutes at a place in place of {proposal.planned_minutes:g}; "
        f"an important gain by light would have a chance of {proposal.chance_proposed:.2f} in place of "
        f"{proposal.chance_planned:.2f}. Why: {proposal.reason}."
    )


def _peak(shown: Observable) -> int:
    return int(abs(shown.median).argmax())


def _row(shown: Observable) -> tuple[str, ...]:
    from openpbm.mechanism.session_answer import WORDS

    at = _peak(shown)
    return (
        shown.compartment,
        f"{WORDS[shown.name]}, {shown.unit}",
        f"{shown.p5[at]:.2g} to {shown.p95[at]:.2g}",
        f"{shown.median[at]:.2g}",
        f"{shown.thermal_median[at]:.2g}",
    )


def _heat_sentence(answer: Response) -> str:
    flow = next(each for each in answer.observables if each.name == "flow_percent")
    at = _peak(flow)
    if flow.median[at] <= 0.0:
        return "Nothing changes: no light and no warmth."
    share = flow.thermal_median[at] / flow.median[at]
    if share > _MOSTLY:
        return (
            f"The rise of flow in the skin would be mostly heat: {100 * share:.0f} % comes with a lamp that only warms."
        )
    return f"Of the rise of flow in the skin {100 * share:.0f} % would come with a lamp that only warms."
