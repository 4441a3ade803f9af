"""The shipped models with a middle person, light and sessions written in as events.

In the session that is the middle of every prior; in the course a middle draw of the calibration, and the middle of the
priors that it left alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from openpbm.mechanism.virtual_people import RankedPeople
from openpbm.response import (
    FORMS,
    Answer,
    Lighting,
    LitSession,
    Physiology,
    effective_dose_j_cm2,
    stimulus,
    warmth_of_absorption,
)

__all__ = [
    "ABSORPTION_PER_CM",
    "FLUENCE_RATE_MW_CM2",
    "LAMP_OFF_S",
    "LAMP_ON_S",
    "SESSION_DAYS",
    "WAVELENGTH_NM",
    "ModelRun",
    "course_stimulus",
    "median_course",
    "median_lighting",
    "median_session",
]

# What light does to resting muscle, at the fluence rate that the priors of docs/methods/response.md are told for.
WAVELENGTH_NM, FLUENCE_RATE_MW_CM2, ABSORPTION_PER_CM = 850.0, 10.0, 0.29
# Five minutes of rest first, so that the light is an event; half an hour of it, and an hour after it.
LAMP_ON_S, LAMP_OFF_S, _END_S = 300.0, 2100.0, 5700.0
#: Twelve sessions in four weeks; none on day 0, where SBML lets no event happen.
SESSION_DAYS = 1.0 + np.arange(12) * 7.0 / 3.0
_END_DAY = 56.0
#: The form of dose of the exported course: more light does more, up to a ceiling.
_FORM = "M1"


@dataclass(frozen=True)
class ModelRun:
    """One model in Antimony and how to run it.

    end, points : until when, in the model's unit of time, and how many equal steps
    shown : states whose curves are wanted
    """

    name: str
    antimony: str
    end: float
    points: int
    shown: tuple[str, ...]
    time_unit: str


def median_session() -> ModelRun:
    """A session of half an hour on resting muscle, by 850 nm at 10 mW/cm2, in the person in the middle."""
    person = RankedPeople({}, 1)
    lit = median_lighting(person)
    warming = warmth_of_absorption(lit, np.array([[ABSORPTION_PER_CM]]), np.ones(1, dtype=bool)).rate_c_per_s
    values = _first(person.physiology("muscle"), [field.name for field in fields(Physiology)])
    values |= _first(lit, ["freed_per_s", "store_light_mw_cm2", "absorbed_per_s", "total_mw_cm2"])
    values |= {"blocks": 1.0, "leaves": 1.0, "half_j_cm2": float(person.form_shape().half_j_cm2[0])}
    weights = person.day_weights()
    values |= {f"share_{name}": float(getattr(weights, name)[0]) for name in ("flow", "freed", "reactive")}
    values |= _first(weights, ["reactive_most", "flow_unit_s", "freed_unit_s", "reactive_unit_s"])
    events = [
        f"at (time >= {LAMP_ON_S!r}): on = 1, warming_c_per_s = {float(warming[0, 0])!r};",
        f"at (time >= {LAMP_OFF_S!r}): on = 0, warming_c_per_s = 0;",
    ]
    shown = ("occupied", "store", "tone", "perfusion", "warmth", "oxygen", "reactive", "block")
    return ModelRun("session", _with("session", values, events), _END_S, 190, shown, "s")


def median_course() -> ModelRun:
    """Twelve such sessions in four weeks and a month after them, in a person of a middle draw of the calibration."""
    person = RankedPeople({}, 1)
    scored = ("gain", "regression", "regression_d", "start_share")
    names = [f.name for f in fields(Answer) if not f.name.startswith("share_") and f.name not in scored]
    values = _first(person.answer(start_share=0.5), names)
    arrived = f"{course_stimulus()!r}*(1 - dulled)"
    events = [
        f"at (time >= {day!r}): effect = effect + {arrived}, dulled = dulled + tolerance*abs({arrived});"
        for day in SESSION_DAYS.tolist()
    ]
    events.append(f"at (time >= {float(SESSION_DAYS[-1])!r}): treated = 0;")
    shown = ("effect", "dulled", "antioxidants", "vegf", "capillaries", "inflammation", "deficit", "expectation")
    return ModelRun("weeks", _with("weeks", values, events), _END_DAY, 112, shown, "d")


def median_lighting(person: RankedPeople) -> Lighting:
    """Light of the exported session with every arrow on."""
    wavelength_nm = np.array([WAVELENGTH_NM])
    return Lighting(
        wavelength_nm=wavelength_nm,
        fluence_rate_mw_cm2=np.array([[FLUENCE_RATE_MW_CM2]]),
        oxidase_yield=person.oxidase_yield()[:, None],
        store_spectrum=person.store_spectrum(wavelength_nm),
        blocks=np.ones(1, dtype=bool),
    )


def course_stimulus() -> float:
    """What the exported session is to the course."""
    person, lit = RankedPeople({}, 1), np.array([[FLUENCE_RATE_MW_CM2]])
    dose = effective_dose_j_cm2(
        LitSession(0.0, LAMP_OFF_S - LAMP_ON_S, lit),
        weights=person.spectrum().weights(np.array([WAVELENGTH_NM])),
        reciprocity=person.reciprocity(),
    )
    return float(stimulus(dose, person.form_shape(), np.array([list(FORMS).index(_FORM)]))[0])


def _first(people: object, names: list[str]) -> dict[str, float]:
    values: dict[str, NDArray[np.float64]] = {name: getattr(people, name) for name in names}
    return {name: float(each[0]) for name, each in values.items()}


def _with(model: str, values: Mapping[str, float], events: list[str]) -> str:
    """The shipped text of a model, with values in place of its own and with events."""
    text = (resources.files("openpbm.response") / model / f"{model}.ant").read_text(encoding="utf-8")
    lines = [f"  {name} = {value!r};" for name, value in values.items()]
    own = "\n".join(["", "  // A middle person, and what happens.", *lines, *("  " + e for e in events)])
    return text.replace("\nend", f"{own}\nend")
