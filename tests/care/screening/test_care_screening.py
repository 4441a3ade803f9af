"""Screened from the newest answers and the lamp of today; only a clinician releases, and only what may be."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

import pytest
from care.conftest import House
from care.plans.planned_people import CALF, answer, lamp_of, screened
from django.core.exceptions import PermissionDenied
from present import present

from openpbm.care.accounts.models import Membership, Role, User
from openpbm.care.screening.actions import release_rule
from openpbm.care.screening.models import RuleRelease, ScreeningRow
from openpbm.care.screening.selectors import changes_since, is_newest, newest_screening, releases_of
from openpbm.errors import BadInput
from openpbm.facts.rules import Rule, rules

RELATIVE = next(
    rule for rule in rules if rule.level == "relative" and rule.when.finding and not rule.sites and not rule.programmes
)
FLAG = next(rule for rule in rules if rule.level == "red_flag" and rule.when.finding)
ABSOLUTE = next(rule for rule in rules if rule.level == "absolute" and rule.when.finding and not rule.sites)


def finding(rule: Rule) -> dict[str, Any]:
    return {f"person__findings__{rule.when.finding}": True}


def test_a_sound_person_is_allowed_and_the_whole_case_is_kept(house: House) -> None:
    answer(house.alice, house.clinician)
    row = screened(house.alice, lamp_of(house), house.clinician)
    row.refresh_from_db()
    assert row.verdict == "allowed"
    assert row.case["course"] == {"start_date": "2026-12-01", "supervision": "clinician"}
    assert row.case["device"]["output_status"] == "claimed"
    assert newest_screening(house.alice) == row
    assert len(row.facts_digest) == 64


def test_without_answers_nothing_is_screened(house: House) -> None:
    with pytest.raises(BadInput, match="no answers yet"):
        screened(house.alice, lamp_of(house), house.clinician)
    assert not ScreeningRow.objects.exists()


def test_faults_of_the_case_come_in_its_words_and_nothing_is_written(house: House) -> None:
    answer(house.alice, house.clinician)
    with pytest.raises(BadInput, match=r"sites\[0\]\.site"):
        screened(house.alice, lamp_of(house), house.clinician, sites=[CALF | {"site": "calf"}])
    with pytest.raises(BadInput, match=r"placement\.distance_mm"):
        screened(house.alice, lamp_of(house), house.clinician, distance_mm=9000.0)
    assert not ScreeningRow.objects.exists()


def test_somebody_alone_is_screened_as_unsupervised(house: House) -> None:
    answer(house.carol, house.carol.user)
    own = lamp_of(house, clinic=None, owner=house.carol.user, by=house.carol.user)
    assert screened(house.carol, own, house.carol.user).case["course"]["supervision"] == "self"


def test_strangers_and_lamps_of_strangers_are_refused(house: House) -> None:
    answer(house.alice, house.clinician)
    lamp = lamp_of(house)
    with pytest.raises(PermissionDenied):
        screened(house.alice, lamp, house.other_clinician)
    answer(house.bob, house.other_clinician)
    with pytest.raises(PermissionDenied, match="lamp"):
        screened(house.bob, lamp, house.other_clinician)


def test_a_relative_rule_is_released_by_signature_and_becomes_a_caution(house: House) -> None:
    answer(house.alice, house.clinician, **finding(RELATIVE))
    first = screened(house.alice, lamp_of(house), house.clinician)
    assert first.verdict == "needs_clinician"
    later = release_rule(screening=first, rule=RELATIVE.id, reason="Seen and examined", by=house.clinician)
    assert later.verdict == "allowed"
    assert later.case["release"] == {"rules": [RELATIVE.id], "by": "Clara"}
    released = next(caution for caution in later.result["cautions"] if caution["rule"] == RELATIVE.id)
    assert released["message"].startswith("Released by Clara")
    assert RuleRelease.objects.get().signed_name == "Clara"
    assert not is_newest(first)
    assert is_newest(later)
    assert [each.rule for each in releases_of(later)] == [RELATIVE.id]


def test_a_signature_sent_twice_is_one_release_and_one_screening(house: House) -> None:
    answer(house.alice, house.clinician, **finding(RELATIVE))
    first = screened(house.alice, lamp_of(house), house.clinician)
    signed: dict[str, Any] = {
        "screening": first,
        "rule": RELATIVE.id,
        "reason": "Seen and examined",
        "by": house.clinician,
    }
    later = release_rule(**signed)
    assert release_rule(**signed) == later
    assert (RuleRelease.objects.count(), ScreeningRow.objects.count()) == (1, 2)
    with pytest.raises(BadInput, match="changed since"):
        release_rule(**signed | {"reason": "For another reason"})


def test_a_new_screening_starts_without_the_releases_of_the_last(house: House) -> None:
    answer(house.alice, house.clinician, **finding(RELATIVE))
    lamp = lamp_of(house)
    first = screened(house.alice, lamp, house.clinician)
    later = release_rule(screening=first, rule=RELATIVE.id, reason="Seen and examined", by=house.clinician)
    moved = screened(house.alice, lamp, house.clinician, supersedes=later, distance_mm=200.0)
    assert moved.verdict == "needs_clinician"
    assert releases_of(moved) == []


@pytest.mark.parametrize("rule", [FLAG, ABSOLUTE], ids=["red flag", "absolute"])
def test_what_nobody_may_release_is_not_released(house: House, rule: Rule) -> None:
    answer(house.alice, house.clinician, **finding(rule))
    row = screened(house.alice, lamp_of(house), house.clinician)
    with pytest.raises(BadInput, match="nobody can release"):
        release_rule(screening=row, rule=rule.id, reason="please, her skin is sound", by=house.clinician)
    assert not RuleRelease.objects.exists()


def test_only_a_clinician_of_the_clinic_releases_and_says_why(house: House) -> None:
    answer(house.alice, house.clinician, **finding(RELATIVE))
    row = screened(house.alice, lamp_of(house), house.clinician)
    for who in (house.other_clinician, house.admin, house.auditor, house.alice.user, house.helper):
        with pytest.raises(PermissionDenied):
            release_rule(screening=row, rule=RELATIVE.id, reason="please, her skin is sound", by=present(who))
    with pytest.raises(BadInput, match="reason: empty"):
        release_rule(screening=row, rule=RELATIVE.id, reason=" ", by=house.clinician)
    with pytest.raises(BadInput, match="does not ask about it"):
        release_rule(screening=row, rule="pregnant_legs", reason="her skin is sound", by=house.clinician)


def test_newer_answers_end_a_screening(house: House) -> None:
    intake = answer(house.alice, house.clinician, **finding(RELATIVE))
    row = screened(house.alice, lamp_of(house), house.clinician)
    assert changes_since(row) == []
    answer(house.alice, house.clinician, before=intake)
    assert [(problem.key, problem.remedy) for problem in changes_since(row)] == [("answers", "screen again")]
    with pytest.raises(BadInput, match="changed since"):
        release_rule(screening=row, rule=RELATIVE.id, reason="Seen and examined", by=house.clinician)


def test_who_works_in_two_clinics_lights_nobody_with_the_lamp_of_the_other(house: House) -> None:
    Membership.objects.create(user=house.clinician, clinic=house.other_clinic, role=Role.CLINICIAN)
    answer(house.alice, house.clinician)
    theirs = lamp_of(house, clinic=house.other_clinic, by=house.other_clinician)
    clara = User.objects.get(pk=house.clinician.pk)
    with pytest.raises(PermissionDenied):
        screened(house.alice, theirs, clara)
    assert not ScreeningRow.objects.exists()


def test_a_corrected_date_of_birth_asks_for_a_new_screening_with_the_true_age(house: House) -> None:
    answer(house.alice, house.clinician)
    row = screened(house.alice, lamp_of(house), house.clinician)
    child = house.alice.today() - dt.timedelta(days=16 * 365)
    house.alice.set_identity(dataclasses.replace(house.alice.identity, birth_date=child.isoformat()))
    house.alice.save()
    assert [(problem.key, problem.remedy) for problem in changes_since(row)] == [("age", "screen again")]
    again = screened(house.alice, row.lamp, house.clinician)
    assert again.case["person"]["age_years"] == 15
