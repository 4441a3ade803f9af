"""The light of an arm, multiplied out: what follows from what is printed, what is missing, what cannot be so.

Every relation is a product (energy is power times time, and so on). One that lacks a single figure gives it; one that
lacks none is a check. An area, a spot or a power is never assumed.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from openpbm.evidence.table.rows import Fault
from openpbm.facts.study_rows import Dose

__all__ = ["CompleteDose", "complete", "dose_faults", "missing"]

#: Printed figures are rounded: 3.84 J beside 50 mW for 77 s is no fault.
_TOLERANCE = 0.06
_J_PER_MW_S = 0.001


@dataclass(frozen=True, slots=True)
class _Relation:
    """`product` = `constant` x the product of `factors`, each raised to its power."""

    rule: str
    product: str
    constant: float
    factors: tuple[tuple[str, float], ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column it joins."""
        return (self.product, *(column for column, _ in self.factors))


_RELATIONS = (
    _Relation("area", "area_cm2", math.pi / 4, (("diameter_cm", 2.0),)),
    _Relation("mean_power", "power_mw", 1e-6, (("peak_power_w", 1.0), ("frequency_hz", 1.0), ("pulse_width_ns", 1.0))),
    _Relation("energy", "energy_j", _J_PER_MW_S, (("power_mw", 1.0), ("seconds", 1.0))),
    _Relation("irradiance", "power_mw", 1.0, (("irradiance_mw_cm2", 1.0), ("area_cm2", 1.0))),
    _Relation("fluence", "fluence_j_cm2", _J_PER_MW_S, (("irradiance_mw_cm2", 1.0), ("seconds", 1.0))),
    _Relation("energy_and_area", "energy_j", 1.0, (("fluence_j_cm2", 1.0), ("area_cm2", 1.0))),
    _Relation("session_energy", "session_energy_j", 1.0, (("energy_j", 1.0), ("points", 1.0))),
    _Relation("session_fluence", "session_fluence_j_cm2", 1.0, (("fluence_j_cm2", 1.0), ("points", 1.0))),
    _Relation("course_energy", "course_energy_j", 1.0, (("session_energy_j", 1.0), ("sessions", 1.0))),
    _Relation("sessions", "sessions", 1.0, (("sessions_per_week", 1.0), ("weeks", 1.0))),
)
#: A spot of some area need not be round, nor a mean power be that of one train of pulses.
_ONE_WAY = ("area", "mean_power")
_NUMBERS = tuple(dict.fromkeys(column for relation in _RELATIONS for column in relation.columns))
_NEEDED = {
    "power_mw": "power",
    "area_cm2": "area of the spot",
    "irradiance_mw_cm2": "irradiance",
    "seconds": "time at a point",
    "points": "points in a session",
    "energy_j": "energy at a point",
    "fluence_j_cm2": "fluence at a point",
    "sessions": "sessions",
}
#: No pad or panel in use is smaller.
_SMALLEST_PAD_CM2 = 2.0
_PLAUSIBLE = {
    "irradiance_mw_cm2": (0.01, 50_000.0),
    "power_mw": (0.01, 60_000.0),
    "area_cm2": (0.0005, 20_000.0),
    "fluence_j_cm2": (0.0, 2_000.0),
    "energy_j": (0.0, 20_000.0),
    "sessions": (1.0, 400.0),
    "seconds": (0.1, 7_200.0),
}


@dataclass(frozen=True, slots=True)
class CompleteDose:
    """A dose with what follows from it. values : by column; computed : the columns that were not printed."""

    values: dict[str, float]
    computed: tuple[str, ...]


def complete(dose: Dose) -> CompleteDose:
    """What is printed and what follows by arithmetic; nothing follows from figures that contradict each other.

    >>> light = {"power_mw": 50.0, "power_is": "mean", "seconds": 120.0, "diameter_cm": 0.53}
    >>> dose = Dose(study="a", arm="light", read_in="abstract", **light)
    >>> round(complete(dose).values["energy_j"], 2), round(complete(dose).values["fluence_j_cm2"], 1)
    (6.0, 27.2)
    """
    values = _printed(dose)
    computed: list[str] = []
    if dose.printed_conflict or list(_mismatches(values)):
        return CompleteDose(values, ())
    while (found := _next(values)) is not None:
        column, value = found
        values[column] = value
        computed.append(column)
    return CompleteDose(values, tuple(computed))


def missing(dose: Dose) -> tuple[str, ...]:
    """What nobody can compute since the text does not print it, each by name."""
    known = complete(dose).values
    lacking = [] if dose.wavelengths_nm else ["wavelength"]
    lacking += [name for column, name in _NEEDED.items() if column not in known]
    if dose.power_mw is not None and dose.power_is == "unclear":
        lacking[lacking.index("power")] = "power: whether the printed one is the mean"
    return tuple(lacking)


def _printed(dose: Dose) -> dict[str, float]:
    values = {column: float(value) for column in _NUMBERS if (value := getattr(dose, column)) is not None}
    # A pulsed lamp's power may be that of a pulse: nothing is computed from it.
    if dose.power_is == "unclear":
        values.pop("power_mw", None)
    return values


def _next(values: dict[str, float]) -> tuple[str, float] | None:
    for relation in _RELATIONS:
        lacking = [column for column in relation.columns if column not in values]
        if len(lacking) == 1 and (lacking[0] == relation.product or relation.rule not in _ONE_WAY):
            return lacking[0], _solved(relation, lacking[0], values)
    return None


def _solved(relation: _Relation, wanted: str, values: dict[str, float]) -> float:
    known = (values[name] ** power for name, power in relation.factors if name != wanted)
    others: float = relation.constant * math.prod(known)
    if wanted == relation.product:
        return others
    exponent: float = dict(relation.factors)[wanted]
    # No light is zero everywhere: a sham of 0 J says nothing of its area.
    if others == 0.0:
        return math.nan
    return float((values[relation.product] / others) ** (1.0 / exponent))


def _mismatches(values: dict[str, float]) -> Iterator[tuple[_Relation, float]]:
    for relation in _RELATIONS:
        if all(column in values for column in relation.columns):
            due = _solved(relation, relation.product, values)
            if due and abs(values[relation.product] / due - 1.0) > _TOLERANCE:
                yield relation, due


def dose_faults(dose: Dose) -> list[Fault]:
    """What of a dose cannot be so."""
    at = partial(Fault, table="doses", row=dose.id)
    return [*_product_faults(dose, at), *_span_faults(dose, at), *_pad_faults(dose, at), *_wavelength_faults(dose, at)]


def _product_faults(dose: Dose, at: Callable[..., Fault]) -> list[Fault]:
    values = _printed(dose)
    found = []
    for relation, due in _mismatches(values):
        given = values[relation.product]
        parts = " x ".join(f"{name} {values[name]:g}" for name, _ in relation.factors)
        found.append(
            at(
                rule=relation.rule,
                column=relation.product,
                value=given,
                message=f"{parts} comes to {due:.3g}, within {_TOLERANCE:.0%}{_likely(given / due, dose)}",
                remedy="read the figures again, or keep them as printed_conflict where the text prints them so",
            )
        )
    return found


def _likely(ratio: float, dose: Dose) -> str:
    """What such a ratio mostly comes from."""
    apart = max(ratio, 1.0 / ratio) if ratio else math.inf
    causes = {1000.0: "mW and W, or mW/cm2 and W/cm2, swapped", 60.0: "minutes taken for seconds"}
    if dose.points:
        causes[float(dose.points)] = "a point and a session mixed"
    if dose.sessions:
        causes[float(dose.sessions)] = "a session and a course mixed"
    if dose.area_cm2:
        causes[max(dose.area_cm2, 1.0 / dose.area_cm2)] = "J and J/cm2 mixed"
    fits = [words for factor, words in causes.items() if factor > 1.0 and abs(apart / factor - 1.0) < 2 * _TOLERANCE]
    return f": {fits[0]}?" if fits else ""


def _span_faults(dose: Dose, at: Callable[..., Fault]) -> list[Fault]:
    found = []
    for column, (low, high) in _PLAUSIBLE.items():
        value = getattr(dose, column)
        if value is not None and not low <= value <= high:
            limits = f"outside {low:g} to {high:g}"
            found.append(
                at(rule="span", column=column, value=value, message=limits, remedy="check the unit in the heading")
            )
    if dose.irradiance_mw_cm2 is not None and not dose.irradiance_how:
        message = "an irradiance without how it was known (measured, claimed, not said)"
        found.append(
            at(rule="how_known", column="irradiance_how", value=None, message=message, remedy="say how it was known")
        )
    return found


def _pad_faults(dose: Dose, at: Callable[..., Fault]) -> list[Fault]:
    """A pad or a panel whose power and irradiance make it as small as a laser's spot."""
    area = complete(dose).values.get("area_cm2")
    if area is None or area >= _SMALLEST_PAD_CM2 or not any(word in dose.device for word in ("pad", "panel")):
        return []
    message = f"makes a pad of {area:.2g} cm2, under {_SMALLEST_PAD_CM2:g}: mW and W, or mW and mW/cm2, swapped?"
    remedy = "check the unit of power and irradiance"
    return [at(rule="pad_area", column="power_mw", value=dose.power_mw, message=message, remedy=remedy)]


def _wavelength_faults(dose: Dose, at: Callable[..., Fault]) -> list[Fault]:
    wrong = [number for number in dose.wavelengths_nm if not 400.0 <= number <= 1400.0]
    remedy = "write what the text prints into wavelength_note"
    return [
        at(rule="wavelength", column="wavelength_nm", value=number, message="outside 400 to 1400 nm", remedy=remedy)
        for number in wrong
    ]
