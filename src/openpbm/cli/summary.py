"""The plan and the screening in words, for a terminal."""

from __future__ import annotations

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


def print_screening(answer: dict[str, Any]) -> None:
    """Verdict, reasons, cautions and the candidacy checklist."""
    from rich.console import Console

    console = Console(highlight=False)
    colour, said = _SAID[answer["verdict"]]
    console.print(f"[bold {colour}]{said}[/] ({answer['verdict']})")
    for heading, rows in (("Reasons", answer["reasons"]), ("Cautions", answer["cautions"])):
        if rows:
            console.print(f"\n[bold]{heading}[/]")
        for row in rows:
            route = f" → {row['route']} ({row['urgency']})" if row.get("route") else ""
            console.print(f"  • {row['rule']} [{row['level']}]: ", end="", markup=False)
            console.print(f"{row['message']}{route}", markup=False)
    if answer["candidacy"]:
        console.print("\n[bold]Checklist[/]")
        for item in answer["candidacy"]:
            mark = {"yes": "✓", "no": "✗"}.get(item["status"], "?")
            console.print(f"  {mark} {item['text']}", markup=False)


def print_plan(answer: dict[str, Any], folder: Path | None) -> None:
    """The whole plan on one screen, the evidence above the minutes."""
    from rich.console import Console

    console = Console(highlight=False)
    print_screening(answer)
    console.print(f"\n[bold]Evidence[/] ({answer['evidence']['grade']})")
    console.print(f"  {answer['evidence']['statement']}", markup=False)
    if answer["schedule"] is not None:
        _print_course(console, answer)
    if answer["dose"]:
        _print_dose(console, answer)
    console.print(f"\n{answer['notice']}", style="italic", markup=False)
    if folder is not None:
        console.print(f"\nWritten to {folder}/: plan.json, report.html, home_sheet.html and pictures", markup=False)


def _print_course(console: Any, answer: dict[str, Any]) -> None:
    course, placement = answer["schedule"], answer["placement"]
    where = "on the skin" if placement["distance_mm"] == 0 else f"{placement['distance_mm']:g} mm from the skin"
    first, last = course["sessions"][0], course["sessions"][-1]
    checkpoints = ", ".join(f"week {point['week']} ({point['date']})" for point in course["checkpoints"])
    console.print("\n[bold]Course[/]")
    console.print(f"  {course['minutes_per_session']:g} minutes at each place, {where}")
    console.print(
        f"  {course['sessions_per_week']} times a week for {course['weeks']} weeks, at {first['start_time']};"
        f" first {first['date']}, last {last['date']}"
    )
    console.print(f"  checkpoints: {checkpoints}")


def _print_dose(console: Any, answer: dict[str, Any]) -> None:
    from rich.table import Table

    minutes = answer["exposure_minutes"]
    table = Table(title=f"Fluence in one session, {minutes:.3g} minutes of light [J/cm²]", title_justify="left")
    for name in ("structure", "depth mm", "wavelength nm", "p5", "median", "p95", "chance in window"):
        table.add_column(name, justify="left" if name == "structure" else "right")
    for row in answer["dose"]:
        fluence, chance = row["fluence_j_cm2"], row["chance_in_window"]
        table.add_row(
            f"{row['site']} {row['side']}: {row['structure']}",
            f"{row['depth_mm']:.1f}",
            "all" if row["wavelength_nm"] is None else f"{row['wavelength_nm']:g}",
            *(f"{fluence[key]:.3g}" for key in ("p5", "median", "p95")),
            "" if chance is None else f"{chance:.0%}",
        )
    console.print()
    console.print(table)
    skin, eye = answer["skin"], answer["eye"]
    console.print(
        f"Skin: irradiance {skin['irradiance_mw_cm2']:.3g} mW/cm² at the peak,"
        f" fluence {skin['fluence_j_cm2']:.3g} J/cm² in a session"
    )
    eyewear = "eyewear needed" if eye["eyewear_needed"] else "no eyewear needed for this session; do not stare into it"
    console.print(f"Eyes: {eye['seconds_without_eyewear']:.3g} s without eyewear; {eyewear}")
