"""The models in Antimony, run by libRoadRunner: the reference that the compiled equations are held against."""

from __future__ import annotations

import functools
from dataclasses import fields
from importlib import resources
from typing import Any

import numpy as np
from numpy.typing import NDArray

from openpbm.response import Answer, DayWeights, Lighting, Physiology, Warmth
from openpbm.response.session.physiology import packed as packed_physiology
from openpbm.response.weeks.answer import packed as packed_answer

Array = NDArray[np.float64]
SESSION_STATES = ("occupied", "store", "tone", "perfusion", "warmth", "oxygen", "reactive", "block")
WEEK_STATES = ("effect", "inflammation", "capillaries", "deficit", "expectation")


# Far below what is asked of ours.
TIGHT = 1e-11


@functools.cache
def loaded(folder: str, model: str, tolerance: float, events: str = "") -> Any:
    """A simulator of one of the shipped models, with events of its own."""
    import antimony
    import roadrunner

    text = (resources.files("openpbm.response") / folder / f"{model}.ant").read_text(encoding="utf-8")
    text = text.replace("\nend", f"\n{events}\nend")
    assert antimony.loadAntimonyString(text) != -1, antimony.getLastError()
    simulator = roadrunner.RoadRunner(antimony.getSBMLString(model))
    simulator.integrator.relative_tolerance = tolerance
    simulator.integrator.absolute_tolerance = 1e-2 * tolerance
    return simulator


def _set(simulator: Any, values: dict[str, float]) -> None:
    for name, value in values.items():
        simulator.setValue(name, float(value))


def _begin(simulator: Any, record: Any, lit: Lighting, warmth: Warmth, person: int) -> None:
    """Set one person at rest, with their light."""
    simulator.reset()
    _set(simulator, {field.name: record[field.name] for field in fields(Physiology)})
    acts = {
        "freed_per_s": lit.freed_per_s[person],
        "store_light_mw_cm2": lit.store_light_mw_cm2[person],
        "absorbed_per_s": lit.absorbed_per_s[person],
        "total_mw_cm2": lit.total_mw_cm2[person],
        "blocks": lit.blocks[person],
        "leaves": warmth.leaves,
    }
    starts = (record["rest_occupied"], record["store_nm"], record["rest_tone"], 1, 0, record["resting_oxygen_um"], 1, 0)
    _set(simulator, acts | dict(zip(SESSION_STATES, starts, strict=True)) | {"dose": 0.0})


def session_states(
    people: Physiology, lit: Lighting, warmth: Warmth, times_s: Array, on: Array, tolerance: float = TIGHT
) -> Array:
    """(people, times, states) of a session in which lamp and warming change only at its end."""
    simulator = loaded("session", "session", tolerance)
    simulator.timeCourseSelections = list(SESSION_STATES)
    records = packed_physiology(people)
    last = int(np.flatnonzero(on)[-1]) + 1
    answers = np.empty((len(records), times_s.size, len(SESSION_STATES)))
    for person, record in enumerate(records):
        _begin(simulator, record, lit, warmth, person)
        for part, lamp in ((slice(0, last + 1), 1.0), (slice(last, None), 0.0)):
            times = times_s[part]
            rate = warmth.rate_c_per_s[person, part.start]
            _set(simulator, {"on": lamp, "warming_c_per_s": rate})
            answers[person, part] = np.asarray(simulator.simulate(times[0], times[-1], times.size))
    return answers


def day_stimuli(people: Physiology, lit: Lighting, session_s: float, weights: DayWeights, half_j_cm2: Array) -> Array:
    """Stimulus by form M5 a day after a session began, (people,), followed through the whole of it."""
    simulator = loaded("session", "session", TIGHT)
    simulator.timeCourseSelections = ["day_stimulus"]
    dark = Warmth(np.zeros((len(half_j_cm2), 2)), 0.0)
    sums = ("flow_sum", "freed_sum", "reactive_sum", "square_sum")
    stimuli = []
    for person in range(len(half_j_cm2)):
        _begin(simulator, packed_physiology(people)[person], lit, dark, person)
        counts = {f"share_{name}": getattr(weights, name)[person] for name in ("flow", "freed", "reactive")}
        names = ("flow_unit_s", "freed_unit_s", "reactive_unit_s", "reactive_most")
        counts |= {name: getattr(weights, name)[person] for name in names}
        _set(simulator, counts | dict.fromkeys(sums, 0.0) | {"half_j_cm2": half_j_cm2[person]})
        for lamp, start, end in ((1.0, 0.0, session_s), (0.0, session_s, 86_400.0)):
            _set(simulator, {"on": lamp, "warming_c_per_s": 0.0})
            # CVODE looks for nothing that changes while it steps: the day in hours.
            last = simulator.simulate(start, end, 2 + int((end - start) / 3600.0))
        stimuli.append(float(np.asarray(last)[-1, 0]))
    return np.array(stimuli)


def _events(session_days: Array, treated_until: float) -> str:
    """Sessions as events, each with a stimulus of its own name; both jumps use the tolerance from before."""
    lines = [f"at (time >= {treated_until!r}): treated = 0;"]
    for number, day in enumerate(session_days.tolist()):
        arrived = f"u{number}*(1 - dulled)"
        lines.append(f"u{number} = 0;")
        lines.append(f"at (time >= {day!r}): effect = effect + {arrived}, dulled = dulled + tolerance*abs({arrived});")
    return "\n".join(lines)


def week_states(
    people: Answer,
    stimuli: Array,
    session_days: Array,
    days: Array,
    treated_until: float,
    tolerance: float = TIGHT,
) -> Array:
    """(people, days, states) of a course from day 0, the days evenly apart and no session at 0."""
    simulator = loaded("weeks", "weeks", tolerance, _events(session_days, treated_until))
    simulator.timeCourseSelections = list(WEEK_STATES)
    records = packed_answer(people)
    scored = ("gain", "regression", "regression_d", "start_share")
    names = [f.name for f in fields(Answer) if not f.name.startswith("share_") and f.name not in scored]
    answers = np.empty((len(records), days.size, len(WEEK_STATES)))
    for person, record in enumerate(records):
        simulator.reset()
        rest = 1.0 + record["vegf_hypoxia"] * record["hypoxia"]
        starts = {"effect": 0, "dulled": 0, "antioxidants": 1, "vegf": rest, "inflammation": 1, "deficit": 1}
        starts |= {"capillaries": record["rest_capillaries"], "expectation": 0, "treated": 1}
        starts |= {f"u{number}": value for number, value in enumerate(stimuli[person])}
        _set(simulator, {name: record[name] for name in names} | starts)
        answers[person] = np.asarray(simulator.simulate(days[0], days[-1], days.size))
    answers[:, :, WEEK_STATES.index("capillaries")] -= records["rest_capillaries"][:, None]
    return answers
