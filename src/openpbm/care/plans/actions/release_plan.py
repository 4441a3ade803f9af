"""The signature under a plan, and under a rule that only the plan found."""

from __future__ import annotations

import uuid

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.dispatch import Signal

from openpbm.care.accounts.models import Role, User
from openpbm.care.audit import ledger
from openpbm.care.audit.constraints import longest
from openpbm.care.audit.signed_reason import reason_problems
from openpbm.care.jobs.models import Job
from openpbm.care.people.access import Relation, relation
from openpbm.care.people.models import Consent, Person, lock_person
from openpbm.care.people.selectors import consent_holds
from openpbm.care.plans.actions.make_plan import MAKE_PLAN, ask_a_clinician, order_plan
from openpbm.care.plans.models import PlanRelease, PlanRow
from openpbm.care.screening.actions import release_rule, signer_name
from openpbm.care.screening.baseline import begins_sooner
from openpbm.care.screening.selectors import changes_since
from openpbm.errors import BadInput, Problem
from openpbm.planning import stale
from openpbm.reason import Reason

__all__ = ["begins_early", "must_sign", "plan_released", "release_plan", "release_plan_rule", "release_problems"]


#: A plan was signed (`plan`, `by`).
plan_released = Signal()


@transaction.atomic
def release_plan(
    *, plan: PlanRow, statement: str, by: User, early_start: str = "", id: uuid.UUID | None = None
) -> PlanRelease:
    """Sign a plan: from here on its sessions may start, and those of an earlier plan no longer.

    Only an allowed plan on the newest answers and screening. A clinician of the clinic signs; somebody on their own
    signs for themselves, after consent and capability check, with an eye-safe lamp.
    early_start : why light begins before two weeks of diary, asked for where it does (`begins_early`)
    Raises BadInput, PermissionDenied.
    """
    person = lock_person(plan.person_id)
    must_sign(by, person)
    # Sent again after an answer that was lost, it is the release that is there; under another id it is a second
    # signature, which the problems below refuse.
    there = PlanRelease.objects.filter(plan=plan).first()
    if there is not None and there.pk == id:
        return there
    problems = release_problems(plan)
    if not statement.strip():
        problems.append(Problem(key="statement", message="empty", remedy="say what you release"))
    early = early_start.strip()[: longest(PlanRelease, "early_start")]
    if begins_early(plan):
        problems += reason_problems(early, "early_start", remedy="say why light cannot wait for two weeks of diary")
    if problems:
        raise BadInput(problems)
    release = PlanRelease(
        person=person,
        plan=plan,
        statement=statement.strip()[: longest(PlanRelease, "statement")],
        early_start=early,
        signed_name=signer_name(by),
    )
    release.id = id or release.id
    written, _ = ledger.append(
        release,
        by=by,
        action="plan_released",
        person_id=person.pk,
        clinic_id=person.clinic_id,
        detail={"version": plan.version},
    )
    plan_released.send(sender=PlanRelease, plan=plan, by=by)
    return written


def begins_early(plan: PlanRow) -> bool:
    """Whether it begins with less than two weeks of diary before its first light, which somebody must answer for.

    A new version of a course that runs already has its baseline behind it, or went without.
    """
    if plan.verdict != "allowed":
        return False
    person = plan.person
    earlier = person.plan_releases.exclude(plan=plan).select_related("plan").defer("plan__document")
    if any(one.plan.followed.start_date <= person.today() for one in earlier):
        return False
    return begins_sooner(plan.screening.intake.document.get("person", {}), person, plan.followed.start_date)


def release_problems(plan: PlanRow) -> list[Problem]:
    """Why a plan cannot be released now, each with its remedy; empty when it can."""
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


def must_sign(by: User, person: Person) -> None:
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
