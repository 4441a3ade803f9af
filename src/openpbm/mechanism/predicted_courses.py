"""What a course of a published study would do to its score: expectation, carry-over, tolerance and the form of dose.

The small model of the weeks (tier 1): the effect acts on the score by itself, and no mediator stands between.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from openpbm.facts.data_sets import DataSet, NullRegimen
from openpbm.mechanism.day_dose import day_dose_j_cm2
from openpbm.mechanism.predicted_sessions import assumed_rates_mw_cm2
from openpbm.mechanism.switches import Switches
from openpbm.mechanism.virtual_people import VirtualPeople
from openpbm.response import (
    FORMS,
    Answer,
    CourseScores,
    LitSession,
    course_scores,
    effective_dose_j_cm2,
    stimulus,
)

__all__ = ["predicted_arms", "predicted_specific", "without_mediators"]

Array = NDArray[np.float64]
#: A score that is high and can still rise.
START_SHARE = 0.6
_LEAST_SHARE = 0.01


def without_mediators(answer: Answer) -> Answer:
    """The same people, in whom the effect acts on the score by itself."""
    nothing = np.zeros_like(answer.gain)
    return replace(
        answer,
        share_direct=np.ones_like(answer.gain),
        share_inflammation=nothing,
        share_capillaries=nothing,
        share_conduction=nothing,
    )


def _stimulus(session: LitSession, wavelength_nm: Array, compartment: str, people: VirtualPeople) -> Array:
    """Stimulus of one session, (people,): each person by their form, whose fall is in everybody who has one."""
    forms = people.forms()
    of_states = forms == list(FORMS).index("M5")
    weights, reciprocity = people.spectrum().weights(wavelength_nm), people.reciprocity()
    dose = effective_dose_j_cm2(session, weights=weights, reciprocity=reciprocity)
    switches = Switches.drawn(people, {"much_undoes": True})
    day = day_dose_j_cm2(session, wavelength_nm, compartment, people, switches, of_states)
    return stimulus(np.where(of_states, day, dose), people.form_shape(), forms)


def predicted_arms(data_set: DataSet, people: VirtualPeople, days: Array) -> Mapping[str, Array]:
    """Mean score of each arm, once for every virtual study, (people, days) by arm [points].

    Each virtual person is the typical one of a study, so that the spread is that between studies.
    """
    maximum, light = data_set.maximum, data_set.light
    assert maximum is not None, "a course has a scale"
    wavelengths = np.array(light.wavelength_nm)
    session = LitSession(0.0, 60.0 * light.minutes, assumed_rates_mw_cm2(data_set, people))
    stimuli = np.repeat(_stimulus(session, wavelengths, data_set.compartment, people)[:, None], light.sessions, axis=1)

    def scores(arm: str) -> CourseScores:
        share = data_set.start[arm] / maximum
        answer = people.answer(start_share=min(max(share, _LEAST_SHARE), 1.0 - _LEAST_SHARE), arms=True)
        session_days = np.array(data_set.session_days)
        return course_scores(
            without_mediators(answer), stimuli, session_days=session_days, days=days, treated_until=session_days[-1]
        )

    arms = {"active": maximum * scores("active").total}
    if "sham" in data_set.start:
        arms["sham"] = maximum * scores("sham").sham
        arms["difference"] = arms["active"] - arms["sham"]
    return arms


def predicted_specific(regimen: NullRegimen, people: VirtualPeople) -> Array:
    """What light itself would change at the last session, (people,) [share of the score's range]; below 0 it helps."""
    level = regimen.target_mw_cm2 * np.exp(regimen.log_spread * people.normal(f"target of {regimen.trial}"))
    wavelengths = np.array([regimen.wavelength_nm])
    session = LitSession(0.0, 60.0 * regimen.minutes, level[:, None])
    stimuli = np.repeat(_stimulus(session, wavelengths, regimen.compartment, people)[:, None], regimen.sessions, axis=1)
    session_days = np.array(regimen.session_days)
    answer = without_mediators(people.answer(start_share=START_SHARE, arms=True))
    end = session_days[-1:]
    return course_scores(answer, stimuli, session_days=session_days, days=end, treated_until=float(end[0])).specific[
        :, 0
    ]
