"""What a part of a cohort would do: one row a person and regimen, the people of one regimen after those of another."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openpbm.facts.mechanism import arrows
from openpbm.facts.scales import outcome_scale
from openpbm.mechanism.cohort.spec import CohortRegimen, CohortSpec
from openpbm.mechanism.cohort.target_light import TargetLight
from openpbm.mechanism.session_answer import OBSERVABLES, lighting, session_changes
from openpbm.mechanism.switched_course import session_stimulus, switched_answer
from openpbm.mechanism.switches import Switches
from openpbm.mechanism.virtual_people import VirtualPeople
from openpbm.response import FORMS, Lighting, LitSession, course_scores

__all__ = ["START_SHARE", "Columns", "People", "people_columns", "scored_weeks"]

Array = NDArray[np.float64]
#: Columns by name, (people,) each.
Columns = dict[str, NDArray[np.generic]]
#: Where nobody names a score to start from: high, and free to rise.
START_SHARE = 0.6
# The checkpoints of a course, and how long after it carry-over is looked for.
_CHECKPOINT_WEEKS = (2, 4, 6)
_AFTER_WEEKS = 4


def scored_weeks(spec: CohortSpec) -> list[int]:
    """Weeks whose scores stand in the table, the same for every regimen: checkpoints, the last end, four weeks on."""
    last = max(regimen.weeks for regimen in spec.regimens)
    return sorted({*_CHECKPOINT_WEEKS, last, last + _AFTER_WEEKS})


@dataclass(frozen=True)
class People:
    """Virtual people of a cohort with their arrows and their light, (people, wavelengths) [mW/cm2]."""

    virtual: VirtualPeople
    switches: Switches
    light: TargetLight
    fluence_rate_mw_cm2: Array

    @classmethod
    def of(cls, virtual: VirtualPeople, spec: CohortSpec, light: TargetLight) -> People:
        """Arrows and light by each person's ranks."""
        switches = Switches.drawn(virtual, spec.forced)
        return cls(virtual, switches, light, light.fluence_rate_mw_cm2(virtual))

    def own_columns(self) -> Columns:
        """What is the person's under every regimen."""
        forms = np.array(list(FORMS))[self.virtual.forms()]
        own: Columns = {"form": forms, "fluence_rate_mw_cm2": self.fluence_rate_mw_cm2.sum(axis=1)}
        return own | {f"arrow_{arrow.id}": self.switches.on[arrow.id] for arrow in arrows if arrow.model != "none"}

    def after_session(self, minutes: float) -> Columns:
        """Changes from rest as the lamp goes out, and the same under a lamp that only warms as much."""
        times_s, lit = self.light.times_s(minutes), self._lighting(self.fluence_rate_mw_cm2)
        warmth = self.light.warmth(lit, self.virtual, minutes)
        columns: Columns = {}
        for prefix, shining in (("", lit), ("thermal_", self._lighting(np.zeros_like(self.fluence_rate_mw_cm2)))):
            changes = session_changes(
                self.light.compartment,
                shining,
                warmth,
                self.virtual,
                self.switches,
                times_s=times_s,
                on=np.ones(times_s.size - 1, dtype=bool),
            )
            columns |= {f"{prefix}{name}": changes[name][:, -1] for name in OBSERVABLES[self.light.compartment]}
        return columns

    def _lighting(self, fluence_rate_mw_cm2: Array) -> Lighting:
        return lighting(self.light.wavelength_nm, fluence_rate_mw_cm2, self.virtual, self.switches)

    def over_weeks(self, regimen: CohortRegimen, spec: CohortSpec) -> Columns:
        """Scores under a lamp without light, and what light itself changes of them [points]."""
        maximum = outcome_scale(spec.scale).maximum or 0.0
        share = START_SHARE if spec.start is None else spec.start / maximum
        session_days = np.arange(regimen.sessions_per_week * regimen.weeks) * 7.0 / regimen.sessions_per_week
        session = LitSession(0.0, 60.0 * regimen.minutes, self.fluence_rate_mw_cm2)
        stimulus = session_stimulus(
            session, self.light.wavelength_nm, self.light.compartment, self.virtual, self.switches
        )
        weeks = scored_weeks(spec)
        scores = course_scores(
            switched_answer(self.virtual.answer(start_share=share), self.switches),
            np.repeat(stimulus[:, None], session_days.size, axis=1),
            session_days=session_days,
            days=7.0 * np.array(weeks, dtype=np.float64),
            treated_until=float(session_days[-1]),
        )
        columns: Columns = {"stimulus": stimulus}
        for name, points in (("sham", scores.sham), ("specific", scores.specific)):
            columns |= {f"{name}_week_{week}": maximum * points[:, row] for row, week in enumerate(weeks)}
        return columns


def people_columns(people: People, spec: CohortSpec) -> list[Columns]:
    """The columns of each regimen, for the same people."""
    own = people.own_columns()
    sessions = {minutes: people.after_session(minutes) for minutes in {regimen.minutes for regimen in spec.regimens}}
    total = people.fluence_rate_mw_cm2.sum(axis=1)
    return [
        own
        | {"session_fluence_j_cm2": total * regimen.minutes * 60.0 / 1000.0}
        | sessions[regimen.minutes]
        | people.over_weeks(regimen, spec)
        for regimen in spec.regimens
    ]
