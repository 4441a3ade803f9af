"""Plans: ordered, kept as they were made, released by signature, held, and let go again."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.db.models import Max

from openpbm.care.accounts.models import Role, User
from openpbm.care.audit import ledger
from openpbm.care.devices.selectors import eye_safe
from openpbm.care.jobs.actions import enqueue
from openpbm.care.jobs.models import Job
from openpbm.care.people.access import Relation, relation, require, require_unless_system
from openpbm.care.people.models import Consent, Person, lock_person
from openpbm.care.people.selectors import consent_holds
from openpbm.care.plans.models import Hold, HoldLift, PlanRelease, PlanRow
from openpbm.care.screening.actions import release_rule, signer_name
from openpbm.care.screening.models import ScreeningRow
from openpbm.care.screening.selectors import changes_since
from openpbm.errors import BadInput, Problem
from openpbm.facts.table import digest
from openpbm.files import unsupported_values
from openpbm.planning import Plan, PlanOverrides, stale
from openpbm.reason import Reason
from openpbm.version import __version__

__all__ = [
    "ask_a_clinician",
    "hold",
    "hold_on_withdrawal",
    "lift_hold",
    "needs_agreement",
    "order_plan",
    "release_plan",
    "release_plan_rule",
    "store_plan",
]  # fmt: skip

MAKE_PLAN = "make_plan"
CONSENT_WITHDRAWN = "consent_withdrawn"
_LONGEST_REASON = 400
_OVERRIDES = ("minutes", "sessions_per_week", "weeks")


@transaction.atomic
def order_plan(*, screening: ScreeningRow, by: User, overrides: Mapping[str, Any] | None, seed: int = 1) -> Job:
    """Have a plan made from a screening; the worker does it.

    overrides : minutes, sessions_per_week, weeks, each optional

    Raises BadInput for a choice no clock or calendar can hold, for a screening that no longer holds, and for somebody
    on their own whose screening is not `allowed` with an eye-safe lamp.
    """
    person = screening.person
    require(by, person)
    wanted = overrides_of(overrides).or_none()
    choice = None if wanted is None else asdict(wanted)
    problems = changes_since(screening)
    if person.self_managed:
        problems += ask_a_clinician(screening)
    if problems:
        raise BadInput(problems)
    payload = {"screening": str(screening.pk), "overrides": choice, "seed": int(seed)}
    return enqueue(kind=MAKE_PLAN, payload=payload, by=by, person_id=person.pk)


def overrides_of(overrides: Mapping[str, Any] | None) -> PlanOverrides:
    """A choice out of a form or JSON; BadInput for what cannot be one."""
    given = {key: value for key, value in (overrides or {}).items() if value is not None}
    if unknown := sorted(given.keys() - set(_OVERRIDES)):
        raise BadInput(
            Problem(key=f"overrides.{name}", message="not known", remedy=f"use {', '.join(_OVERRIDES)}")
            for name in unknown
        )
    return PlanOverrides(**given)


def ask_a_clinician(screening: ScreeningRow) -> list[Problem]:
    """Why somebody on their own cannot go on from this screening; empty when they can."""
    problems = []
    if screening.verdict != "allowed":
        message, remedy = "a clinician has to look at this first", "print the request and take it to one"
        problems.append(Problem(key="screening", message=message, remedy=remedy))
    if not eye_safe(screening.lamp, distance_mm=screening.case["placement"].get("distance_mm")):
        problems.append(
            Problem(
                key="lamp",
                message=f"{screening.lamp.name} is not safe for the eyes without supervision",
                remedy="choose another lamp or print the request for a clinician",
            )
        )
    return problems


@transaction.atomic
def store_plan(*, screening: ScreeningRow, plan: Plan, by: User | None, id: uuid.UUID | None = None) -> PlanRow:
    """Keep a plan as it was made: a new version, whatever its verdict. The same id again gives the same row."""
    require_unless_system(by, screening.person)
    # Under the lock: two plans that end at the same time would both take the next version number.
    person = lock_person(screening.person_id)
    if id is not None and (there := PlanRow.objects.filter(pk=id, screening=screening).first()) is not None:
        return there
    before = person.plans.order_by("-version").first()
    highest = person.plans.aggregate(highest=Max("version"))["highest"] or 0
    row = PlanRow(person=person, screening=screening, lamp=screening.lamp, version=highest + 1, supersedes=before)
    row.id = id or row.id
    assert plan.provenance is not None, "a plan that was made here says how"
    row.document = plan.to_json_dict()
    row.seed = plan.provenance.seed
    row.package_version, row.facts_digest = __version__, digest()
    detail = {"version": row.version, "verdict": row.verdict}
    written, _ = ledger.append(
        row, by=by, action="plan_made", person_id=person.pk, clinic_id=person.clinic_id, detail=detail
    )
    return written


@transaction.atomic
def release_plan(*, plan: PlanRow, statement: str, by: User, id: uuid.UUID | None = None) -> PlanRelease:
    """Sign a plan: from here on its sessions may start, and those of an earlier plan no longer.

    Only an allowed plan on the newest answers and screening. A clinician of the clinic signs; somebody on their own
    signs for themselves, after consent and capability check, with an eye-safe lamp. Raises BadInput, PermissionDenied.
    """
    person = lock_person(plan.person_id)
    _must_sign(by, person)
    # Sent again after an answer that was lost, it is the release that is there; under another id it is a second
    # signature, which the problems below refuse.
    there = PlanRelease.objects.filter(plan=plan).first()
    if there is not None and there.pk == id:
        return there
    problems = release_problems(plan)
    if not statement.strip():
        problems.append(Problem(key="statement", message="empty", remedy="say what you release"))
    if problems:
        raise BadInput(problems)
    release = PlanRelease(person=person, plan=plan, statement=statement.strip()[:400], signed_name=signer_name(by))
    release.id = id or release.id
    written, _ = ledger.append(
        release,
        by=by,
        action="plan_released",
        person_id=person.pk,
        clinic_id=person.clinic_id,
        detail={"version": plan.version},
    )
    return written


def release_problems(plan: PlanRow) -> list[Problem]:
    """Why a plan cannot be released now, each with the way out; empty when it can."""
    person = plan.person
    problems = changes_since(plan.screening)
    if plan.verdict != "allowed":
        verdict = plan.verdict.replace("_", " ")
        problems.append(
            Problem(
                key=f"verdict {verdict}",
                message="only an allowed plan is released",
                remedy="see its reasons for what would change it",
            )
        )
    if PlanRelease.objects.filter(plan=plan).exists():
        problems.append(
            Problem(
                key=f"version {plan.version}",
                message="is released already",
                remedy="a change is a new version with a release of its own",
            )
        )
    problems += stale(plan.core)
    if person.self_managed:
        problems += ask_a_clinician(plan.screening)
        if plan.core.eye is None or not plan.core.eye.eye_safe_unsupervised:
            problems.append(
                Problem(
                    key="lamp",
                    message="not safe for the eyes without supervision at this distance",
                    remedy="print the request",
                )
            )
        problems += [
            Problem(key=name, message="not given", remedy="give it on your consent page first")
            for purpose, name in (
                (Consent.Purpose.LIGHT, "consent to investigational light"),
                (Consent.Purpose.CAPABLE, "capability check"),
            )
            if not consent_holds(person, purpose)
        ]
    return list(dict.fromkeys(problems))


def _must_sign(by: User, person: Person) -> None:
    """A clinician of the clinic; without a clinic the person alone, and no helper for them."""
    if person.self_managed and relation(by, person) == Relation.PATIENT:
        return
    if person.clinic_id is not None and by.role_in(person.clinic_id) == Role.CLINICIAN:
        return
    raise PermissionDenied("This is signed by a clinician of the clinic, or by the person where there is none.")


@transaction.atomic
def release_plan_rule(*, plan: PlanRow, rule: str, reason: str, by: User) -> Job:
    """A clinician answers for a relative rule that only the plan found; the plan is made again with it released.

    Sent twice, the second gets the job that the first one ordered.
    """
    screening = release_rule(
        screening=plan.screening,
        rule=rule,
        reason=reason,
        by=by,
        further_reasons=[Reason(**found) for found in plan.document["reasons"]],
    )
    ordered = Job.objects.filter(kind=MAKE_PLAN, person_id=screening.person_id, asked_by=by)
    for job in ordered.order_by("-created_at")[:1]:
        if job.payload["screening"] == str(screening.pk):
            return job
    # The same seed and choice: the plan made again differs by the released rule alone.
    return order_plan(screening=screening, by=by, overrides=plan.document.get("overrides"), seed=plan.seed)


@transaction.atomic
def hold(*, person: Person, cause: str, message: str, by: User | None, about: models.Model | None = None) -> Hold:
    """Keep sessions from starting until somebody has decided. The same cause about the same row holds once."""
    require_unless_system(by, person)
    row = Hold(person=person, cause=cause, message=message[:600])
    if about is not None:
        row.about_table, row.about_id = about._meta.db_table, str(about.pk)
        there = person.holds.filter(cause=cause, about_table=row.about_table, about_id=row.about_id, lift=None).first()
        if there is not None:
            return there
    written, _ = ledger.append(
        row, by=by, action="sessions_held", person_id=person.pk, clinic_id=person.clinic_id, detail={"cause": cause}
    )
    return written


@transaction.atomic
def lift_hold(*, hold: Hold, reason: str, by: User, agreed_by: str = "") -> HoldLift:
    """Say with a signature that a hold is over. Lifted twice it is lifted once.

    agreed_by : the health professional who agreed, needed from somebody on their own; it stands before the reason
    """
    person = lock_person(hold.person_id)
    _must_sign(by, person)
    reason, agreed_by = reason.strip(), agreed_by.strip()
    problems = unsupported_values(reason, "reason") + unsupported_values(agreed_by, "agreed_by")
    if not reason:
        problems.append(Problem(key="reason", message="empty", remedy="say why sessions may go on"))
    if not agreed_by and needs_agreement(hold):
        problems.append(
            Problem(key="agreed_by", message="empty", remedy="ask a health professional first, and say who agreed")
        )
    said = f"{agreed_by} agreed: {reason}" if agreed_by else reason
    if len(said) > _LONGEST_REASON:
        problems.append(
            Problem(
                key="reason",
                message=f"{len(said)} characters with who agreed, at most {_LONGEST_REASON}",
                remedy="shorten it",
            )
        )
    if problems:
        raise BadInput(problems)
    there = HoldLift.objects.filter(hold=hold).first()
    if there is not None:
        return there
    # A signature must not bring back light that was said no to: consent has to be given again first.
    if hold.cause == CONSENT_WITHDRAWN and not _agrees_again(hold):
        raise BadInput(
            Problem(
                key="consent", message="was withdrawn and not given again", remedy="it is given on the consent page"
            )
        )
    row = HoldLift(hold=hold, reason=said, signed_name=signer_name(by))
    written, _ = ledger.append(row, by=by, action="hold_lifted", person_id=person.pk, clinic_id=person.clinic_id)
    return written


def needs_agreement(hold: Hold) -> bool:
    """Whether somebody on their own has to ask first: for all but an agreement that is theirs to give again."""
    return hold.person.self_managed and hold.cause != CONSENT_WITHDRAWN


def _agrees_again(hold: Hold) -> bool:
    withdrawn = Consent.objects.filter(pk=hold.about_id).first()
    return withdrawn is None or consent_holds(hold.person, withdrawn.purpose, withdrawn.about)


#: What is said where a consent is withdrawn that light rests on.
_WITHDRAWN_WORDS = {
    Consent.Purpose.LIGHT: "Consent to investigational light was withdrawn. No session starts until it is given again.",
    Consent.Purpose.RECORD: "Consent to keeping the record was withdrawn. No session starts until this is settled.",
    Consent.Purpose.CAPABLE: "The capability check no longer holds. No session starts until it is done again.",
}


def hold_on_withdrawal(sender: Any, *, person: Person, consent: Consent, by: User, **_: Any) -> None:
    """Hold the sessions of whoever withdrew a consent that light rests on."""
    # Consent to a helper is about who reads the record and not about light: taking it back stops no session.
    message = _WITHDRAWN_WORDS.get(Consent.Purpose(consent.purpose))
    if message is not None:
        hold(person=person, cause=CONSENT_WITHDRAWN, message=message, by=by, about=consent)
