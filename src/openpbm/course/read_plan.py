"""Read what a course needs out of plan.json; what a small plan leaves out falls back to what can be reckoned."""

from __future__ import annotations

import dataclasses
import datetime as dt
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, cast, get_args

from openpbm.course.released_plan import PlannedSession, Programme, ReleasedPlan
from openpbm.errors import BadInput, Problem, quote
from openpbm.facts.lamps import OutputStatus
from openpbm.files import iso_date, iso_time, read_json, suggest

__all__ = ["FORMAT", "read_released_plan"]

FORMAT = "openpbm-plan-1"
_SIDES = ("left", "right", "both")
_USUAL_CHECKPOINT_WEEKS = (2, 4, 6)
# Where a plan may say how long one place is lit, the best first.
_MINUTES = (
    ("schedule", "minutes_per_session"),
    ("schedule", "minutes_per_point"),
    ("prescription", "minutes"),
    ("", "session_minutes"),
    ("", "exposure_minutes"),
)


def read_released_plan(plan: Path | Mapping[str, Any]) -> ReleasedPlan:
    """The plan of a course, from plan.json or from its content.

    Needed are `verdict` ("allowed") and `schedule` with dated `sessions` and minutes. The lamp's output counts as
    claimed where the plan does not say; places come from the session, else from `sites`, else one without a name.
    Raises BadInput: no file, not JSON, another format, not released, or values that cannot be.
    """
    problems: list[Problem] = []
    if isinstance(plan, Mapping):
        content = plan
    elif not plan.exists():
        raise BadInput(
            Problem(
                message=f"not in {plan.parent}",
                remedy="put the plan.json of the released plan there",
                document=plan.name,
            )
        )
    else:
        content = read_json(plan, remedy="make the plan again with openpbm plan")
    _check_released(content)
    released = _PlanReader(content, problems).released()
    if released is None or problems:
        raise BadInput(problems)
    return released


def _check_released(content: Mapping[str, Any]) -> None:
    written = content.get("format", FORMAT)
    if written != FORMAT:
        raise BadInput(
            Problem(
                key="format",
                value=written,
                message=f"must be {FORMAT}",
                remedy="make the plan anew with openpbm plan",
                document="plan.json",
            )
        )
    verdict = content.get("verdict")
    if verdict is None:
        raise BadInput(
            Problem(
                key="verdict",
                message="needed but not given",
                remedy="a course needs a plan made by openpbm plan",
                document="plan.json",
            )
        )
    if verdict != "allowed":
        reasons = content.get("reasons")
        first = reasons[0].get("message") if isinstance(reasons, list) and reasons and _is(reasons[0]) else None
        because = f" ({quote(first)[1:-1]})" if isinstance(first, str) else ""
        raise BadInput(
            Problem(
                key="verdict",
                value=verdict,
                message=f"this plan was not released{because}",
                remedy="a course needs one whose verdict is allowed",
                document="plan.json",
            )
        )


def _is(value: Any) -> bool:
    return isinstance(value, Mapping)


class _PlanReader:
    """Takes values out of a plan's content; what cannot be becomes a problem with its key."""

    def __init__(self, content: Mapping[str, Any], problems: list[Problem]) -> None:
        self.content = content
        self.problems = problems

    def released(self) -> ReleasedPlan | None:
        """The plan, or None where it has no usable schedule."""
        sessions = self._sessions()
        minutes = self._minutes()
        if not sessions or minutes is None:
            return None
        start = self._start_date(sessions)
        sessions = tuple(self._with_week(session, start) for session in sessions)
        weeks = int(self._number("schedule", "weeks") or max(session.week for session in sessions))
        return ReleasedPlan(
            start_date=start,
            weeks=weeks,
            sessions_per_week=self._number("schedule", "sessions_per_week") or len(sessions) / max(weeks, 1),
            sessions=sessions,
            checkpoints=self._checkpoints(start),
            minutes=minutes,
            distance_mm=self._first_number(("placement", "distance_mm"), ("prescription", "distance_mm")),
            irradiance_mw_cm2=self._number("skin", "irradiance_mw_cm2"),
            irradiance_upper_mw_cm2=self._number("skin", "irradiance_upper_mw_cm2"),
            fluence_j_cm2=self._fluence(),
            output_status=self._word("lamp", "output_status", get_args(OutputStatus)) or "claimed",
            programme=cast("Programme | None", self._word("condition", "programme", get_args(Programme))),
            condition=self._text("condition", "id"),
            document=self.content,
        )

    def _problem(self, key: str, value: Any, what: str) -> None:
        self.problems.append(
            Problem(
                key=key, value=value, message=what, remedy="make the plan anew with openpbm plan", document="plan.json"
            )
        )

    def _get(self, section: str, key: str) -> Any:
        inside = self.content.get(section) if section else self.content
        if inside is None:
            return None
        if not isinstance(inside, Mapping):
            self._problem(section, inside, "must be a section with keys")
            return None
        return inside.get(key)

    def _number(self, section: str, key: str) -> float | None:
        value = self._get(section, key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < math.inf:
            self._problem(f"{section}.{key}".lstrip("."), value, "must be a number, at least 0")
            return None
        return float(value)

    def _first_number(self, *places: tuple[str, str]) -> float | None:
        found = (self._number(section, key) for section, key in places)
        return next((value for value in found if value is not None), None)

    def _text(self, section: str, key: str) -> str:
        value = self._get(section, key)
        return value if isinstance(value, str) else ""

    def _word(self, section: str, key: str, known: tuple[str, ...]) -> str | None:
        value = self._get(section, key)
        if value is None or (isinstance(value, str) and value in known):
            return value
        self._problem(f"{section}.{key}", value, f"not a known word, {suggest(str(value), known).rstrip('?')}")
        return None

    def _minutes(self) -> float | None:
        minutes = self._first_number(*_MINUTES)
        if not minutes:
            self.problems.append(
                Problem(
                    key="schedule.minutes_per_session",
                    message="needed but not given",
                    remedy="a session has minutes",
                    document="plan.json",
                )
            )
            return None
        return minutes

    def _sessions(self) -> tuple[PlannedSession, ...]:
        rows = self._get("schedule", "sessions")
        if not isinstance(rows, list | tuple) or not rows:
            self.problems.append(
                Problem(
                    key="schedule.sessions",
                    message="needed but not given",
                    remedy="a course needs dated sessions",
                    document="plan.json",
                )
            )
            return ()
        found = (self._session(row, f"schedule.sessions[{place}]", place + 1) for place, row in enumerate(rows))
        return tuple(sorted((s for s in found if s is not None), key=lambda s: (s.date, s.number)))

    def _session(self, row: Any, where: str, place: int) -> PlannedSession | None:
        day = iso_date(str(row.get("date"))) if isinstance(row, Mapping) else None
        if day is None:
            self._problem(where, row, "needs a date such as 2026-12-01")
            return None
        start = row.get("start_time")
        time = iso_time(str(start)) if start is not None else None
        if start is not None and time is None:
            self._problem(f"{where}.start_time", start, "not a time of day such as 20:00")
        number, week = row.get("number"), row.get("week")
        return PlannedSession(
            number=number if isinstance(number, int) else place,
            date=day,
            start_time=time,
            week=week if isinstance(week, int) else 0,
            placements=self._placements(row.get("placements"), where),
        )

    def _placements(self, listed: Any, where: str) -> tuple[tuple[str, str], ...]:
        if listed is None:
            return self._places_of_sites()
        if not isinstance(listed, list | tuple) or not all(isinstance(item, str) and item.strip() for item in listed):
            self._problem(f"{where}.placements", listed, 'must be a list such as ["posterior_calf left"]')
            return ()
        return tuple(_site_and_side(item) for item in listed) or self._places_of_sites()

    def _places_of_sites(self) -> tuple[tuple[str, str], ...]:
        sites = self.content.get("sites")
        rows = [row for row in sites if isinstance(row, Mapping)] if isinstance(sites, list | tuple) else []
        both = {"both": ("left", "right")}
        places = [
            (str(row.get("site") or ""), side)
            for row in rows
            for side in both.get(str(row.get("side")), (str(row.get("side") or ""),))
        ]
        return tuple(places) or (("", ""),)

    def _start_date(self, sessions: tuple[PlannedSession, ...]) -> dt.date:
        written = self._get("course", "start_date")
        start = iso_date(str(written)) if written is not None else sessions[0].date
        if start is None:
            self._problem("course.start_date", written, "not a day such as 2026-12-01")
        elif start > sessions[0].date:
            self._problem("course.start_date", written, f"after the first session on {sessions[0].date}")
        return start or sessions[0].date

    def _with_week(self, session: PlannedSession, start: dt.date) -> PlannedSession:
        return session if session.week else dataclasses.replace(session, week=1 + (session.date - start).days // 7)

    def _checkpoints(self, start: dt.date) -> tuple[tuple[int, dt.date], ...]:
        rows = self._get("schedule", "checkpoints")
        if rows is None:
            return tuple((week, start + dt.timedelta(weeks=week)) for week in _USUAL_CHECKPOINT_WEEKS)
        found = []
        for place, row in enumerate(rows if isinstance(rows, list | tuple) else [rows]):
            week = row.get("week") if isinstance(row, Mapping) else None
            day = iso_date(str(row.get("date"))) if isinstance(row, Mapping) else None
            if not isinstance(week, int) or day is None:
                self._problem(f"schedule.checkpoints[{place}]", row, "needs a week and a date")
            else:
                found.append((week, day))
        return tuple(sorted(found))

    def _fluence(self) -> tuple[float, float, float] | None:
        given = self._get("prescription", "skin_fluence_j_cm2")
        if given is None:
            return None
        names: tuple[Literal["lower", "planned", "upper"], ...] = ("lower", "planned", "upper")
        values = [given.get(name) for name in names] if isinstance(given, Mapping) else []
        numbers = [float(v) for v in values if isinstance(v, int | float) and not isinstance(v, bool)]
        if len(numbers) != len(names) or not 0 <= numbers[0] <= numbers[1] <= numbers[2] < math.inf:
            self._problem(
                "prescription.skin_fluence_j_cm2", given, "needs lower, planned and upper in this order of size"
            )
            return None
        return (numbers[0], numbers[1], numbers[2])


def _site_and_side(place: str) -> tuple[str, str]:
    site, _, side = place.strip().rpartition(" ")
    return (site.strip(), side) if side in _SIDES and site else (place.strip(), "")
