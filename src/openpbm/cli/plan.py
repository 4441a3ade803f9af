"""`openpbm plan CASE.toml`: the main job, and plan and screening in words for a terminal of 80 columns."""

from __future__ import annotations

import itertools
import os
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from openpbm.cli.terminal import print_json, progress_bar
from openpbm.errors import BadInput, Problem
from openpbm.wording import share_in_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from openpbm.planning import Plan, PlanOverrides
    from openpbm.planning.check_light import LightCheck
    from openpbm.planning.document import Choice, ChoiceRow, LimitKept, PlannedOutcome, ProtocolOption, SettingOption
    from openpbm.planning.document.dose import DoseRow
    from openpbm.planning.document.exposure import EyeSafety, SkinBand, SkinExposure
    from openpbm.planning.document.treatment import Schedule
    from openpbm.reason import Reason
    from openpbm.safety import Screening

__all__ = ["plan", "print_plan", "print_screening"]

DEFAULT_FOLDER = Path("openpbm-plan")
_VERDICTS = {
    "allowed": ("green", "Allowed"),
    "ask": ("yellow", "Some answers are missing"),
    "needs_clinician": ("yellow", "A clinician must decide"),
    "refused": ("red", "Refused"),
    "refer": ("red", "See someone first"),
}
_MARKS = {"yes": "✓", "no": "✗", "unknown": "?"}
_SIDES = {"left": "left side", "right": "right side", "both": "both sides"}
# Less than this is no light to speak of; its digits would only feign knowledge.
_LEAST_SHOWN_J_CM2 = 0.001
_NARROWEST_TABLE = 78
_AS_IN_THE_TRIALS = "As in the trials: what the trials' lamps bring there, by our own model; nobody measured it."
_CASES_INSIDE = (
    "Cases inside: share of the computed cases (tissue, lamp, placement) that lie there, each held against the trials'"
    " lamps in its own tissue. It is not the chance that light helps."
)
_LONGEST_IN_SECONDS = 600
_ROW_HEADS = ("min at\none place", "min\nin all", "J/cm²\nat skin", "J/cm²\nat target", "skin °C", "inside")


def _print_schema(wanted: bool) -> None:
    if not wanted:
        return
    from openpbm.planning import plan_schema

    print_json(plan_schema())
    raise typer.Exit


def plan(
    case: Annotated[Path, typer.Argument(help="Case file in TOML (docs/case-file.md).")],
    out: Annotated[Path | None, typer.Option("--out", help="Folder for plan, report, home sheet and pictures.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON alone on standard output.")] = False,
    seed: Annotated[int, typer.Option(min=0, max=2**31 - 1, help="Same seed, same plan.")] = 1,
    threads: Annotated[int | None, typer.Option(min=1, help="Threads; every core by default.")] = None,
    # Light was once kept between runs and this made it again; it is accepted for scripts that still say so.
    fresh: Annotated[bool, typer.Option("--fresh", hidden=True)] = False,
    minutes: Annotated[
        float | None, typer.Option("--minutes", help="Minutes at one place, in place of those it would choose.")
    ] = None,
    per_week: Annotated[int | None, typer.Option("--per-week", help="Sessions a week, likewise.")] = None,
    weeks: Annotated[int | None, typer.Option("--weeks", help="Weeks, likewise.")] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Then hold the light at the first target against photons; takes a minute.")
    ] = False,
    pdf: Annotated[Path | None, typer.Option("--pdf", help="The plan on paper, as a PDF file.")] = None,
    schema: Annotated[
        bool,
        # Eager, so that it asks for no case file.
        typer.Option("--schema", is_eager=True, callback=_print_schema, help="Print the schema of plan.json."),
    ] = False,
) -> None:
    """Plan a course of light: screened, dosed at the target, inside the limits; or say why not."""
    folder = out if out is not None or as_json else DEFAULT_FOLDER
    # Before NumPy is loaded: for matrices as small as these its own threads would only wait, by computing.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    if folder is not None:
        _check_folder(folder)
    if pdf is not None:
        from openpbm.report.plan_pdf import check_pdf

        check_pdf(pdf)
    from openpbm.case import read_case
    from openpbm.planning import PlanOverrides
    from openpbm.safety import screen

    # The cheap mistakes first: a wrong number is said before any light is computed.
    overrides = PlanOverrides(minutes=minutes, sessions_per_week=per_week, weeks=weeks)
    screening = screen(read_case(case))
    with _publishing_into(folder) as publish_plan:
        answer = _make(screening, overrides, seed, threads)
        publish_plan(answer)
    if pdf is not None:
        from openpbm.report.plan_pdf import write_plan_pdf

        write_plan_pdf(answer, pdf)
    # Only for light that the plan has: without a protocol or a known beam there is nothing to hold against photons.
    checked = _checked_light(screening, seed, threads) if check and answer.dose else ()
    if as_json:
        print_json(answer.to_json_dict() | ({"check": _light_check_content(checked)} if check else {}))
    else:
        print_plan(answer, folder)
        if check:
            _print_light_check(checked)
    raise typer.Exit(0 if answer.verdict == "allowed" else 3)


def _make(screening: Screening, overrides: PlanOverrides, seed: int, threads: int | None) -> Plan:
    from openpbm.planning import make_plan

    with progress_bar("computing light") as show:
        return make_plan(screening, overrides=overrides, seed=seed, threads=threads, progress=show)


@contextmanager
def _publishing_into(folder: Path | None) -> Iterator[Callable[[Plan], object]]:
    """What publishes the plan that will be made, if a folder is wanted."""
    if folder is None:
        yield lambda plan: None
        return
    from openpbm.report.publish import pictures_beside, publish

    with pictures_beside() as drawing:
        yield lambda plan: publish(plan, folder, drawing)


def _check_folder(folder: Path) -> None:
    """Say so before any light is computed when the folder cannot be one, or holds what a plan would replace."""
    from openpbm.report.publish import PLAN_FILES, refuse_foreign_files

    for part in (folder, *folder.parents):
        if part.exists():
            if not part.is_dir():
                raise BadInput(Problem(key=f"--out {folder}", message=f"{part} is a file", remedy="name a folder"))
            break
    refuse_foreign_files(folder, PLAN_FILES)


def print_screening(answer: Screening | Plan) -> None:
    """Verdict, reasons, cautions and the candidacy checklist."""
    console = _console()
    colour, words = _VERDICTS[answer.verdict]
    console.print(f"[bold {colour}]{words}[/] ({answer.verdict})")
    _print_reasons(console, "Reasons", answer.reasons)
    _print_reasons(console, "Cautions", answer.cautions)
    if answer.candidacy:
        console.print("\n[bold]Checklist[/]")
    for item in answer.candidacy:
        _print_item(console, _MARKS[item.status], item.text)
    if due := [line.words for line in answer.workup if line.due]:
        console.print("\n[bold]Work-up still due[/] (see `workup` in docs/case-file.md)")
        _print_item(console, "", "; ".join(due))


def print_plan(plan: Plan, folder: Path | None) -> None:
    """The whole plan on one screen, the evidence above the minutes."""
    console = _console()
    print_screening(plan)
    console.print(f"\n[bold]Evidence[/] ({plan.evidence.grade})")
    _print_item(console, "", " ".join([plan.evidence.statement, *(search.text for search in plan.evidence.searches)]))
    _print_item(console, "", " ".join(row.text for row in plan.evidence.advised))
    if plan.schedule is not None:
        from openpbm.report.clinical_report import lamp_distances_mm

        _print_course(console, plan.schedule, lamp_distances_mm(plan))
        _print_outcomes(console, plan.outcomes)
    if plan.dose and plan.exposure_minutes is not None:
        _print_dose(console, plan, plan.exposure_minutes)
    if plan.choice is not None:
        from openpbm.report.clinical_report import measurements_in_words

        _print_choice(console, plan.choice, allowed=plan.verdict == "allowed")
        for sentence in measurements_in_words(plan):
            _print_item(console, "", sentence)
    if plan.skin is not None and plan.eye is not None:
        _print_skin_and_eyes(console, plan.skin, plan.eye)
    console.print(f"\n{plan.notice}", style="italic", markup=False)
    if folder is not None:
        console.print(f"\nWritten to {folder}/: plan.json, report.html, home_sheet.html and pictures", markup=False)


def _console() -> Any:
    from rich.console import Console

    return Console(highlight=False)


def _print_reasons(console: Any, heading: str, reasons: Sequence[Reason]) -> None:
    """Reasons, one item each; rules that say the same in the same words share one item."""
    if not reasons:
        return
    console.print(f"\n[bold]{heading}[/]")
    # Several rules may wait for the same answer: the person is asked once, with all their names below.
    by_question: dict[str, list[Reason]] = {}
    for reason in reasons:
        by_question.setdefault(reason.question or reason.text, []).append(reason)
    for same in by_question.values():
        # The reasons come worst first.
        worst = same[0]
        route = f" → {worst.route} ({worst.urgency})" if worst.route else ""
        rules = ", ".join(dict.fromkeys(reason.rule for reason in same))
        _print_item(console, "•", f"{worst.text}{route}\n{rules} [{worst.level}]", dim_last_line=True)


def _print_item(console: Any, mark: str, text: str, *, dim_last_line: bool = False) -> None:
    """One item of a list, its lines hanging under its first word."""
    from rich.table import Table
    from rich.text import Text

    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_column(width=3 if mark else 1, justify="right", no_wrap=True)
    grid.add_column()
    body = Text(text)
    if dim_last_line:
        body.stylize("dim", text.rindex("\n"))
    grid.add_row(Text(mark), body)
    console.print(grid)


def _print_course(console: Any, schedule: Schedule, distances_mm: Sequence[float | None]) -> None:
    first, last = schedule.sessions[0], schedule.sessions[-1]
    time = "" if first.start_time is None else f", at {first.start_time:%H:%M}"
    console.print("\n[bold]Course[/]")
    console.print(f"  {_minutes(schedule)}{_where(distances_mm)}")
    console.print(f"  {schedule.sessions_per_week} times a week for {schedule.weeks} weeks{time}")
    console.print(f"  first {first.date}, last {last.date}")
    for checkpoint in schedule.checkpoints:
        console.print(f"  checkpoint in week {checkpoint.week}: {checkpoint.date}")


def _print_outcomes(console: Any, outcomes: Sequence[PlannedOutcome]) -> None:
    """What will decide, by which cadence and from when on; what is not the first decides where that has no data."""
    if not outcomes:
        return
    console.print("\n[bold]What will tell whether it helps[/], the first with enough data")
    for number, outcome in enumerate(outcomes, start=1):
        when = "not within this plan's checkpoints"
        if outcome.decides_on is not None:
            when = f"can decide from {outcome.decides_on} on"
        _print_item(console, f"{number}.", f"{outcome.name}: {outcome.cadence}; {when}")


def _minutes(schedule: Schedule) -> str:
    """The whole session first: who reads one place's minutes alone plans twenty for two hours."""
    at_each = f"{schedule.minutes_per_session:.4g} minutes at each place"
    if schedule.positions_per_session == 1:
        return at_each
    total = f"{schedule.total_minutes_per_session:.4g} minutes in all"
    return f"{total}: {at_each}, the lamp set down {schedule.positions_per_session} times"


def _where(distances_mm: Sequence[float | None]) -> str:
    known = [distance_mm for distance_mm in distances_mm if distance_mm is not None]
    words = ("on the skin" if distance_mm == 0 else f"{distance_mm:g} mm from the skin" for distance_mm in known)
    return "".join(f", {each}" for each in dict.fromkeys(words))


def _print_dose(console: Any, plan: Plan, exposure_minutes: float) -> None:
    from rich.console import Console

    from openpbm.report.clinical_report import STANDARD_ERROR_WORDS, wide_windows_in_words

    console.print(f"\n[bold]Fluence in one session[/], {exposure_minutes:.3g} minutes of light, in J/cm²")
    # Numbers cut short mislead: a narrow terminal folds the lines instead.
    wide = Console(highlight=False, width=max(console.width, _NARROWEST_TABLE))
    for (site, side), rows in itertools.groupby(plan.dose, key=lambda row: (row.site, row.side)):
        wide.print(_dose_table(f"{_plain_site(site)}, {_SIDES[side]}", plan, rows))
    if plan.windows:
        console.print(_AS_IN_THE_TRIALS)
    if plan.windows and plan.verdict == "allowed":
        console.print(f"{_CASES_INSIDE} {STANDARD_ERROR_WORDS}")
    for sentence in wide_windows_in_words(plan):
        console.print(sentence, markup=False)


def _dose_table(title: str, plan: Plan, rows: Iterable[DoseRow]) -> Any:
    from rich import box
    from rich.table import Table

    table = Table(
        title=title,
        title_justify="left",
        title_style="italic",
        box=box.SIMPLE_HEAD,
        pad_edge=False,
        padding=(0, 0, 0, 1),
    )
    table.add_column("structure")
    inside = ("cases\ninside",) if plan.verdict == "allowed" else ()
    for name in ("depth\nmm", "nm", "p5", "median", "p95", "as in\nthe trials", *inside):
        table.add_column(name, justify="right", no_wrap=True)
    for structure, its_rows in itertools.groupby(rows, key=lambda row: row.structure):
        # Name and depth stand once, before the first of the structure's rows.
        name = structure.replace("_", " ")
        for row in its_rows:
            _add_dose(table, name, plan, row)
            name = ""
    return table


def _add_dose(table: Any, name: str, plan: Plan, row: DoseRow) -> None:
    together = row.wavelength_nm is None
    band = row.fluence_j_cm2
    window = plan.windows.get(row.place) if together else None
    inside = (_inside(plan, row, window),) if plan.verdict == "allowed" else ()
    table.add_row(
        name,
        f"{row.depth_mm:.1f}" if name else "",
        "all" if together else f"{row.wavelength_nm:g}",
        *(_fluence(value_j_cm2) for value_j_cm2 in (band.p5, band.median, band.p95)),
        "" if window is None else "-".join(map(_fluence_in_short, window)),
        *inside,
        style="bold" if together else None,
    )


def _fluence(value_j_cm2: float) -> str:
    return f"<{_LEAST_SHOWN_J_CM2:g}" if value_j_cm2 < _LEAST_SHOWN_J_CM2 else f"{value_j_cm2:.3g}"


def _fluence_in_short(value_j_cm2: float) -> str:
    return f"<{_LEAST_SHOWN_J_CM2:g}" if value_j_cm2 < _LEAST_SHOWN_J_CM2 else f"{float(f'{value_j_cm2:.2g}'):g}"


def _inside(plan: Plan, row: DoseRow, window: tuple[float, float] | None) -> str:
    """The share of cases inside the window; none where even the trials' lamps bring next to no light there."""
    share = plan.share_as_in_trials(row)
    if share is not None:
        return share_in_words(share, row.chance_standard_error)
    return "" if window is None else "too little"


def _plain_site(site_id: str) -> str:
    from openpbm.facts.sites import sites

    return sites[site_id].plain_name.capitalize()


def _print_choice(console: Any, choice: Choice, *, allowed: bool) -> None:
    """Why these minutes: the rows beside them, what decides, each protocol by itself, what is left to every limit."""
    from openpbm.report.clinical_report import named_rows
    from openpbm.wording import UNKNOWNS, WHY_THESE_MINUTES

    console.print(f"\n[bold]Why these minutes[/]: {WHY_THESE_MINUTES[choice.why]}")
    table = _table("session", *_ROW_HEADS)
    for name, row in named_rows(choice):
        table.add_row(name, *_row_cells(row, allowed=allowed), style="bold" if name == "chosen" else None)
    console.print(table)
    for number, bound in enumerate(choice.binds, 1):
        limit = f"{bound.name} decides, {bound.value:.4g} held against {bound.limit:.4g} {bound.unit}"
        _print_item(console, f"{number}.", f"{limit}. What would be chosen without it is no offer.")
    _print_protocols(console, choice.protocols, allowed=allowed)
    _print_settings(console, choice.settings, allowed=allowed)
    _print_quality(console, choice.quality)
    for unknown in choice.unknowns[:1]:
        words = f"Least known is {UNKNOWNS[unknown.unknown]}: {unknown.share:.0%} of the width of the dose."
        folds = f"Its p95 is {unknown.fold:.2g} times its p5; were that known, {unknown.fold_if_known:.2g} times."
        _print_item(console, "", f"{words} {folds}")
    for unknown in choice.unknowns[1:]:
        words = f"Knowing {UNKNOWNS[unknown.unknown]}, {unknown.share:.0%} of it: {unknown.fold_if_known:.2g} times."
        _print_item(console, "", words)


def _row_cells(row: ChoiceRow, *, allowed: bool) -> list[str]:
    # Beside a refusal a share would speak for the light.
    share = "" if row.chance_in_window is None or not allowed else f"{row.chance_in_window:.0%}"
    fluences = (row.skin_fluence_j_cm2, row.fluence_j_cm2.median)
    minutes = (row.session_minutes, row.total_minutes)
    return [*(f"{each:.4g}" for each in minutes), *map(_fluence, fluences), f"{row.skin_temperature_c:.1f}", share]


def _print_protocols(console: Any, protocols: Sequence[ProtocolOption], *, allowed: bool) -> None:
    console.print("[bold]Each protocol by itself[/] with this lamp; they are never merged")
    table = _table("protocol", *_ROW_HEADS)
    for protocol in protocols:
        name = f"{protocol.id}, {protocol.origin}{' (followed)' if protocol.followed else ''}"
        beside = "" if protocol.wavelength_met else ", other wavelengths"
        cells = ["points only"] if protocol.session is None else _row_cells(protocol.session, allowed=allowed)
        over = ", over a limit" if protocol.session is not None and _refused(protocol.session) else ""
        table.add_row(name + beside + over, *cells)
    console.print(table)


def _print_settings(console: Any, settings: Sequence[SettingOption], *, allowed: bool) -> None:
    if not settings:
        return
    from openpbm.wording import setting_in_words

    console.print("[bold]The lamp used otherwise[/], by the same protocol; to give it takes a plan of its own")
    table = _table("setting", *_ROW_HEADS)
    for setting in settings:
        over = ", over a limit" if setting.breaks else ""
        name = setting_in_words(setting.distance_mm, setting.lamp_mode, setting.places_at_once)
        table.add_row(name + over, *_row_cells(setting.session, allowed=allowed))
    console.print(table)


def _refused(row: ChoiceRow) -> bool:
    from openpbm.facts.rules import computed_rules

    return any(computed_rules[rule].level == "absolute" for rule in row.breaks)


def _print_quality(console: Any, quality: Sequence[LimitKept]) -> None:
    from openpbm.wording import quantity, unit_in_words

    console.print("[bold]Goals and limits[/]")
    table = _table("", "value", "goal or limit", "left", "unit")
    for limit in quality:
        sign = "≥" if limit.kind == "goal" else "≤"
        value, held, left = (quantity(number, 4) for number in (limit.value, limit.limit, limit.margin))
        cells = (value, f"{sign} {held}", left, unit_in_words(limit.unit))
        table.add_row(limit.name, *cells, style=None if limit.kept else "bold")
    console.print(table)


def _table(first: str, *numbers: str) -> Any:
    """A plain table: words, then columns of numbers."""
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 0, 0, 1))
    table.add_column(first, overflow="fold")
    for name in numbers:
        table.add_column(name, justify="right", no_wrap=True)
    return table


def _print_skin_and_eyes(console: Any, skin: SkinExposure, eye: EyeSafety) -> None:
    fluence = "" if skin.fluence_j_cm2 is None else f", {skin.fluence_j_cm2:.3g} J/cm² in a session"
    console.print(f"Skin: {skin.irradiance_mw_cm2:.3g} mW/cm² at the peak{fluence}")
    if skin.scanned is not None:
        from openpbm.planning.scanned_skin import scan_in_words

        console.print(f"      {scan_in_words(skin.scanned)}")
    if len(skin.bands) > 1:
        console.print(f"      {', '.join(map(_band_in_words, skin.bands))}")
    eyewear = "eyewear needed" if eye.eyewear_needed else "no eyewear needed for this session; do not stare into it"
    console.print(f"Eyes: {_duration(eye.seconds_without_eyewear)} without eyewear; {eyewear}")


def _band_in_words(band: SkinBand) -> str:
    beside = " (not the protocol's)" if band.in_protocol is False else ""
    return f"{band.irradiance_mw_cm2:.3g} at {band.wavelength_nm:g} nm{beside}"


def _duration(seconds: float) -> str:
    # Rounded down: a second more would not be allowed.
    return f"{seconds // 1:.0f} s" if seconds < _LONGEST_IN_SECONDS else f"{seconds // 60:.0f} minutes"


def _checked_light(screening: Screening, seed: int, threads: int | None) -> tuple[LightCheck, ...]:
    """Run the photons, with a bar."""
    from openpbm.planning.check_light import check_light

    with progress_bar("counting photons") as show:
        return check_light(screening, seed=seed, threads=threads, progress=show)


def _light_check_content(rows: tuple[LightCheck, ...]) -> list[dict[str, Any]]:
    """The rows as JSON: fluence rates in mW/cm2, difference and error as shares."""
    return [asdict(row) | {"difference": row.difference, "relative_error": row.relative_error} for row in rows]


def _print_light_check(rows: tuple[LightCheck, ...]) -> None:
    """One line a wavelength: fluence rate by discrete ordinates and by photons, and how far they lie apart."""
    from rich.console import Console

    console = Console(highlight=False)
    if not rows:
        console.print("\nNot checked by photons: this plan has no dose, so there is nothing to hold against them.")
        return
    first = rows[0]
    console.print(
        f"\n[bold]Checked by photons[/] at the {first.structure.replace('_', ' ')}, {first.depth_mm:.1f} mm deep in the"
        " middle tissue, at the stated output"
    )
    for row in rows:
        console.print(
            f"  {row.wavelength_nm:g} nm: {row.solved_mw_cm2:.4g} mW/cm²; {row.photons:,} photons give"
            f" {row.photons_mw_cm2:.4g}, which makes {row.difference:+.1%} (standard error {row.relative_error:.1%})"
        )
