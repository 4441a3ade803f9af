"""Write the two example courses anew: the published case, and a synthetic one that shows every part of a report.

    python examples/courses/make_courses.py [FOLDER]

The same bytes every time: the published case holds what was published and nothing else, the synthetic one is drawn
with a fixed seed by Python's own generator.
"""

from __future__ import annotations

import datetime as dt
import json
import random
import sys
from pathlib import Path
from typing import Any

SESSION_COLUMNS = "date,time,site,side,minutes,distance_mm,status,reason,skin_reaction"
DIARY_COLUMNS = "date,entered_at,severity,onset,sleep_minutes,bother,notes"
SCORE_COLUMNS = "date,scale,version,value,items_json,source"
EVENT_COLUMNS = "date,kind,detail,grade"
TIMELINE_COLUMNS = "date,kind,name,action,dose"
NOTICE = (
    "Light therapy for this condition is investigational. Go on with your standard care and your medicines."
    " This is not medical advice; talk it over with your doctor."
)
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
    plan = {
        "format": "openpbm-plan-1",
        "verdict": "allowed",
        "condition": {"id": "rls_primary", "programme": "rls", "plain_name": "restless legs"},
        "lamp": {"name": "near-infrared pads, as published", "output_status": "claimed"},
        "course": {"start_date": start.isoformat()},
        "session_minutes": 30,
        "schedule": {
            "minutes_per_session": 30,
            "sessions_per_week": 3,
            "weeks": 4,
            "sessions": [
                {"number": number, "date": day.isoformat(), "week": (day - start).days // 7 + 1}
                for number, day in enumerate(days, start=1)
            ],
            "checkpoints": [checkpoint(start, week) for week in (2, 4)],
        },
        "notice": NOTICE,
    }
    scores = ((start, 27), (start + dt.timedelta(weeks=2), 2), (start + dt.timedelta(weeks=4), 0))
    back = days[-1] + dt.timedelta(weeks=3)
    return {
        "plan.json": as_json(plan),
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
        "plan.json": as_json(calf_plan(start, days)),
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


def calf_plan(start: dt.date, days: list[dt.date]) -> dict[str, Any]:
    """What `openpbm plan` writes of such a course, as far as a report reads it; the numbers are invented."""
    placements = ["posterior_calf left", "posterior_calf right"]
    return {
        "format": "openpbm-plan-1",
        "verdict": "allowed",
        "evidence": {
            "grade": "very low",
            "statement": "One published case and two small trials; what helped in them may have been expectation.",
        },
        "prescription": {
            "condition": "rls_primary",
            "minutes": 15,
            "distance_mm": 150,
            "skin_fluence_j_cm2": {"planned": 22.5, "lower": 18.9, "upper": 26.1},
        },
        "skin": {"irradiance_mw_cm2": 25.0, "irradiance_upper_mw_cm2": 29.0, "fluence_j_cm2": 22.5},
        "placement": {"distance_mm": 150},
        "session_minutes": 15,
        "exposure_minutes": 15,
        "schedule": {
            "minutes_per_session": 15,
            "total_minutes_per_session": 30,
            "positions_per_session": 2,
            "sessions_per_week": 3,
            "weeks": 6,
            "sessions": [
                {
                    "number": number,
                    "date": day.isoformat(),
                    "start_time": "20:00",
                    "week": (day - start).days // 7 + 1,
                    "placements": placements,
                }
                for number, day in enumerate(days, start=1)
            ],
            "checkpoints": [checkpoint(start, week) for week in (2, 4, 6)],
        },
        "condition": {"id": "rls_primary", "programme": "rls", "plain_name": "restless legs"},
        "sites": [
            {"site": "posterior_calf", "side": "both", "target": "gastrocnemius", "width_mm": 120, "height_mm": 220}
        ],
        "lamp": {
            "id": "example_panel",
            "name": "LED panel, output measured at the skin",
            "kind": "panel",
            "output_status": "measured",
            "wavelengths_nm": [850],
        },
        "person": {"age_years": 52, "sex": "female"},
        "course": {"start_date": start.isoformat(), "supervision": "self"},
        "notice": NOTICE,
    }


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


def checkpoint(start: dt.date, week: int) -> dict[str, Any]:
    """A checkpoint as a plan lists it."""
    about = "safety and adherence only" if week < 4 else "what changed"
    return {"week": week, "date": (start + dt.timedelta(weeks=week)).isoformat(), "about": about}


def as_json(content: dict[str, Any]) -> str:
    """JSON as `openpbm plan` writes it."""
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def table(columns: str, rows: list[str]) -> str:
    """A CSV with its first line."""
    return "\n".join([columns, *rows]) + "\n"


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
