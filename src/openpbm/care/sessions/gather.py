"""Reads the rows that the verification of one session rests on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Literal

from openpbm.care.devices.models import Lamp, LampPassport, Measurement
from openpbm.care.devices.passport import lamp_of
from openpbm.care.devices.reading import nearest_wavelength
from openpbm.care.devices.selectors import output_state, passport_of
from openpbm.care.people.models import Change, Consent, Person
from openpbm.care.plans.models import HoldLift, PlanRow
from openpbm.care.plans.selectors import open_holds, released_plan
from openpbm.care.screening.models import ScreeningRow
from openpbm.care.sessions.models import SessionStart
from openpbm.care.sessions.selectors import SessionState, lines_of, newest_records, open_start
from openpbm.care.sessions.situation import LightSince, Situation
from openpbm.care.sessions.skin_due import missing_check
from openpbm.course.records import TimelineChange
from openpbm.facts.medicines import find_medicine
from openpbm.facts.timeline_kinds import timeline_action, timeline_kind

__all__ = ["situation_of"]

_MEDICINES = {"medicine", "iron", "opioid"}
_NEW_DOSE = {"start", "increase", "change"}


def situation_of(
    *,
    person: Person,
    lamp: Lamp,
    places: list[tuple[str, str]],
    now: dt.datetime,
    resumes: SessionStart | None = None,
    state: SessionState | None = None,
) -> Situation:
    """Everything known at that moment about a session somebody wants to begin.

    state : how things stand, where a page has read it already; whoever begins a session reads anew, under the lock
    """
    local = now.astimezone(person.zone)
    if state is not None and state.plan is not None:
        row: PlanRow | None = state.plan
        records, begun, holds = list(state.records), state.start, list(state.holds)
    else:
        row = released_plan(person)
        records = list(newest_records(person).prefetch_related("skin_checks"))
        begun, holds = open_start(person), open_holds(person)
    missing = None if resumes is not None else missing_check(records, local)
    return Situation(
        moment=local,
        places=tuple(dict.fromkeys((site, side) for site, side in places)),
        plan=None if row is None else row.to_core(),
        released_on=None if row is None else row.release.created_at.astimezone(person.zone).date(),
        same_lamp=row is not None and row.lamp_id == lamp.pk,
        lamp_retired=lamp.retired_at is not None,
        output=output_state(lamp, local.date()).status,
        consent=_consent(person),
        capable=not person.self_managed or _newest_consent(person, Consent.Purpose.CAPABLE) is True,
        holds=tuple(hold.message for hold in holds),
        since=LightSince() if row is None else _since(row, person, lamp),
        sessions=lines_of(records),
        resumes=resumes is not None,
        open_since=None if begun is None or begun == resumes else begun.started_at.astimezone(person.zone),
        skin_missing="" if missing is None else missing.moment,
        looked_at=_looked_at(person),
    )


def _newest_consent(person: Person, purpose: str) -> bool | None:
    rows = Consent.objects.filter(person=person, purpose=purpose).order_by("-created_at")
    return rows.values_list("given", flat=True).first()


def _consent(person: Person) -> Literal["given", "withdrawn", "never"]:
    given = _newest_consent(person, Consent.Purpose.LIGHT)
    return "never" if given is None else "given" if given else "withdrawn"


def _since(row: PlanRow, person: Person, lamp: Lamp) -> LightSince:
    screened = row.screening.created_at
    intake = (
        person.intakes.filter(created_at__gt=screened).exclude(pk=row.screening.intake_id).order_by("created_at").last()
    )
    passport = LampPassport.objects.filter(lamp=row.lamp_id, created_at__gt=screened).order_by("created_at").last()
    newer = ScreeningRow.objects.filter(person=person, created_at__gt=screened).order_by("created_at").last()
    medicines = _new_medicines(Change.objects.filter(person=person, created_at__gt=screened).order_by("created_at"))
    return LightSince(
        intake=None if intake is None else intake.created_at.astimezone(person.zone).date(),
        passport=None if passport is None else passport.created_at.astimezone(person.zone).date(),
        medicines=medicines,
        photosensitiser=next((change.name for change in medicines if _takes_up_light(change.name)), ""),
        verdict="" if newer is None else newer.verdict,
        irradiance_mw_cm2=_measured_since(row, lamp),
    )


def _new_medicines(rows: Iterable[Change]) -> tuple[TimelineChange, ...]:
    found = []
    for line, row in enumerate(rows, start=2):
        kind, action = timeline_kind(row.kind), timeline_action(row.action)
        new_dose = action is None or action.id in _NEW_DOSE  # an action nobody knows may be a beginning
        if (kind is None or kind.id in _MEDICINES) and new_dose:
            found.append(
                TimelineChange(
                    line=line, date=row.date, kind=row.kind, name=row.name, action=row.action, dose=row.dose
                )
            )  # fmt: skip
    return tuple(found)


def _takes_up_light(name: str) -> bool:
    medicine = find_medicine(name)
    return medicine is not None and medicine.tier == 1


def _measured_since(row: PlanRow, lamp: Lamp) -> float | None:
    """The most light by new readings at the planned distance or farther: at the skin it can only be as much or more.

    Readings of one wavelength each are added up: the skin gets them together.
    """
    planned = row.to_core().placement.distance_mm or 0.0
    newer = Measurement.objects.filter(
        lamp=lamp, newer__isnull=True, created_at__gt=row.screening.created_at, distance_mm__gte=planned
    )
    readings = list(newer.values_list("wavelength_nm", "irradiance_mw_cm2"))
    if not readings:
        return None
    described = lamp_of(passport_of(lamp).document)
    together, alone = 0.0, dict[float, float]()
    for wavelength_nm, level in readings:
        if wavelength_nm is None:
            together = max(together, level)
        else:
            own = nearest_wavelength(described, wavelength_nm) or wavelength_nm
            alone[own] = max(alone.get(own, 0.0), level)
    return max(together, sum(alone.values())) or None


def _looked_at(person: Person) -> dt.date | None:
    lift = HoldLift.objects.filter(hold__person=person).order_by("-created_at").values_list("created_at", flat=True)
    over = SessionStart.objects.filter(person=person).exclude(override_reason="").order_by("-created_at")
    moments = [lift.first(), over.values_list("created_at", flat=True).first()]
    days = [moment.astimezone(person.zone).date() for moment in moments if moment is not None]
    return max(days, default=None)
