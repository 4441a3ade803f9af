"""Values that can be and hardly are: a height of 68 cm, a saturation of 0.27 %, a class 1 laser of 15 W."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from openpbm.case.case import Case
from openpbm.case.contradictions import names_somebody_else
from openpbm.errors import Problem
from openpbm.facts.lamps import Emitters
from openpbm.facts.plausible import PlausibleSpan, plausible_spans
from openpbm.files import suggest

__all__ = ["implausible"]

_LAMP_QUANTITIES = (
    "power_mw", "claimed_power_mw", "irradiance_mw_cm2", "claimed_irradiance_mw_cm2", "at_distance_mm",
    "spot_diameter_mm", "half_angle_deg", "pitch_mm",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Given:
    """One value of a case: its key, and the emitter it is of."""

    key: str
    value: float | dt.date | None
    emitters: Emitters | None = None

    @property
    def quantity(self) -> str:
        """The quantity as the table of spans names it; what is claimed has the span of what is measured."""
        return self.key.rsplit(".", 1)[-1].removeprefix("claimed_")


def implausible(case: Case) -> list[Problem]:
    """Every value outside its span that nobody has confirmed by name, and names that confirm nothing."""
    found = [
        _problem(given, span)
        for given in _given(case)
        for span in plausible_spans()
        if _is_of(span, given, case) and _outside(given.value, span) and not _confirmed(span, case)
    ]
    # Where height or weight is asked about, their ratio only says the same again.
    if any(problem.confirm in ("height_cm", "weight_kg") for problem in found):
        found = [problem for problem in found if problem.confirm != "body_mass_index"]
    return [*found, *_names_nobody_knows(case)]


def _given(case: Case) -> Iterator[_Given]:
    person, labs = case.person, case.person.labs
    yield _Given("person.age_years", person.age_years)
    yield _Given("person.height_cm", person.height_cm)
    yield _Given("person.weight_kg", person.weight_kg)
    yield _Given("person.body_mass_index", person.body_mass_index)
    if labs is not None:
        yield _Given("person.labs.ferritin_ug_l", labs.ferritin_ug_l)
        yield _Given("person.labs.transferrin_saturation_percent", labs.transferrin_saturation_percent)
        yield _Given("person.labs.date", labs.date)
        yield _Given("person.labs.ferritin_date", labs.ferritin_date)
        yield _Given("person.labs.transferrin_saturation_date", labs.transferrin_saturation_date)
    yield _Given("course.start_date", case.course.start_date)
    yield _Given("placement.distance_mm", case.placement.distance_mm)
    yield _Given("device.default_distance_mm", case.device.default_distance_mm)
    for number, emitters in enumerate(case.device.emitters):
        for quantity in _LAMP_QUANTITIES:
            yield _Given(f"device.emitters[{number}].{quantity}", getattr(emitters, quantity), emitters)


def _is_of(span: PlausibleSpan, given: _Given, case: Case) -> bool:
    """Whether a span speaks of this value in this person or this emitter."""
    if span.quantity != given.quantity or given.value is None:
        return False
    age = case.person.age_years
    # Somebody whose age is not known counts as grown, which asks about more.
    if span.below_age_years is not None and (age is None or age >= span.below_age_years):
        return False
    if span.from_age_years is not None and age is not None and age < span.from_age_years:
        return False
    if given.emitters is not None and span.emits is not None:
        is_laser = given.emitters.spot_diameter_mm is not None
        return is_laser == (span.emits == "laser") and span.laser_class in (None, case.device.laser_class)
    return True


def _outside(value: float | dt.date | None, span: PlausibleSpan) -> bool:
    if isinstance(value, dt.date):
        latest = dt.date.today() + dt.timedelta(days=round(365.25 * span.high))
        return not dt.date(int(span.low), 1, 1) <= value <= latest
    return value is not None and not span.low <= value <= span.high


def _confirmed(span: PlausibleSpan, case: Case) -> bool:
    if span.quantity not in case.confirm.values:
        return False
    return span.confirmed_by == "person" or names_somebody_else(case.confirm.by or "")


def _problem(given: _Given, span: PlausibleSpan) -> Problem:
    value = given.value.isoformat() if isinstance(given.value, dt.date) else given.value
    usual = f"{span.low:g} to {span.high:g} {span.unit}"
    if span.is_date:
        usual = f"{span.low:g} to {span.high:g} years from now"
    by = ', by = "who"' if span.confirmed_by == "clinician" else ""
    who = "a clinician confirms it" if by else "confirm it"
    return Problem(
        given.key,
        value,
        f"outside of {usual}. {span.ask}",
        f'correct it, or {who} in the case: [confirm] values = ["{span.quantity}"]{by}',
        confirm=span.quantity if span.confirmed_by == "person" else "",
    )


def _names_nobody_knows(case: Case) -> list[Problem]:
    known = tuple(dict.fromkeys(span.quantity for span in plausible_spans()))
    return [
        Problem(f"confirm.values[{number}]", name, "no value that can be confirmed", suggest(name, known))
        for number, name in enumerate(case.confirm.values)
        if name not in known
    ]
