"""The plan and the screening in words, for a terminal of 80 columns."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

__all__ = ["print_plan", "print_screening"]

_SAID = {
    "allowed": ("green", "Allowed"),
    "ask": ("yellow", "Some answers are missing"),
    "needs_clinician": ("yellow", "A clinician must decide"),
    "refused": ("red", "Refused"),
    "refer": ("red", "See someone first"),
}
_SIDES = {"left": "left side", "right": "right side", "both": "both sides"}
# Less than this is no light to speak of; its digits would only feign knowledge.
_LEAST_SHOWN_J_CM2 = 0.001
_NARROWEST_TABLE = 76
_LONGEST_IN_SECONDS = 600


def print_screening(answer: dict[str, Any]) -> None:
    """Verdict, reasons, cautions and the candidacy checklist."""
    console = _console()
    colour, said = _SAID[answer["verdict"]]
    console.print(f"[bold {colour}]{said}[/] ({answer['verdict']})")
    _print_reasons(console, "Reasons", answer["reasons"])
    _print_reasons(console, "Cautions", answer["cautions"])
    if answer["candidacy"]:
        console.print("\n[bold]Checklist[/]")
        for item in answer["candidacy"]:
            _print_item(console, {"yes": "✓", "no": "✗"}.get(item["status"], "?"), item["text"])


def print_plan(answer: dict[str, Any], folder: Path | None) -> None:
    """The whole plan on one screen, the evidence above the minutes."""
    console = _console()
    print_screening(answer)
    console.print(f"\n[bold]Evidence[/] ({answer['evidence']['grade']})")
    _print_item(console, "", answer["evidence"]["statement"])
    if answer["schedule"] is not None:
        _print_course(console, answer)
    if answer["dose"]:
        _print_dose(console, answer)
    if answer["skin"] is not None and answer["eye"] is not None:
        _print_skin_and_eyes(console, answer)
    console.print(f"\n{answer['notice']}", style="italic", markup=False)
    if folder is not None:
        console.print(f"\nWritten to {folder}/: plan.json, report.html, home_sheet.html and pictures", markup=False)


def _console() -> Any:
    from rich.console import Console

    return Console(highlight=False)


def _print_reasons(console: Any, heading: str, rows: list[dict[str, Any]]) -> None:
    """Reasons, one item each; rules that say the same in the same words share one item."""
    if not rows:
        return
    console.print(f"\n[bold]{heading}[/]")
    said: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        said.setdefault(_question(row), []).append(row)
    for same in said.values():
        worst = same[0]  # the rows come worst first
        route = f" → {worst['route']} ({worst['urgency']})" if worst.get("route") else ""
        rules = ", ".join(dict.fromkeys(row["rule"] for row in same))
        _print_item(console, "•", f"{worst['message']}{route}\n{rules} [{worst['level']}]", dim_last_line=True)


def _question(row: dict[str, Any]) -> str:
    """What an unanswered rule asks, or the whole message of any other."""
    message: str = row["message"]
    return message.split("?")[0] if row["kind"] == "missing" and "?" in message else message


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


def _print_course(console: Any, answer: dict[str, Any]) -> None:
    course, placement = answer["schedule"], answer["placement"]
    where = "on the skin" if placement["distance_mm"] == 0 else f"{placement['distance_mm']:g} mm from the skin"
    first, last = course["sessions"][0], course["sessions"][-1]
    console.print("\n[bold]Course[/]")
    console.print(f"  {course['minutes_per_session']:g} minutes at each place, {where}")
    console.print(f"  {course['sessions_per_week']} times a week for {course['weeks']} weeks, at {first['start_time']}")
    console.print(f"  first {first['date']}, last {last['date']}")
    for point in course["checkpoints"]:
        console.print(f"  checkpoint in week {point['week']}: {point['date']}")


def _print_dose(console: Any, answer: dict[str, Any]) -> None:
    from rich.console import Console

    console.print(f"\n[bold]Fluence in one session[/], {answer['exposure_minutes']:.3g} minutes of light, in J/cm²")
    # Numbers cut short mislead: a narrow terminal folds the lines instead.
    wide = Console(highlight=False, width=max(console.width, _NARROWEST_TABLE))
    for (site, side), rows in itertools.groupby(answer["dose"], key=lambda row: (row["site"], row["side"])):
        wide.print(_dose_table(f"{_plain_site(site)}, {_SIDES[side]}", list(rows)))


def _dose_table(title: str, rows: list[dict[str, Any]]) -> Any:
    from rich import box
    from rich.table import Table

    table = Table(title=title, title_justify="left", title_style="italic", box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("structure")
    for name in ("depth mm", "nm", "p5", "median", "p95", "chance"):
        table.add_column(name, justify="right", no_wrap=True)
    shown = None
    for row in rows:
        chance = row["chance_in_window"]
        new = row["structure"] != shown
        shown = row["structure"]
        table.add_row(
            shown.replace("_", " ") if new else "",
            f"{row['depth_mm']:.1f}" if new else "",
            "all" if row["wavelength_nm"] is None else f"{row['wavelength_nm']:g}",
            *(_fluence(row["fluence_j_cm2"][key]) for key in ("p5", "median", "p95")),
            "" if chance is None else f"{chance:.0%}",
            style="bold" if row["wavelength_nm"] is None else None,
        )
    return table


def _fluence(value_j_cm2: float) -> str:
    return f"<{_LEAST_SHOWN_J_CM2:g}" if value_j_cm2 < _LEAST_SHOWN_J_CM2 else f"{value_j_cm2:.3g}"


def _plain_site(site_id: str) -> str:
    from openpbm.facts.sites import sites

    return sites[site_id].plain_name.capitalize()


def _print_skin_and_eyes(console: Any, answer: dict[str, Any]) -> None:
    skin, eye = answer["skin"], answer["eye"]
    console.print(
        f"Skin: {skin['irradiance_mw_cm2']:.3g} mW/cm² at the peak, {skin['fluence_j_cm2']:.3g} J/cm² in a session"
    )
    eyewear = "eyewear needed" if eye["eyewear_needed"] else "no eyewear needed for this session; do not stare into it"
    console.print(f"Eyes: {_duration(eye['seconds_without_eyewear'])} without eyewear; {eyewear}")


def _duration(seconds: float) -> str:
    return f"{seconds:.3g} s" if seconds < _LONGEST_IN_SECONDS else f"{seconds / 60:.0f} minutes"
