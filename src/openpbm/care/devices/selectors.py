"""What is known of a lamp today, and who may see it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet

from openpbm.care import clock
from openpbm.care.accounts.models import Role, User
from openpbm.care.devices.models import Lamp, LampPassport, Measurement
from openpbm.care.devices.output import OutputState, measured_section, raised_section, sources, state_of
from openpbm.care.devices.passport import UNSAFE_CLASSES, lamp_of
from openpbm.care.devices.reading import Reading
from openpbm.device import FieldUnknown, beam, output_prior, treatment_distance_mm
from openpbm.errors import BadInput, Problem
from openpbm.files import JsonObject
from openpbm.safety.exposure_limits import eye_exposure, eye_safe_unsupervised

__all__ = [
    "OutputState",
    "carried_over",
    "device_section",
    "eye_safe",
    "lamp_for",
    "lamps_for",
    "may_sign",
    "measurements_of",
    "output_state",
    "passport_of",
    "reading_of",
]

ACCESS_DENIED = "This lamp is not yours to see, or it does not exist."


def lamps_for(user: User) -> QuerySet[Lamp]:
    """Lamps the user may see and write about: of their clinic, their own, and those of people they treat or help."""
    rows = user.member_of()
    staffed = [row.clinic_id for row in rows if row.role in (Role.CLINICIAN, Role.ADMIN)]
    treated = [row.clinic_id for row in rows if row.role == Role.CLINICIAN]
    mine = Q(owner=user) | Q(owner__person__helpers__user=user, owner__person__helpers__ended_at=None)
    seen = Lamp.objects.filter(Q(clinic__in=staffed) | Q(owner__person__clinic__in=treated) | mine)
    return seen.distinct().order_by("name", "pk")


def lamp_for(user: User, lamp_id: uuid.UUID) -> Lamp:
    """One of those lamps; PermissionDenied alike for somebody else's and for none."""
    lamp = with_readings(lamps_for(user)).filter(pk=lamp_id).first()
    if lamp is None:
        raise PermissionDenied(ACCESS_DENIED)
    return lamp


def with_readings(lamps: QuerySet[Lamp]) -> QuerySet[Lamp]:
    """The same lamps, read in as many queries for many as for one."""
    return lamps.select_related("clinic", "owner").prefetch_related("passports", "measurements")


def passport_of(lamp: Lamp) -> LampPassport:
    """The newest passport."""
    rows = list(lamp.passports.all())
    superseded = {row.supersedes_id for row in rows}
    current = [row for row in rows if row.pk not in superseded]
    if not current:
        raise BadInput(Problem(key=lamp.name, message="has no passport", remedy="describe the lamp first"))
    return max(current, key=lambda row: (row.audit_number, row.created_at, str(row.pk)))


def carried_over(before: LampPassport) -> JsonObject:
    """All that a passport says, for the next one to change a part of; what was asked of the light was answered."""
    names = ("document", "spectrum", "product_class", "eye_class", "clearance", "indication", "wearable", "on_label")
    return {name: getattr(before, name) for name in names} | {"as_on_label": True}


def measurements_of(lamp: Lamp) -> list[Measurement]:
    """Every reading that no correction replaced, the oldest first."""
    rows = list(lamp.measurements.all())
    superseded = {row.supersedes_id for row in rows}
    current = [row for row in rows if row.pk not in superseded]
    return sorted(current, key=lambda row: (row.measured_on, row.audit_number, str(row.pk)))


def reading_of(row: Measurement) -> Reading:
    """A row as the arithmetic reads it."""
    return Reading(
        measured_on=row.measured_on,
        wavelength_nm=row.wavelength_nm,
        irradiance_mw_cm2=row.irradiance_mw_cm2,
        distance_mm=row.distance_mm,
        uncertainty_percent=row.uncertainty_percent,
        meter=row.meter,
        meter_calibrated_on=row.meter_calibrated_on,
        note=row.note,
        signed=row.signed,
    )


def _readings(lamp: Lamp) -> Sequence[Reading]:
    return [reading_of(row) for row in measurements_of(lamp)]


def output_state(lamp: Lamp, on: dt.date) -> OutputState:
    """Whether the output is claimed, measured, or was measured too long ago."""
    return state_of(passport_of(lamp).document, _readings(lamp), on)


def device_section(lamp: Lamp, on: dt.date) -> JsonObject:
    """The `device` section of a case file on a day: as measured where readings still count, else as claimed."""
    section: JsonObject = dict(passport_of(lamp).document)
    readings = _readings(lamp)
    state = state_of(section, readings, on)
    if state.status != "measured":
        claimed = raised_section(section, readings, on) | {"output_status": "claimed"}
        if state.uncounted is not None and state.last_read_on is not None:
            # That it was read is said even where the reading does not count.
            claimed |= {"last_reading": state.uncounted, "last_read_on": state.last_read_on.isoformat()}
        return claimed
    return measured_section(section, sources(lamp_of(section), readings, on))


def eye_safe(lamp: Lamp, on: dt.date | None = None, distance_mm: float | None = None) -> bool:
    """Whether the lamp may be used alone without eyewear: by its label, and by its light where it is used.

    on : None is today
    distance_mm : None is the lamp's own distance
    """
    # The label first: it may be right where our model of the lamp is too simple.
    passport = passport_of(lamp)
    if passport.eye_class in UNSAFE_CLASSES:
        return False
    noun = lamp_of(device_section(lamp, on or clock.now().date()))
    where_mm = treatment_distance_mm(noun, distance_mm)
    try:
        exposure = eye_exposure(noun, beam(noun, where_mm), where_mm, output_prior(noun).safety_factor)
    except FieldUnknown:
        return False
    return eye_safe_unsupervised(noun, exposure)


def may_sign(by: User, lamp: Lamp) -> bool:
    """Whether the user is a clinician where the lamp is used; whoever manages themselves never is."""
    person = getattr(lamp.owner, "person", None)
    clinic_id = lamp.clinic_id or getattr(person, "clinic_id", None)
    return clinic_id is not None and by.role_in(clinic_id) == Role.CLINICIAN
