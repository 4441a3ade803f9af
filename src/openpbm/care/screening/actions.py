"""Screening a person with a lamp, and a clinician's signature under one rule of it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence

from django.core.exceptions import PermissionDenied
from django.db import transaction

from openpbm.care import clock
from openpbm.care.accounts.models import Role, User
from openpbm.care.audit import ledger
from openpbm.care.audit.constraints import longest
from openpbm.care.audit.signed_reason import reason_problems
from openpbm.care.devices.models import Lamp
from openpbm.care.devices.selectors import lamps_for
from openpbm.care.people.access import require
from openpbm.care.people.models import Person, lock_person
from openpbm.care.people.selectors import latest_intake, with_age_on_file
from openpbm.care.screening.models import RuleRelease, ScreeningRow
from openpbm.care.screening.record_answers import with_record
from openpbm.care.screening.selectors import is_newest, releases_of
from openpbm.care.screening.session_lamps import ChosenLamp, lamp_sections, problems_of_choice
from openpbm.care.screening.taken_back import reasons_of_taken_back, taken_back
from openpbm.case import case_of, names_somebody_else
from openpbm.errors import BadInput, Problem
from openpbm.facts.table import digest
from openpbm.files import JsonObject
from openpbm.reason import Reason
from openpbm.safety import screen, with_reasons
from openpbm.version import __version__

__all__ = ["release_rule", "screen_person", "signer_name"]

#: What a row's choice of a place may hold.
_SITE_KEYS = ("site", "side", "target", "fat_mm", "skinfold_mm", "target_depth_mm", "limb_circumference_cm")


@transaction.atomic
def screen_person(
    *,
    person: Person,
    lamps: Sequence[ChosenLamp],
    sites: Sequence[Mapping[str, object]],
    start_date: dt.date | None,
    by: User,
    weekdays: Sequence[str] = (),
    session_time: dt.time | None = None,
    supersedes: ScreeningRow | None = None,
    id: uuid.UUID | None = None,
) -> ScreeningRow:
    """Screen a person with the lamps of one session on sites, from their newest answers and what each lamp gives today.

    lamps : one to six, the first of which is the session's own where a record names one
    weekdays, session_time : when the person can, such as at the dialysis chair; empty leaves it to the plan
    Nothing a clinician released for an earlier screening is carried over: another lamp, place or answer is new.
    Raises BadInput in the words of a case file, PermissionDenied for somebody else's person or lamp.
    """
    require(by, person)
    keys = {one.lamp.pk for one in lamps}
    if lamps_for(by).filter(pk__in=keys).count() < len(keys) or not all(_lights(one.lamp, person) for one in lamps):
        raise PermissionDenied("This lamp is not yours to use, or it does not exist.")
    if problems := problems_of_choice(lamps):
        raise BadInput(problems)
    intake = latest_intake(person)
    if intake is None:
        raise BadInput(Problem(key="intake", message="no answers yet", remedy="answer the questions first"))
    case = {
        "person": with_record(with_age_on_file(person, intake.document).get("person", {}), person, start_date),
        "condition": intake.document.get("condition", {}),
        "confirm": intake.document.get("confirm", {}),
        "sites": [{key: site[key] for key in _SITE_KEYS if site.get(key)} for site in sites],
        **lamp_sections(lamps, person.today()),
        "course": {
            "start_date": start_date and start_date.isoformat(),
            "supervision": _supervision(person, intake.document),
            **_timing(weekdays, session_time),
        },
        "release": {"rules": [], "by": None},
    }
    first, *further = (one.lamp for one in lamps)
    row = ScreeningRow(person=person, intake=intake, lamp=first, supersedes=supersedes)
    row.further_lamps = [str(lamp.pk) for lamp in further]
    row.id = id or row.id
    return _screened(row, case, by)


def _timing(weekdays: Sequence[str], session_time: dt.time | None) -> JsonObject:
    # Only what was said: a case that names no day is planned from its first day on.
    timing: JsonObject = {"weekdays": list(weekdays)} if weekdays else {}
    if session_time is not None:
        timing["session_time"] = f"{session_time:%H:%M}"
    return timing


def _lights(lamp: Lamp, person: Person) -> bool:
    """Whether it is a lamp of the person or of their clinic: somebody may work in two clinics."""
    if lamp.clinic_id is not None:
        return lamp.clinic_id == person.clinic_id
    return lamp.owner_id is not None and lamp.owner_id == person.user_id


def _supervision(person: Person, answers: JsonObject) -> str:
    """Alone without a clinic; beside one, whatever the clinic wrote down, and supervised where it wrote nothing."""
    if person.self_managed:
        return "self"
    return str((answers.get("course") or {}).get("supervision", "clinician"))


def _screened(row: ScreeningRow, case: dict[str, object], by: User) -> ScreeningRow:
    """Screen the case and keep both, with what they were screened by."""
    row.case = case
    row.set_setup()
    # Through the reader of case files: what a form or the API sent is checked as strictly as a file.
    found = screen(case_of(case, "screening", today=clock.now().date()))
    if found.verdict == "allowed" and (before := taken_back(row.person, case, row.intake)) is not None:
        found = with_reasons(found, [reasons_of_taken_back(before, row.person)])
    row.result = found.to_dict()
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
    further_reasons: Sequence[Reason] = (),
) -> ScreeningRow:
    """A clinician of the clinic answers for one relative rule; the person is screened again with it released.

    further_reasons : reasons beside those of the screening, such as those of a plan made from it
    Returns the new screening, which supersedes; sent twice, the one that the first made. Raises BadInput for a rule
    that cannot be released or is not asked about, and for a screening that is no longer the newest.
    """
    person = lock_person(screening.person_id)
    if person.clinic_id is None or by.role_in(person.clinic_id) != Role.CLINICIAN:
        raise PermissionDenied("Rules are released by a clinician of the person's clinic.")
    _check_releasable(screening, rule, further_reasons)
    if problems := reason_problems(reason, "reason", remedy="say why light is acceptable in spite of this rule"):
        raise BadInput(problems)
    kept = reason.strip()[: longest(RuleRelease, "reason")]
    earlier = _released_already(screening, rule, kept, by)
    if earlier is not None:
        return earlier
    if not is_newest(screening):
        message = "answers or the screening changed since"
        raise BadInput(Problem(key="screening", message=message, remedy="screen again, then release"))
    name = signer_name(by)
    release = RuleRelease(screening=screening, rule=rule, reason=kept, signed_name=name)
    ledger.append(release, by=by, action="rule_released", person_id=person.pk, clinic_id=person.clinic_id)
    released = releases_of(screening)
    # Every release this screening rests on keeps the name of its own signature.
    names = dict.fromkeys(each.signed_name for each in released)
    section = {"rules": list(dict.fromkeys(each.rule for each in released)), "by": "; ".join(names)}
    later = ScreeningRow(person=person, intake=screening.intake, lamp=screening.lamp, supersedes=screening)
    later.further_lamps = screening.further_lamps
    return _screened(later, screening.case | {"release": section}, by)


def _released_already(screening: ScreeningRow, rule: str, reason: str, by: User) -> ScreeningRow | None:
    """The screening that this very signature led to, None before it."""
    if not screening.releases.filter(rule=rule, reason=reason, created_by=by).exists():
        return None
    later = screening.later.order_by("audit_number")
    return next((row for row in later if rule in row.case["release"]["rules"]), None)


def _check_releasable(screening: ScreeningRow, rule: str, further_reasons: Sequence[Reason]) -> None:
    levels = [reason.level for reason in (*screening.reasons, *further_reasons) if reason.rule == rule]
    if not levels:
        raise BadInput(
            Problem(key=f"rule {rule}", message="this screening does not ask about it", remedy="release what it lists")
        )
    # One rule may fire several times, with another level for another place: the gravest counts.
    if any(level != "relative" for level in levels):
        raise BadInput(
            Problem(key=f"rule {rule}", message=f"is {levels[0].replace('_', ' ')}, which nobody can release")
        )


def signer_name(by: User) -> str:
    """The name under a signature; the account where a name could be read as nobody's."""
    shown = by.shown_name()
    return shown if names_somebody_else(shown) else f"clinician {by.pk}"
