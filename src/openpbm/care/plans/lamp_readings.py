"""A reading that no longer fits what a running course was planned with: its sessions are held until it is settled."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q

from openpbm.care.accounts.models import User
from openpbm.care.devices.models import Lamp, Measurement
from openpbm.care.devices.output import share_of_claim, share_planned_with
from openpbm.care.devices.passport import lamp_of
from openpbm.care.devices.reading import Reading
from openpbm.care.devices.selectors import passport_of, reading_of
from openpbm.care.people.models import Person
from openpbm.care.plans.actions import hold, settle_hold
from openpbm.care.plans.hold_causes import HoldCause, shows_cause
from openpbm.care.plans.models import Hold, PlanRow
from openpbm.care.plans.selectors import released_plan
from openpbm.device import output_prior, reading_counts
from openpbm.errors import BadInput
from openpbm.facts.measurement_rules import measurement_rule
from openpbm.wording import date_in_words

__all__ = ["LAMP_READING", "hold_on_reading", "settle_holds_of_readings", "speaks_against"]

LAMP_READING = "lamp_reading"
_SAME_PLACE_MM = 1.0


@transaction.atomic
def hold_on_reading(sender: Any, *, reading: Measurement, by: User, **_: Any) -> None:
    """Hold every running course of the lamp that the reading speaks against; a correction settles what it corrects."""
    lamp = reading.lamp
    beside = Q(plans__screening__further_lamps__contains=f'"{lamp.pk}"')
    lit_by = Person.objects.filter(Q(plans__lamp=lamp) | beside, plans__release__isnull=False, left_at=None)
    users = lit_by.distinct()
    for person in users:
        plan = released_plan(person)
        if plan is None or lamp not in plan.lamps:
            continue
        message = speaks_against(plan, reading)
        if message:
            hold(person=person, cause=LAMP_READING, message=message, by=None, about=reading)
        if reading.supersedes_id is not None:
            _settle(_open_holds(person).filter(about_id=str(reading.supersedes_id)), "The reading was corrected.", by)


def speaks_against(plan: PlanRow, reading: Measurement) -> str:
    """Why a later reading speaks against a plan, in a sentence or two; "" where it lies inside what the plan allows."""
    try:
        lamp, document = reading.lamp, plan.core
    except BadInput:
        # A plan of an earlier format starts no session, and must not keep a reading from being written down.
        return ""
    noun, read = lamp_of(passport_of(lamp).document), reading_of(reading)
    share = share_of_claim(noun, read)
    planned = share_planned_with(noun, _readings_of(plan, lamp), read, measured=lamp in plan.measured_lamps)
    ratio = _at_the_planned_distance(plan, read) if share is None or planned is None else share / planned
    if ratio is None:
        # Where neither reaches, a start of a session still holds the reading against the plan's upper bound.
        return ""
    prior = output_prior(document.lamp.lamp())
    counts = share is None or reading_counts(share, confirmed=False, signed=read.signed)
    # Half the light is another dose, though a claim may be that wrong.
    least = max(prior.lower, measurement_rule("lowest_share") / 100.0)
    if least <= ratio <= prior.safety_factor and counts:
        return ""
    day = date_in_words(reading.measured_on.isoformat())
    return (
        f"{lamp.name} was read on {day} at {100.0 * ratio:.0f} % of what the plan was made with."
        " Either the reading is wrong, or the dose is no longer the one that was planned."
        " Correct the reading, or make a new plan with it."
    )


def _at_the_planned_distance(plan: PlanRow, read: Reading) -> float | None:
    """A reading of all light over the plan's own irradiance [-]; None where they are not of the same place."""
    skin, distance_mm = plan.core.skin, plan.core.placement.distance_mm
    # The plan's light is that of all its lamps, and a reading is of one.
    if skin is None or distance_mm is None or read.wavelength_nm is not None or plan.screening.further_lamps:
        return None
    same = abs(read.distance_mm - distance_mm) <= _SAME_PLACE_MM and skin.irradiance_mw_cm2 > 0.0
    return read.irradiance_mw_cm2 / skin.irradiance_mw_cm2 if same else None


def settle_holds_of_readings(sender: Any, *, plan: PlanRow, by: User, **_: Any) -> None:
    """A plan on a screening that knew the readings settles what they held."""
    lamps = [plan.lamp_id, *plan.screening.further_lamps]
    known = Measurement.objects.filter(lamp__in=lamps, audit_number__lt=plan.screening.audit_number)
    keys = [str(key) for key in known.values_list("pk", flat=True)]
    _settle(_open_holds(plan.person).filter(about_id__in=keys), "A new plan was made with the reading.", by)


def _open_holds(person: Person) -> Any:
    return person.holds.filter(cause=LAMP_READING, lift=None)


def _settle(holds: Any, note: str, by: User) -> None:
    for row in holds:
        # Who reads a clinic's lamps need not see its people: then the hold waits for who does.
        with suppress(PermissionDenied):
            settle_hold(hold=row, note=note, by=by)


def _readings_of(plan: PlanRow, lamp: Lamp) -> list[Reading]:
    """The readings that the plan's screening knew, as they stood then."""
    known = lamp.measurements.filter(audit_number__lt=plan.screening.audit_number)
    replaced = {row.supersedes_id for row in known}
    return [reading_of(row) for row in known if row.pk not in replaced]


@shows_cause(Measurement._meta.db_table)
def _reading(held: Hold) -> HoldCause | None:
    row = Measurement.objects.filter(pk=held.about_id).select_related("lamp").first()
    if row is None:
        return None
    facts = (
        ("Lamp", row.lamp.name),
        ("Read on", date_in_words(row.measured_on.isoformat())),
        ("Reading", f"{row.irradiance_mw_cm2:g} mW/cm² at {row.distance_mm / 10.0:g} cm"),
        ("Meter", row.meter),
    )
    return HoldCause(title="What was read", facts=facts)
