"""What can be done with a lamp: add it, describe it again, write down readings, put it away."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, TypedDict

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.dispatch import Signal

from openpbm.care import clock
from openpbm.care.accounts.models import Clinic, Role, User
from openpbm.care.audit import ledger
from openpbm.care.audit.constraints import longest
from openpbm.care.devices.label_words import read_label
from openpbm.care.devices.models import Lamp, LampPassport, Measurement
from openpbm.care.devices.passport import EYE_CLASSES, lamp_of, snapshot
from openpbm.care.devices.reading import Reading, reading_problems
from openpbm.care.devices.selectors import ACCESS_DENIED, lamps_for, may_sign, passport_of
from openpbm.device.range_of_class import range_problems
from openpbm.errors import BadInput, Problem
from openpbm.facts.product_classes import product_classes
from openpbm.files import suggest

__all__ = [
    "add_lamp",
    "audit_subject",
    "insert_reading",
    "must_be_theirs",
    "new_passport",
    "reading_recorded",
    "record_measurement",
    "retire_lamp",
]

#: A reading was written down: whoever rests on the lamp is told (`reading`, `by`).
reading_recorded = Signal()
_PASSPORT_KEYS = {
    "document", "eye_class", "clearance", "indication", "wearable", "spectrum", "product_class", "as_on_label",
    "on_label",
}  # fmt: skip


@transaction.atomic
def add_lamp(
    *,
    by: User,
    name: str,
    passport: Mapping[str, Any],
    clinic: Clinic | None = None,
    owner: User | None = None,
    serial: str = "",
    id: uuid.UUID | None = None,
) -> Lamp:
    """Add a lamp of a clinic or of one person. The same id again gives the lamp added before.

    passport : with `product_class` the lamp is held against what lamps of that class have, unless `as_on_label`
    Raises BadInput for a lamp the core cannot read, PermissionDenied for a clinic or a person of others.
    """
    if (clinic is None) == (owner is None):
        message = "belongs to a clinic or to one person"
        raise BadInput(Problem(key="lamp", message=message, remedy="name exactly one of the two"))
    if not _may_add(by, clinic, owner):
        raise PermissionDenied("Lamps are added by their owner, or by a clinician or administrator of the clinic.")
    if id is not None and (known := Lamp.objects.filter(pk=id).first()) is not None:
        if not lamps_for(by).filter(pk=known.pk).exists() or known.name != name.strip():
            raise ledger.Conflict(f"lamp {id}: exists already; send a new lamp under a new id")
        return known
    row = _passport_row(passport)
    lamp = Lamp(
        id=id or uuid.uuid4(), clinic=clinic, owner=owner, name=_short("name", name, longest(Lamp, "name"), needed=True)
    )
    lamp.serial = _short("serial", serial, longest(Lamp, "serial"))
    lamp.save(force_insert=True)
    ledger.record_event(
        "lamp_added", by=by, row=lamp, detail={"name": lamp.name, "serial": lamp.serial}, **audit_subject(lamp)
    )
    row.lamp = lamp
    ledger.append(row, by=by, action="lamp_passport", **audit_subject(lamp))
    return lamp


@transaction.atomic
def new_passport(
    *, lamp: Lamp, passport: Mapping[str, Any], by: User, id: uuid.UUID | None = None
) -> tuple[LampPassport, bool]:
    """Describe a lamp again; the passport before stays, superseded."""
    must_be_theirs(by, lamp)
    row = _passport_row(passport)
    _one_writer(lamp)
    row.id, row.lamp = id or row.id, lamp
    earlier = LampPassport.objects.filter(pk=row.id).first()
    # Sent twice, the second must not supersede the first: it names what the first superseded.
    row.supersedes = passport_of(lamp) if earlier is None else earlier.supersedes
    return ledger.append(row, by=by, action="lamp_passport", **audit_subject(lamp))


def record_measurement(
    *,
    id: uuid.UUID | None = None,
    lamp: Lamp,
    by: User,
    measured_on: dt.date,
    wavelength_nm: float | None,
    irradiance_mw_cm2: float,
    distance_mm: float,
    uncertainty_percent: float,
    meter: str,
    meter_calibrated_on: dt.date | None,
    note: str = "",
    signed: bool = False,
    supersedes: Measurement | None = None,
) -> tuple[Measurement, bool]:
    """Write down one reading as entered. `wavelength_nm` None is a reading of all wavelengths together.

    signed : whether a clinician of the lamp's clinic has checked it and answers for it
    supersedes : the reading that this one corrects
    Raises BadInput with one line a problem, PermissionDenied for a signature of anybody else.
    """
    must_be_theirs(by, lamp)
    if signed and not may_sign(by, lamp):
        raise PermissionDenied("A reading is signed by a clinician of the lamp's clinic.")
    reading = Reading(
        measured_on=measured_on,
        wavelength_nm=wavelength_nm,
        irradiance_mw_cm2=irradiance_mw_cm2,
        distance_mm=distance_mm,
        uncertainty_percent=uncertainty_percent,
        meter=meter.strip(),
        meter_calibrated_on=meter_calibrated_on,
        note=note.strip(),
        signed=signed,
    )
    # A day of grace: the day has begun somewhere east of the server.
    today = clock.now().date() + dt.timedelta(days=1)
    if problems := reading_problems(reading, lamp_of(passport_of(lamp).document), today):
        raise BadInput(problems)
    if supersedes is not None and supersedes.lamp_id != lamp.pk:
        raise BadInput(
            Problem(key="supersedes", message="is a reading of another lamp", remedy="name one of this lamp")
        )
    return insert_reading(lamp=lamp, reading=reading, by=by, id=id or uuid.uuid4(), supersedes=supersedes)


def insert_reading(
    *, lamp: Lamp, reading: Reading, by: User, id: uuid.UUID, supersedes: Measurement | None = None
) -> tuple[Measurement, bool]:
    """Write down a reading that was checked already."""
    must_be_theirs(by, lamp)
    row = Measurement(id=id, lamp=lamp, supersedes=supersedes, **asdict(reading))
    with transaction.atomic():
        if supersedes is not None:
            _one_writer(lamp)
            taken = Measurement.objects.filter(supersedes=supersedes).exclude(pk=row.pk)
            if taken.exists():
                raise ledger.Conflict(f"reading {supersedes.pk}: was corrected already; correct the newer one")
        written, new = ledger.append(row, by=by, action="lamp_measured", **audit_subject(lamp))
        if new:
            reading_recorded.send(sender=Measurement, reading=written, by=by)
        return written, new


def _one_writer(lamp: Lamp) -> None:
    """Of two who correct the same row at once the second sees the first's."""
    Lamp.objects.select_for_update(no_key=True).get(pk=lamp.pk)


@transaction.atomic
def retire_lamp(*, lamp: Lamp, by: User) -> Lamp:
    """Put a lamp away: it stays in every record, and no new screening offers it."""
    must_be_theirs(by, lamp)
    if lamp.retired_at is None:
        lamp.retired_at = clock.now()
        lamp.save(update_fields=["retired_at"])
        ledger.record_event("lamp_retired", by=by, row=lamp, detail={"name": lamp.name}, **audit_subject(lamp))
    return lamp


def _passport_row(passport: Mapping[str, Any]) -> LampPassport:
    problems = [
        Problem(key=f"passport.{key}", message="not known", remedy=suggest(key, _PASSPORT_KEYS))
        for key in passport
        if key not in _PASSPORT_KEYS
    ]
    if "document" not in passport:
        remedy = "give the id of a catalogue lamp or the lamp's emitters"
        problems.append(Problem(key="passport.document", message="missing", remedy=remedy))
    eye_class = str(passport.get("eye_class") or "")
    if eye_class and eye_class not in EYE_CLASSES:
        remedy = suggest(eye_class, EYE_CLASSES)
        problems.append(Problem(key="passport.eye_class", value=eye_class, message="not a class", remedy=remedy))
    product_class = str(passport.get("product_class") or "")
    if product_class and product_class not in product_classes.ids:
        remedy = suggest(product_class, product_classes.ids)
        problems.append(Problem("passport.product_class", product_class, "not a class of lamp", remedy))
    on_label, unsound = read_label(passport.get("on_label") or {})
    problems.extend(unsound)
    if problems:
        raise BadInput(problems)
    document = snapshot(passport["document"])
    if product_class and not passport.get("as_on_label"):
        problems = range_problems(product_classes[product_class], lamp_of(document))
    if problems:
        raise BadInput(problems)
    return LampPassport(
        document=document,
        product_class=product_class,
        spectrum=[list(row) for row in passport.get("spectrum") or []],
        eye_class=eye_class,
        clearance=_short("clearance", passport.get("clearance") or "", longest(LampPassport, "clearance")),
        indication=_short("indication", passport.get("indication") or "", longest(LampPassport, "indication")),
        wearable=bool(passport.get("wearable")),
        on_label=on_label,
    )


def _short(name: str, text: str, most: int, *, needed: bool = False) -> str:
    text = text.strip()
    if needed and not text:
        raise BadInput(Problem(key=name, message="empty", remedy="give the lamp a name it is found by"))
    # PostgreSQL refuses a NUL in a text, SQLite keeps it: neither is let in.
    if len(text) > most or "\x00" in text:
        message = f"{len(text)} characters"
        raise BadInput(Problem(key=name, message=message, remedy=f"write at most {most} and nothing but text"))
    return text


def _may_add(by: User, clinic: Clinic | None, owner: User | None) -> bool:
    if clinic is not None:
        return by.role_in(clinic.pk) in (Role.CLINICIAN, Role.ADMIN)
    assert owner is not None
    treated = [row.clinic_id for row in by.member_of() if row.role == Role.CLINICIAN]
    helped = Q(person__helpers__user=by, person__helpers__ended_at=None)
    return owner.pk == by.pk or User.objects.filter(Q(person__clinic__in=treated) | helped, pk=owner.pk).exists()


def must_be_theirs(by: User, lamp: Lamp) -> None:
    """PermissionDenied unless the lamp is one the user may write about."""
    if not lamps_for(by).filter(pk=lamp.pk).exists():
        raise PermissionDenied(ACCESS_DENIED)


class _Subject(TypedDict):
    clinic_id: int | None
    person_id: uuid.UUID | None


def audit_subject(lamp: Lamp) -> _Subject:
    """Whose audit it stands in: the clinic's, or the owner's own record."""
    person = getattr(lamp.owner, "person", None)
    if person is None:
        return _Subject(clinic_id=lamp.clinic_id, person_id=None)
    return _Subject(clinic_id=person.clinic_id, person_id=person.pk)
