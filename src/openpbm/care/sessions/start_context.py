"""Everything that is looked at before a session may begin: as plain values, and how they are read."""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
import operator
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from django.db.models import Q, QuerySet, Subquery

from openpbm.care.devices.models import Lamp, LampPassport, Measurement
from openpbm.care.devices.passport import lamp_of
from openpbm.care.devices.selectors import output_state, passport_of
from openpbm.care.people.models import Change, Consent, Intake, Person
from openpbm.care.plans.models import HoldLift, PlanRow
from openpbm.care.prepared import Prepared
from openpbm.care.screening.models import ScreeningRow
from openpbm.care.sessions.models import SessionStart
from openpbm.care.sessions.selectors import SessionState, lines_of, session_state
from openpbm.care.sessions.sitting import light_so_far, newest_light, parts_of
from openpbm.course import Course
from openpbm.course.records import RecordedSession, TimelineChange
from openpbm.delivery.place import Place, planned_places
from openpbm.device.readings import nearest_wavelength
from openpbm.facts.medicine_text import medicines_in
from openpbm.facts.timeline_kinds import timeline_action, timeline_kind
from openpbm.planning import AllowedPlan

__all__ = ["MEDICINE_KINDS", "ChangesSince", "StartContext", "is_new_medicine", "load_start_context"]

#: Kinds of a change that may bring a medicine into the body.
MEDICINE_KINDS = {"medicine", "iron", "opioid"}
_NEW_DOSE = {"start", "increase", "change"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangesSince:
    """What is new since the screening that the plan rests on.

    intake : day of a newer intake · passport : day of a newer description of the lamp
    medicines : medicines begun or changed · photosensitiser : one of them that takes up the lamp's light
    verdict : of a newer screening, "" without one
    irradiance_mw_cm2 : highest measured at the planned distance or farther, by a reading newer than the plan
    """

    intake: dt.date | None = None
    passport: dt.date | None = None
    medicines: tuple[TimelineChange, ...] = ()
    photosensitiser: str = ""
    verdict: str = ""
    irradiance_mw_cm2: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StartContext:
    """One session that somebody wants to begin, at one moment, with all that is known of it.

    moment : wall clock where the person lives
    plan, released_on : the plan in force and the day of its release, None without one
    output : how the output of those lamps is known today that the plan took as measured; claimed where it took none so
    resumes : the session goes on that was broken off earlier today
    parts, light_before : how many parts it has had, and the most light each place can have had in them [min]
    newest_light : when light last began, or may have, in any other session
    open_since : another session was begun and nothing is written down for it
    skin_missing : the check of the skin that was not answered: `after`, `24h`, or ""
    looked_at : last day on which a clinician looked at a stop and let the light go on
    """

    moment: dt.datetime
    places: tuple[Place, ...]
    plan: AllowedPlan | None
    released_on: dt.date | None = None
    same_lamp: bool = True
    lamp_retired: bool = False
    output: Literal["claimed", "measured", "expired"] = "measured"
    consent: Literal["given", "withdrawn", "never"] = "given"
    capable: bool = True
    holds: tuple[str, ...] = ()
    since: ChangesSince = dataclasses.field(default_factory=ChangesSince)
    sessions: tuple[RecordedSession, ...] = ()
    resumes: bool = False
    parts: int = 0
    light_before: Mapping[Place, float] = dataclasses.field(default_factory=dict)
    newest_light: dt.datetime | None = None
    open_since: dt.datetime | None = None
    skin_missing: Literal["", "after", "24h"] = ""
    looked_at: dt.date | None = None

    @property
    def today(self) -> dt.date:
        """The day where the person lives."""
        return self.moment.date()

    @property
    def course(self) -> Course:
        """The plan with everything written down under any plan: the skin does not know which plan it was."""
        assert self.plan is not None
        return Course(plan=self.plan, sessions=self.sessions)

    @property
    def last_day(self) -> dt.date:
        """The last day of the plan's weeks."""
        assert self.plan is not None
        return self.plan.start_date + dt.timedelta(weeks=max(1, self.plan.schedule.weeks)) - dt.timedelta(days=1)

    @property
    def planned_places(self) -> tuple[Place, ...]:
        """Every place of the plan."""
        assert self.plan is not None
        return tuple(
            dict.fromkeys(place for session in self.plan.schedule.sessions for place in planned_places(session))
        )


def load_start_context(
    *,
    person: Person,
    lamp: Lamp | None,
    places: Sequence[Place],
    now: dt.datetime,
    resumes: SessionStart | None = None,
    state: SessionState | None = None,
) -> StartContext:
    """Everything known at that moment about a session somebody wants to begin.

    lamp : None where there is no plan whose lamp it could be
    state : the sessions as the caller has read them; whoever begins a session reads them under the lock
    """
    state = state or session_state(person=person, now=now)
    row, local = state.plan, now.astimezone(person.zone)
    newest = _newest_facts(person, row)
    context = StartContext(
        moment=local,
        places=tuple(dict.fromkeys((site, side) for site, side in places)),
        plan=None,
        consent=_consent(newest["light"]),
        capable=not person.self_managed or newest["capable"] is True,
        holds=tuple(hold.message for hold in state.holds),
        resumes=resumes is not None,
    )
    if row is None or lamp is None:
        # Without a plan nothing further can be held against it.
        return context
    # A session that goes on is not over: its look at the skin comes afterwards.
    missing = None if resumes else state.skin
    begun = state.start if state.start != resumes else None
    plan = row.followed
    parts = parts_of(resumes.pk, state.sittings) if resumes else ()
    # A record names the first of the plan's lamps; all of them shine.
    planned = row.lamps
    return dataclasses.replace(
        context,
        plan=plan,
        parts=len(parts),
        light_before=light_so_far(parts, state.records, now),
        newest_light=newest_light(state.sittings, state.records, person.zone, but=parts),
        released_on=row.release.created_at.astimezone(person.zone).date(),
        same_lamp=lamp in planned,
        lamp_retired=any(one.retired_at is not None for one in (lamp, *planned)),
        output=_output(row.measured_lamps, local.date()),
        since=_changes_since(row, person, newest),
        sessions=lines_of(list(state.records)),
        open_since=begun.started_at.astimezone(person.zone) if begun else None,
        skin_missing=missing.moment if missing else "",
        looked_at=max(
            (day for day in (_day(person, newest[key]) for key in ("lift", "override")) if day), default=None
        ),
    )


def _output(lamps: Sequence[Lamp], on: dt.date) -> Literal["claimed", "measured", "expired"]:
    """How the output of lamps is known that were measured; one whose reading ran out is enough."""
    # Where none was, the plan never rested on a reading, so that one that ran out takes nothing away from it.
    states = {output_state(lamp, on).status for lamp in lamps} or {"claimed"}
    return next(state for state in ("expired", "claimed", "measured") if state in states)


def _newest_facts(person: Person, row: PlanRow | None) -> dict[str, Any]:
    """The newest of each kind of fact, in one query: a start waits for the lock while it is read."""
    if row is None:
        (found,) = _OF_A_PERSON.rows(person=person)
        return dict(zip(_PERSONS_FACTS, found, strict=True))
    screening = row.screening
    lamps = {f"lamp_{number}": one for number, one in enumerate([row.lamp_id, *screening.further_lamps])}
    (found,) = _of_a_plan(len(lamps)).rows(
        person=person, intake=screening.intake_id, screened=screening.audit_number, setup=screening.setup, **lamps
    )
    return dict(zip((*_PERSONS_FACTS, *_PLANS_FACTS), found, strict=True))


_PERSONS_FACTS = ("light", "capable", "lift", "override")
_PLANS_FACTS = ("intake", "passport", "screening")


def _persons_facts(person: Any) -> dict[str, Subquery]:
    consents = Consent.objects.filter(person=person)
    return {
        "light": _newest(consents.filter(purpose=Consent.Purpose.LIGHT), "given"),
        "capable": _newest(consents.filter(purpose=Consent.Purpose.CAPABLE), "given"),
        "lift": _newest(HoldLift.objects.filter(hold__person=person), "created_at"),
        "override": _newest(SessionStart.objects.filter(person=person).exclude(override_reason=""), "created_at"),
    }


_OF_A_PERSON = Prepared(
    lambda person: Person.objects.filter(pk=person).annotate(**_persons_facts(person)).values_list(*_PERSONS_FACTS)
)


# One for each number of lamps in a session.
@functools.cache
def _of_a_plan(lamps: int) -> Prepared[Any]:
    def build(person: Any, intake: Any, screened: Any, setup: Any, **lamps: Any) -> QuerySet[Person, Any]:
        screenings = ScreeningRow.objects.filter(person=person).exclude(_besides_the_course(intake, screened, setup))
        intakes = Intake.objects.filter(person=person).exclude(pk=intake)
        passports = LampPassport.objects.filter(functools.reduce(operator.or_, (Q(lamp=one) for one in lamps.values())))
        facts = {
            "intake": _newest(intakes.filter(audit_number__gt=screened), "created_at"),
            "passport": _newest(passports.filter(audit_number__gt=screened), "created_at"),
            "screening": _newest(screenings.filter(audit_number__gt=screened), "result"),
        }
        asked = Person.objects.filter(pk=person).annotate(**_persons_facts(person), **facts)
        return asked.values_list(*_PERSONS_FACTS, *_PLANS_FACTS)

    return Prepared(build, ("person", "intake", "screened", "setup", *(f"lamp_{number}" for number in range(lamps))))


def _besides_the_course(intake: Any, screened: Any, setup: Any) -> Q:
    """Screenings that say nothing of a course that rests on one: another lamp, place or distance, only tried out.

    On newer answers a screening counts whatever it is of, and so does a warning sign: both are about the person.
    """
    same_answers = Q(intake=intake, audit_number__gt=screened)
    return same_answers & ~Q(setup="") & ~Q(setup=setup) & ~Q(result__contains='"verdict":"refer"')


def _newest(rows: QuerySet[Any], column: str) -> Subquery:
    return Subquery(rows.order_by("-audit_number").values(column)[:1])


def _consent(given: bool | None) -> Literal["given", "withdrawn", "never"]:
    if given is None:
        return "never"
    return "given" if given else "withdrawn"


def _day(person: Person, moment: dt.datetime | None) -> dt.date | None:
    return None if moment is None else moment.astimezone(person.zone).date()


def _changes_since(row: PlanRow, person: Person, newest: dict[str, Any]) -> ChangesSince:
    changes = Change.objects.filter(person=person, audit_number__gt=row.screening.audit_number).order_by("audit_number")
    medicines = _new_medicines(changes)
    screening = newest["screening"]
    return ChangesSince(
        intake=_day(person, newest["intake"]),
        passport=_day(person, newest["passport"]),
        medicines=medicines,
        photosensitiser=next((change.name for change in medicines if _takes_up_light(change.name)), ""),
        verdict=str(screening["verdict"]) if screening else "",
        irradiance_mw_cm2=_measured_since(row),
    )


def _new_medicines(rows: Iterable[Change]) -> tuple[TimelineChange, ...]:
    return tuple(
        TimelineChange(line=line, date=row.date, kind=row.kind, name=row.name, action=row.action, dose=row.dose)
        for line, row in enumerate(rows, start=2)
        if is_new_medicine(row)
    )


def is_new_medicine(change: Change) -> bool:
    """Whether it may be a new medicine or dose: a kind or action that nobody knows may be one."""
    kind, action = timeline_kind(change.kind), timeline_action(change.action)
    # "PDT" is written under treatments too: what takes up the light counts whatever kind was chosen.
    medicine = kind is None or kind.id in MEDICINE_KINDS or _takes_up_light(change.name)
    # And whatever was done with it: it stays in the body long after it was stopped.
    return medicine and (action is None or action.id in _NEW_DOSE or _takes_up_light(change.name))


def _takes_up_light(name: str) -> bool:
    return any(medicine.tier == 1 for medicine in medicines_in(name))


def _measured_since(row: PlanRow) -> float | None:
    """The most light by new readings at the planned distance or farther: at the skin it can only be as much or more.

    Of several lamps those at the first place are added up: it is their light that the plan's limit is about.
    """
    lamps, placement = row.lamps, row.followed.placement
    if len(lamps) == 1:
        return _measured(row, lamps[0], placement.distance_mm or 0.0)
    first = row.screening.case["sites"][0]["site"]
    stands = zip(lamps, placement.lamps, strict=True)
    here = [(lamp, stand.distance_mm) for lamp, stand in stands if not stand.sites or first in stand.sites]
    return sum(_measured(row, lamp, distance_mm) or 0.0 for lamp, distance_mm in here) or None


def _measured(row: PlanRow, lamp: Lamp, planned_mm: float) -> float | None:
    """The most light of one lamp. Readings of one wavelength each are added up: the skin gets them together."""
    newer = Measurement.objects.filter(
        lamp=lamp, newer__isnull=True, audit_number__gt=row.screening.audit_number, distance_mm__gte=planned_mm
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
