"""The lamps of the catalogue beside the advice for one condition, at the skin; nobody is judged, no minutes told."""

from __future__ import annotations

import datetime as dt
import functools
from dataclasses import dataclass

from openpbm.case import case_of
from openpbm.device import lights_places_together
from openpbm.facts.bands import band_of
from openpbm.facts.conditions import Condition, conditions
from openpbm.facts.lamps import Lamp, lamp_catalogue
from openpbm.planning.prescription import Setting, prescribe
from openpbm.safety import screen

__all__ = ["LampBeside", "comparable_conditions", "lamps_beside"]

# A middling adult: what is compared is the light at the skin, which knows no person. The verdict is not used.
_ADULT = {"age_years": 50, "sex": "female", "height_cm": 168, "weight_kg": 70, "skin_type": 2}
_DAY = dt.date(2027, 1, 4)
_MM_PER_CM = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class LampBeside:
    """One lamp beside the advice. inside : share of its light at the advised wavelengths [-]

    irradiance_mw_cm2, distance_cm : as claimed, at the usual distance; 0 cm lies on the skin
    fits : whether the advice has a session that this light does not overfill; None without advice for this kind of lamp
    together : lights several places at once
    """

    lamp: Lamp
    colours: str
    irradiance_mw_cm2: float | None
    distance_cm: float | None
    inside: float | None
    fits: bool | None
    together: bool


def comparable_conditions() -> list[Condition]:
    """The conditions that have advice to compare with."""
    return [row for row in conditions if row.protocols and not row.specialist_only]


# The tables do not change while the site runs.
@functools.cache
def lamps_beside(condition_id: str) -> tuple[LampBeside, ...]:
    """Every lamp of the catalogue, those with a session first, then the larger share at the advised wavelengths."""
    rows = [_beside(conditions[condition_id], lamp) for lamp in lamp_catalogue]
    return tuple(sorted(rows, key=lambda row: (not row.fits, -(row.inside or 0.0))))


def _beside(condition: Condition, lamp: Lamp) -> LampBeside:
    case = case_of(
        {
            "person": _ADULT,
            "condition": {"diagnosis": condition.id},
            "sites": [{"site": (condition.usual_sites or ("posterior_calf",))[0], "side": "left"}],
            "device": {"id": lamp.id},
            "course": {"start_date": _DAY, "supervision": "clinician"},
        }
    )
    exposure, prescription = screen(case).exposure, prescribe(condition, lamp)
    setting = None
    if exposure is not None and prescription is not None:
        setting = Setting.of(prescription.protocol, lamp, exposure)
    return LampBeside(
        lamp=lamp,
        colours=", ".join(f"{nm:g} nm ({band_of(nm).name})" for nm in sorted({e.wavelength_nm for e in lamp.emitters})),
        irradiance_mw_cm2=None if exposure is None else exposure.irradiance_mw_cm2,
        distance_cm=None if exposure is None else exposure.distance_mm / _MM_PER_CM,
        inside=None if setting is None else setting.in_band_share,
        fits=None if setting is None else bool(setting.fitting_minutes),
        together=lights_places_together(lamp),
    )
