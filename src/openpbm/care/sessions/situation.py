"""Everything the verification of one session looks at, as plain values."""

from __future__ import annotations

import dataclasses
import datetime as dt
from dataclasses import dataclass
from typing import Literal

from openpbm.course import Course
from openpbm.course.records import RecordedSession, TimelineChange
from openpbm.delivery.place import Place, planned_places
from openpbm.planning import AllowedPlan

__all__ = ["LightSince", "Situation"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LightSince:
    """What is new since the screening that the plan rests on.

    intake : day of a newer intake · passport : day of a newer description of the lamp
    medicines : medicines begun or changed · photosensitiser : one of them that takes up the lamp's light
    verdict : of a newer screening, "" without one
    irradiance_mw_cm2 : highest measured at the planned distance or farther, by a reading newer than the plan
    """

    intake: dt.date | None = None
    passport: dt.date | None = None
    medicines: tuple[TimelineChange, ...] = ()
    photosensitiser: str = ""
    verdict: str = ""
    irradiance_mw_cm2: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """One wish to begin a session, at one moment, with all that is known of it.

    moment : wall clock where the person lives
    plan, released_on : the plan in force and the day of its release, None without one
    resumes : the session goes on that was broken off earlier today
    open_since : another session was begun and nobody wrote what became of it
    skin_missing : the check of the skin that was not answered: `after`, `24h`, or ""
    looked_at : last day on which a clinician looked at a stop and let the light go on
    """

    moment: dt.datetime
    places: tuple[Place, ...]
    plan: AllowedPlan | None
    released_on: dt.date | None = None
    same_lamp: bool = True
    lamp_retired: bool = False
    output: Literal["claimed", "measured", "expired"] = "measured"
    consent: Literal["given", "withdrawn", "never"] = "given"
    capable: bool = True
    holds: tuple[str, ...] = ()
    since: LightSince = dataclasses.field(default_factory=LightSince)
    sessions: tuple[RecordedSession, ...] = ()
    resumes: bool = False
    open_since: dt.datetime | None = None
    skin_missing: Literal["", "after", "24h"] = ""
    looked_at: dt.date | None = None

    @property
    def today(self) -> dt.date:
        """The day where the person lives."""
        return self.moment.date()

    @property
    def course(self) -> Course:
        """The plan with everything written down, whatever plan it was written under: the skin does not ask."""
        assert self.plan is not None
        return Course(plan=self.plan, sessions=self.sessions)

    @property
    def last_day(self) -> dt.date:
        """The last day of the plan's weeks."""
        assert self.plan is not None
        return self.plan.start_date + dt.timedelta(weeks=max(1, self.plan.schedule.weeks)) - dt.timedelta(days=1)

    @property
    def planned_places(self) -> tuple[Place, ...]:
        """Every place of the plan."""
        assert self.plan is not None
        return tuple(
            dict.fromkeys(place for session in self.plan.schedule.sessions for place in planned_places(session))
        )
