"""Which screening counts, and what was released for it."""

from __future__ import annotations

from openpbm.care.devices.selectors import eye_safe
from openpbm.care.people.models import Person
from openpbm.care.people.selectors import contradicts_birth_date, latest_intake
from openpbm.care.prepared import Prepared
from openpbm.care.screening.models import RuleRelease, ScreeningRow
from openpbm.care.screening.session_lamps import device_in_session
from openpbm.case import case_of
from openpbm.errors import Problem
from openpbm.outcomes.measures import VascularPhenotype, vascular_phenotype_of
from openpbm.safety import screen, workup

__all__ = [
    "changes_since", "eye_safe_as_screened", "is_newest", "newest_screening", "releases_of", "vessels_of",
]  # fmt: skip

_NEWEST = Prepared(
    lambda person: (
        ScreeningRow.objects.filter(person=person, later=None)
        .order_by("-audit_number")
        .select_related("lamp", "intake")[:1]
    )
)


def newest_screening(person: Person) -> ScreeningRow | None:
    """The last screening, None before the first."""
    return _NEWEST.first(person=person)


def is_newest(screening: ScreeningRow) -> bool:
    """Whether nothing superseded it and the answers it read are still the newest."""
    intake = latest_intake(screening.person)
    return intake is not None and intake.pk == screening.intake_id and not screening.later.exists()


def releases_of(screening: ScreeningRow) -> list[RuleRelease]:
    """Every release this screening rests on, its own included, the oldest first.

    Releases are collected over the screenings that follow from a release; a screening with another lamp or place
    supersedes too, but its case differs, and what was released before does not reach it.
    """
    releases: list[RuleRelease] = []
    row: ScreeningRow | None = screening
    while row is not None and _same_question(row, screening):
        releases[:0] = row.releases.order_by("audit_number")
        row = row.supersedes
    return releases


def _same_question(before: ScreeningRow, screening: ScreeningRow) -> bool:
    # Everything but the releases themselves: another lamp, place or answer is another question.
    question = {key: value for key, value in screening.case.items() if key != "release"}
    return question == {key: value for key, value in before.case.items() if key != "release"}


def changes_since(screening: ScreeningRow) -> list[Problem]:
    """What is no longer as it was screened, each with what to do; empty when the screening still holds."""
    changes = []
    intake = latest_intake(screening.person)
    if intake is None or intake.pk != screening.intake_id:
        changes.append(_no_longer("answers", "newer ones were given since"))
    if contradicts_birth_date(screening.person, (screening.case.get("person") or {}).get("age_years")):
        changes.append(_no_longer("age", "the date of birth was corrected since"))
    if screening.later.exists():
        changes.append(_no_longer("screening", "there is a newer one", "use that"))
    today = screening.person.today()
    for lamp, screened in screening.with_placements():
        if lamp.retired_at is not None:
            changes.append(_no_longer("lamp", f"{lamp.name} was put away since", "choose another and screen again"))
        elif device_in_session(lamp, today, beside=bool(screening.further_lamps)) != screened["device"]:
            changes.append(_no_longer("lamp", f"what is known of {lamp.name} changed since"))
    return changes


def eye_safe_as_screened(screening: ScreeningRow) -> bool:
    """Whether its lamps may be used alone without eyewear: each by its label and its light, and all at once."""
    each = screening.with_placements()
    safe = all(eye_safe(lamp, distance_mm=placed["placement"].get("distance_mm")) for lamp, placed in each)
    if not safe or len(each) == 1:
        return safe
    exposure = screen(case_of(screening.case, "screening", today=screening.created_at.date())).exposure
    return exposure is not None and exposure.eye_safe


def _no_longer(key: str, message: str, remedy: str = "screen again") -> Problem:
    return Problem(key=key, message=message, remedy=remedy)


def vessels_of(screening: ScreeningRow) -> VascularPhenotype | None:
    """The signs of vessels in what it read, a hypothesis for the clinician; None where none was looked for."""
    if not (screening.case.get("person") or {}).get("workup"):
        return None
    case = case_of(screening.case, "screening", today=screening.created_at.date())
    return vascular_phenotype_of(case.person.workup, workup(case))
