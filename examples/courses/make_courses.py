"""Make the two example courses again: the published case, and a synthetic one that shows every part of a report.

    python examples/courses/make_courses.py [FOLDER]

The same bytes every time: the published case holds what was published and nothing else, the synthetic one is drawn
with a fixed seed by Python's own generator.
"""

from __future__ import annotations

import datetime as dt
import random
import sys
from dataclasses import replace
from pathlib import Path

from openpbm.planning import AllowedPlan, transcribe_plan
from openpbm.planning.document import TreatedPerson

SESSION_COLUMNS = "date,time,site,side,minutes,distance_mm,status,reason,skin_reaction"
DIARY_COLUMNS = "date,entered_at,severity,onset,sleep_minutes,bother,notes"
SCORE_COLUMNS = "date,scale,version,value,items_json,source"
EVENT_COLUMNS = "date,kind,detail,grade"
TIMELINE_COLUMNS = "date,kind,name,action,dose"
SEED = 20260907


def main(folder: Path) -> None:
    """Write `published_rls` and `calf_evening` into `folder`; README.md and case_report.toml are ours."""
    write_course(folder / "published_rls", published_rls())
    write_course(folder / "calf_evening", calf_evening())


def write_course(folder: Path, files: dict[str, str]) -> None:
    """Write each file's text, with line ends that are the same on every system."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")


def published_rls() -> dict[str, str]:
    """J Med Case Rep 2010;4:286: 12 sessions of 30 minutes in 4 weeks; IRLS 27, 2, 0; symptoms back by week 3 after."""
    start = dt.date(2026, 1, 5)
    days = [start + dt.timedelta(days=7 * week + weekday) for week in range(4) for weekday in (0, 2, 4)]
    plan = transcribe_plan(
        condition_id="rls_primary",
        days=days,
        minutes=30.0,
        sessions_per_week=3,
        weeks=4,
        checkpoint_weeks=(2, 4),
        lamp_name="near-infrared pads, as published",
    )
    scores = ((start, 27), (start + dt.timedelta(weeks=2), 2), (start + dt.timedelta(weeks=4), 0))
    back = days[-1] + dt.timedelta(weeks=3)
    return {
        "plan.json": plan.to_json(),
        "sessions.csv": table(SESSION_COLUMNS, [f"{day},,,,30,,done,," for day in days]),
        "scores.csv": table(SCORE_COLUMNS, [f"{day},irls,,{value},,clinician" for day, value in scores]),
        "events.csv": table(EVENT_COLUMNS, [f"{back},relapse,symptoms back by the third week after the last session,"]),
        "diary.csv": table(DIARY_COLUMNS, []),
        "timeline.csv": table(TIMELINE_COLUMNS, []),
    }


def calf_evening() -> dict[str, str]:
    """Nobody's course: 14 days before, 6 weeks of light on both calves, 2 weeks after; iron begun in week 5."""
    draw = random.Random(SEED)
    start = dt.date(2026, 9, 7)
    days = [start + dt.timedelta(days=7 * week + weekday) for week in range(6) for weekday in (0, 2, 4)]
    return {
        "plan.json": calf_plan(days).to_json(),
        "sessions.csv": table(SESSION_COLUMNS, calf_sessions(days)),
        "diary.csv": table(DIARY_COLUMNS, calf_diary(start, days[-1], draw)),
        "scores.csv": table(SCORE_COLUMNS, calf_scores(start)),
        "events.csv": table(
            EVENT_COLUMNS,
            [
                f"{start + dt.timedelta(days=10)},headache,gone within two hours,1",
                f"{start + dt.timedelta(days=39)},none,asked at the last session,",
            ],
        ),
        "timeline.csv": table(
            TIMELINE_COLUMNS,
            [
                f"{start - dt.timedelta(days=21)},stretching,calf stretches,continue,every evening",
                f"{start + dt.timedelta(days=30)},iron,ferrous sulfate,start,325 mg every second day",
            ],
        ),
    }


def calf_plan(days: list[dt.date]) -> AllowedPlan:
    """What a clinic wrote down of such a course; the numbers are invented."""
    plan = transcribe_plan(
        condition_id="rls_primary",
        days=days,
        start_time=dt.time(20, 0),
        minutes=15.0,
        sessions_per_week=3,
        weeks=6,
        places=(("posterior_calf", "left"), ("posterior_calf", "right")),
        lamp_name="LED panel, output measured at the skin",
        lamp_kind="panel",
        output_status="measured",
        distance_mm=150.0,
        irradiance_mw_cm2=25.0,
        irradiance_upper_mw_cm2=29.0,
        skin_fluence_j_cm2=(18.9, 22.5, 26.1),
    )
    return replace(
        plan,
        lamp=replace(plan.lamp, id="example_panel", wavelengths_nm=(850.0,)),
        person=TreatedPerson(age_years=52.0, sex="female", skin_type=None),
    )


def calf_sessions(days: list[dt.date]) -> list[str]:
    """Eighteen sessions: one missed, one cut short, one not written down, one with faint redness, and one extra."""
    rows = []
    for number, day in enumerate(days, start=1):
        if number == 11:
            continue
        if number == 6:
            rows.append(f"{day},,posterior_calf,both,0,,missed,away from home,")
            continue
        minutes, status, reason = (8, "partial", "telephone") if number == 9 else (15, "done", "")
        skin = "redness" if number == 4 else "none"
        rows.append(f"{day},20:00,posterior_calf,both,{minutes},150,{status},{reason},{skin}")
    extra = days[12] + dt.timedelta(days=1)
    return [*rows, f"{extra},20:00,posterior_calf,both,15,150,extra,made up for a session,none"]


def calf_diary(start: dt.date, last_session: dt.date, draw: random.Random) -> list[str]:
    """Seventy days less six blank ones: better over three weeks of light, most of it lost two weeks after."""
    rows, noise = [], 0.0
    missing = {3, 25, 26, 41, 55, 63}
    for number in range(70):
        day = start + dt.timedelta(days=number - 14)
        noise = 0.3 * noise + draw.gauss(0.0, 0.9)
        under = min(max((day - start).days, 0) / 21.0, 1.0)
        after = min(max((day - last_session).days, 0) / 10.0, 1.0)
        severity = min(10, max(0, round(6.6 - 3.4 * under + 2.6 * after + noise)))
        onset = dt.time(20 + min(3, max(0, round(1.0 + under + draw.gauss(0.0, 0.5)))), draw.choice((0, 15, 30, 45)))
        sleep = 10 * round((370 + 50 * under - 40 * after + draw.gauss(0.0, 25.0)) / 10)
        if number in missing:
            continue
        late = dt.timedelta(days=2) if number == 33 else dt.timedelta(0)
        rows.append(f"{day},{day + late}T23:10,{severity},{onset:%H:%M},{sleep},{max(0, severity - 1)},")
    return rows


def calf_scores(start: dt.date) -> list[str]:
    """IRLS: two before, a week apart, then weekly to the end."""
    values = (26, 25, 22, 19, 17, 15, 14, 14, 19, 22)
    return [
        f"{start + dt.timedelta(weeks=week - 1)},irls,,{value},,clinician" for week, value in enumerate(values, start=0)
    ]


def table(columns: str, rows: list[str]) -> str:
    """A CSV with its first line."""
    return "\n".join([columns, *rows]) + "\n"


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
