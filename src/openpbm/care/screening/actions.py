"""Screening a person with a lamp, and a clinician's signature under one rule of it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from openpbm.care.devices.models import Lamp
from openpbm.care.devices.selectors import device_section, lamps_for
from openpbm.care.people.access import ACCESS_DENIED, relation
from openpbm.care.people.lock_person import lock_person
from openpbm.care.people.models import Person
from openpbm.care.people.selectors import latest_intake
from openpbm.care.screening.models import RuleRelease, ScreeningRow
from openpbm.care.screening.selectors import is_newest, releases_of
from openpbm.care.trust import ledger
from openpbm.care.trust.models import Role, User
from openpbm.case import case_of, names_somebody_else
from openpbm.errors import BadInput
from openpbm.facts.load import digest
from openpbm.safety import screen
from openpbm.version import __version__

__all__ = ["release_rule", "screen_person", "signer_name"]

#: What a row's choice of a place may hold.
_SITE_KEYS = ("site", "side", "target")


@transaction.atomic
def screen_person(
    *,
    person: Person,
    lamp: Lamp,
    sites: Sequence[Mapping[str, Any]],
    distance_mm: float | None,
    start_date: dt.date | None,
    by: User,
    supersedes: ScreeningRow | None = None,
    id: uuid.UUID | None = None,
) -> ScreeningRow:
    """Screen a person with a lamp on sites, from their newest answers and what the lamp gives today.

    Nothing a clinician released for an earlier screening is carried over: another lamp, place or answer is judged anew.
    Raises BadInput in the words of a case file, PermissionDenied for somebody else's person or lamp.
    """
    if relation(by, person) is None:
        raise PermissionDenied(ACCESS_DENIED)
    if not lamps_for(by).filter(pk=lamp.pk).exists() or not _lights(lamp, person):
        raise PermissionDenied("This lamp is not yours to use, or it does not exist.")
    if lamp.retired_at is not None:
        raise BadInput(f"lamp: {lamp.name} was put away; choose a lamp in use")
    intake = latest_intake(person)
    if intake is None:
        raise BadInput("intake: no answers yet; answer the questions first")
    course = {"start_date": None if start_date is None else start_date.isoformat()}
    case = {
        "person": intake.document.get("person", {}),
        "condition": intake.document.get("condition", {}),
        "sites": [{key: row[key] for key in _SITE_KEYS if row.get(key)} for row in sites],
        "device": device_section(lamp, person.today()),
        "placement": {"distance_mm": distance_mm},
        "course": course | {"supervision": _supervision(person, intake.document)},
        "release": {"rules": [], "by": None},
    }
    row = ScreeningRow(person=person, intake=intake, lamp=lamp, supersedes=supersedes)
    row.id = id or row.id
    return _screened(row, case, by)


def _lights(lamp: Lamp, person: Person) -> bool:
    """Whether it is a lamp of the person or of their clinic: somebody may work in two clinics."""
    if lamp.clinic_id is not None:
        return lamp.clinic_id == person.clinic_id
    return lamp.owner_id is not None and lamp.owner_id == person.user_id


def _supervision(person: Person, answers: Mapping[str, Any]) -> str:
    """Alone without a clinic; beside one, whatever the clinic wrote down, and supervised where it wrote nothing."""
    if person.self_managed:
        return "self"
    return str((answers.get("course") or {}).get("supervision", "clinician"))


def _screened(row: ScreeningRow, case: dict[str, Any], by: User) -> ScreeningRow:
    """Screen the case and keep both, with what they were screened by."""
    row.case = case
    row.result = screen(case_of(case, "screening")).to_dict()
    row.package_version, row.facts_digest = __version__, digest()
    clinic_id = row.person.clinic_id
    written, _ = ledger.append(row, by=by, action="screening", person_id=row.person_id, clinic_id=clinic_id)
    return written


@transaction.atomic
def release_rule(
    *,
    screening: ScreeningRow,
    rule: str,
    reason: str,
    by: User,
    also_found: Sequence[Mapping[str, Any]] = (),
) -> ScreeningRow:
    """A clinician of the clinic answers for one relative rule; the person is screened again with it released.

    also_found : reasons beside those of the screening, such as those of a plan made from it
    Returns the new screening, which supersedes; sent twice, the one that the first made. Raises BadInput for a rule
    that cannot be released or is not asked about, and for a screening that is no longer the newest.
    """
    person = lock_person(screening.person_id)
    if person.clinic_id is None or by.role_in(person.clinic_id) != Role.CLINICIAN:
        raise PermissionDenied("Rules are released by a clinician of the person's clinic.")
    _must_be_releasable(screening, rule, also_found)
    if not reason.strip():
        raise BadInput("reason: empty; say why light is acceptable in spite of this rule")
    there = _released_already(screening, rule, reason.strip()[:400], by)
    if there is not None:
        return there
    if not is_newest(screening):
        raise BadInput("screening: answers or the screening changed since; screen again, then release")
    name = signer_name(by)
    release = RuleRelease(screening=screening, rule=rule, reason=reason.strip()[:400], signed_name=name)
    ledger.append(release, by=by, action="rule_released", person_id=person.pk, clinic_id=person.clinic_id)
    released = releases_of(screening)
    names = dict.fromkeys(each.signed_name for each in released)
    section = {"rules": list(dict.fromkeys(each.rule for each in released)), "by": "; ".join(names)}
    later = ScreeningRow(person=person, intake=screening.intake, lamp=screening.lamp, supersedes=screening)
    return _screened(later, screening.case | {"release": section}, by)


def _released_already(screening: ScreeningRow, rule: str, reason: str, by: User) -> ScreeningRow | None:
    """The screening that this very signature led to, None before it."""
    if not screening.releases.filter(rule=rule, reason=reason, created_by=by).exists():
        return None
    later = screening.later.order_by("created_at")
    return next((row for row in later if rule in row.case["release"]["rules"]), None)


def _must_be_releasable(screening: ScreeningRow, rule: str, also_found: Sequence[Mapping[str, Any]]) -> None:
    found = [reason for reason in (*screening.result["reasons"], *also_found) if reason["rule"] == rule]
    if not found:
        raise BadInput(f"rule {rule}: this screening does not ask about it; release what it lists")
    if any(reason["level"] != "relative" for reason in found):
        raise BadInput(f"rule {rule}: is {found[0]['level'].replace('_', ' ')}, which nobody can release")


def signer_name(by: User) -> str:
    """The name under a signature; the account where a name could be read as nobody's."""
    shown = by.shown_name()
    return shown if names_somebody_else(shown) else f"clinician {by.pk}"
