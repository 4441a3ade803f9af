"""The models in Antimony, run by libRoadRunner: the reference that the compiled equations are held against."""

from __future__ import annotations

from dataclasses import fields
from importlib import resources
from typing import Any

import numpy as np
from numpy.typing import NDArray

from openpbm.response import Answer, Lighting, Physiology, Warmth
from openpbm.response.session.physiology import packed as packed_physiology
from openpbm.response.weeks.answer import packed as packed_answer

Array = NDArray[np.float64]
SESSION_STATES = ("occupied", "store", "tone", "perfusion", "warmth", "oxygen", "reactive", "block")
WEEK_STATES = ("effect", "inflammation", "capillaries", "deficit", "expectation")


def loaded(folder: str, model: str) -> Any:
    """A simulator of one of the shipped models, at a tolerance far below what is asked."""
    import antimony
    import roadrunner

    text = (resources.files("openpbm.response") / folder / f"{model}.ant").read_text(encoding="utf-8")
    assert antimony.loadAntimonyString(text) != -1, antimony.getLastError()
    simulator = roadrunner.RoadRunner(antimony.getSBMLString(model))
    simulator.integrator.relative_tolerance = 1e-11
    simulator.integrator.absolute_tolerance = 1e-13
    return simulator


def _set(simulator: Any, values: dict[str, float]) -> None:
    for name, value in values.items():
        simulator.setValue(name, float(value))


def session_states(people: Physiology, lit: Lighting, warmth: Warmth, times_s: Array, on: Array) -> Array:
    """(people, times, states) of a session in which lamp and warming change only at its end."""
    simulator = loaded("session", "session")
    simulator.timeCourseSelections = list(SESSION_STATES)
    records = packed_physiology(people)
    last = int(np.flatnonzero(on)[-1]) + 1
    answers = np.empty((len(records), times_s.size, len(SESSION_STATES)))
    for person, record in enumerate(records):
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
        starts = (
            record["rest_occupied"],
            record["store_nm"],
            record["rest_tone"],
            1,
            0,
            record["resting_oxygen_um"],
            1,
            0,
        )
        _set(simulator, acts | dict(zip(SESSION_STATES, starts, strict=True)) | {"dose": 0.0})
        for part, lamp in ((slice(0, last + 1), 1.0), (slice(last, None), 0.0)):
            times = times_s[part]
            rate = warmth.rate_c_per_s[person, part.start]
            _set(simulator, {"on": lamp, "warming_c_per_s": rate})
            answers[person, part] = np.asarray(simulator.simulate(times[0], times[-1], times.size))
    return answers


def week_states(people: Answer, stimuli: Array, session_days: Array, days: Array, treated_until: float) -> Array:
    """(people, days, states) of a course, each session a jump of effect and tolerance."""
    simulator = loaded("weeks", "weeks")
    records = packed_answer(people)
    scored = ("gain", "regression", "regression_d", "start_share")
    names = [f.name for f in fields(Answer) if not f.name.startswith("share_") and f.name not in scored]
    moments = [(day, 1, row) for row, day in enumerate(days)] + [(day, 0, row) for row, day in enumerate(session_days)]
    moments.append((treated_until, 2, 0))
    answers = np.empty((len(records), days.size, len(WEEK_STATES)))
    for person, record in enumerate(records):
        simulator.reset()
        rest = 1.0 + record["vegf_hypoxia"] * record["hypoxia"]
        starts = {"effect": 0, "dulled": 0, "antioxidants": 1, "vegf": rest, "inflammation": 1, "deficit": 1}
        starts |= {"capillaries": record["rest_capillaries"], "expectation": 0, "treated": 1}
        _set(simulator, {name: record[name] for name in names} | starts)
        now = 0.0
        for moment, kind, row in sorted(moments):
            if moment > now:
                simulator.simulate(now, moment, 2)
                now = moment
            if kind == 1:
                answers[person, row] = [simulator.getValue(name) for name in WEEK_STATES]
            elif kind == 2:
                simulator.setValue("treated", 0.0)
            else:
                dulled = simulator.getValue("dulled")
                arrived = stimuli[person, row] * (1.0 - dulled)
                simulator.setValue("effect", simulator.getValue("effect") + arrived)
                simulator.setValue("dulled", dulled + record["tolerance"] * abs(arrived))
    answers[:, :, WEEK_STATES.index("capillaries")] -= records["rest_capillaries"][:, None]
    return answers
