"""Article 003, peripheral neuropathy: what its requirements ask for, tried by command and by what a checkpoint says."""

from __future__ import annotations

import dataclasses
import re
from typing import Any

import pytest
from cases import changed
from courses import diary, make_course

from openpbm.case import Case, case_of
from openpbm.course.records import DiaryDay
from openpbm.errors import BadInput
from openpbm.facts.conditions import iron_rules
from openpbm.facts.felt import read_felt
from openpbm.facts.rules import computed_rules, finding_codes
from openpbm.facts.vascular_signs import vascular_signs
from openpbm.facts.workup import workup_tests
from openpbm.outcomes.decision import checkpoint
from openpbm.outcomes.measures import vascular_phenotype_of
from openpbm.safety import screen


def case(**changes: Any) -> Case:
    return case_of(changed(**changes))


def felt_days(before: str, lately: str) -> tuple[DiaryDay, ...]:
    """Fourteen days before light and six weeks of it, each with what was felt."""
    texts = [before] * 14 + [lately] * 42
    rows = diary([4.0] * len(texts))
    return tuple(dataclasses.replace(row, sensations=text) for row, text in zip(rows, texts, strict=True))


def test_r_003_02_new_signs_among_what_is_felt_are_red_flags_on_every_path() -> None:
    """Weakness, lost balance, double vision and paralysis that are new end the light; those of long ago do not."""
    asked = screen(case(condition__sensations="left foot: numb, weak; weaker, seeing double"))
    assert asked.verdict == "refer"
    assert {"new_limb_weakness", "double_vision"} <= {reason.rule for reason in asked.reasons}
    assert screen(case(condition__sensations="left foot: numb, weak, unsteady")).verdict == "allowed"
    for word in ("newly_unsteady", "cannot_move", "climbing_weakness"):
        assert screen(case(condition__sensations=word)).verdict == "refer"
    rows = list(felt_days("none", "left leg: crawling"))
    rows[40] = dataclasses.replace(rows[40], sensations="new_weakness")
    judged = checkpoint(make_course(diary=rows), 6)
    assert judged["decision"] == "refer"
    assert [row["origin"] for row in judged["events"] if row["kind"] == "new_limb_weakness"] == ["diary.csv line 42"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("left leg: crawlng", 'sensations = "crawlng": not a listed sensation; did you mean crawling'),
        ("left log: crawling", 'sensations = "left log": no area of the body map; did you mean left leg'),
        ("none; left leg: numb", "says that nothing was felt, and something; keep one of the two"),
    ],
)
def test_what_cannot_have_been_felt_is_one_clear_line(text: str, said: str) -> None:
    with pytest.raises(BadInput, match=re.escape(said)):
        read_felt(text)
    with pytest.raises(BadInput, match=r"condition\.sensations"):
        case(condition__sensations=text)


def test_a_yes_among_what_is_felt_against_a_no_is_a_contradiction() -> None:
    with pytest.raises(BadInput, match=r"names double_vision, which person\.findings answers with no"):
        case(condition__sensations="seeing double", person__findings={"double_vision": False})


DAY = "2026-10-01"
NEUROPATHY = {"condition__diagnosis": "dpn", "condition__usual_onset": ...}


def test_r_003_03_a_work_up_is_done_due_or_old_and_tells_the_signs_of_vessels() -> None:
    """Each test with result, unit and day; what was not done, has no day or is too old is due."""
    rows = [
        {"test": "A1c", "result": 7.1, "unit": "%", "date": DAY},
        {"test": "B12", "result": 300, "unit": "pmol/l", "date": "2024-10-01"},
        {"test": "TSH", "done": False},
        {"test": "TUG", "result": 15, "date": DAY},
        {"test": "abi", "result": 0.8, "date": DAY},
        {"test": "venous_class", "result": 1, "date": DAY},
        {"test": "foot_pulses", "finding": "normal", "date": DAY},
        {"test": "10 g monofilament", "result": 10, "date": DAY},
    ]
    found = screen(case(**NEUROPATHY, person__workup=rows))
    lines = {line.id: line for line in found.workup}
    assert (lines["hba1c"].found, lines["hba1c"].due) == ("7.1 %", False)
    assert {id for id, line in lines.items() if line.due} == {
        "vitamin_b12", "tsh", "creatinine", "serum_proteins", "six_minute_walk",
    }  # fmt: skip
    assert (lines["vitamin_b12"].state, lines["tsh"].state) == ("old", "not_done")
    assert {"workup_falls", "workup_artery"} <= {row.rule for row in found.cautions}
    assert {item.id: item.status for item in found.candidacy}["feeling_in_feet_checked"] == "yes"
    vessels = vascular_phenotype_of(found.case.person.workup, found.workup)
    assert vessels is not None
    assert (vessels["score"], vessels["known"]) == (1, 2)
    unknown = screen(case(**NEUROPATHY))
    assert all(line.due for line in unknown.workup)
    assert vascular_phenotype_of((), unknown.workup) is None


def test_r_003_03_what_a_thread_does_not_find_is_lost_feeling_whatever_was_answered() -> None:
    numb = [{"test": "monofilament", "result": 6, "date": DAY}]
    reasons = {row.rule for row in screen(case(**NEUROPATHY, person__workup=numb)).reasons}
    assert "loss_of_protective_sensation" in reasons
    with pytest.raises(BadInput, match=r"loss_of_protective_sensation, which person\.findings answers with no"):
        case(**NEUROPATHY, person__workup=numb, person__findings__loss_of_protective_sensation=False)


def test_r_003_03_the_tables_of_the_work_up_fit_each_other() -> None:
    """A bound is one of a number, a sign one of the phenotype; iron is as old as its own rule says."""
    for test in workup_tests:
        bounded = test.counts_below is not None or test.counts_from is not None
        assert not bounded or len(test.units) == 1, test.id
        assert test.rule in computed_rules, test.id
        assert test.answers_yes is None or test.answers_yes in finding_codes(), test.id
        assert test.stands_for is None or test.stands_for in workup_tests, test.id
        assert not test.in_labs or test.due_again_after_days == iron_rules().stale_after_days.value
    assert {test.vascular_sign for test in workup_tests} - {None} == set(vascular_signs.ids)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"test": "hba1c", "result": 48}, "not a unit of hba1c; give mmol/mol or %"),
        ({"test": "hba1c", "result": 48, "unit": "%"}, "result = 48: cannot be in %; give 3 to 25 %"),
        ({"test": "vitamin_b13"}, "not a listed test of the work-up; did you mean vitamin_b12"),
        ({"test": "ferritin", "result": 20}, "has its place in person.labs; write value and date there"),
        ({"test": "tsh", "done": False, "date": DAY}, "was not done, and has a result or a date"),
        ({"test": "foot_pulses", "result": 2}, "foot_pulses has no number"),
        ({"test": "tsh", "date": "2109-01-01"}, "person.workup[0].date"),
    ],
)
def test_what_cannot_have_been_tested_is_one_clear_line(row: dict[str, object], said: str) -> None:
    with pytest.raises(BadInput, match=re.escape(said)):
        case(person__workup=[row])


@pytest.mark.parametrize(
    ("row", "rule"),
    [
        ({"test": "dn4", "result": 3}, "workup_nerve_pain_in_doubt"),
        ({"test": "painDETECT", "result": 18}, "workup_nerve_pain_in_doubt"),
        ({"test": "S-LANSS", "result": 11}, "workup_nerve_pain_in_doubt"),
        ({"test": "PHQ-2", "result": 3}, "workup_low_mood"),
        ({"test": "GAD-2", "result": 3}, "workup_worry"),
    ],
)
def test_r_002_05_a_gate_says_where_it_leads_and_unknown_is_no_answer(row: dict[str, object], rule: str) -> None:
    """On one side of its cut a score is a caution with whom to ask, on the other none; without one it is due."""
    pain = {"condition__diagnosis": "phn", "condition__usual_onset": ...}
    cautions = {one.rule: one for one in screen(case(**pain, person__workup=[row | {"date": DAY}])).cautions}
    assert re.search(r"doctor|clinic", cautions[rule].remedy)
    step = -1 if rule in ("workup_low_mood", "workup_worry") else 1
    passed = screen(case(**pain, person__workup=[row | {"date": DAY, "result": int(str(row["result"])) + step}]))
    assert rule not in {one.rule for one in passed.cautions}
    due = {line.id for line in screen(case(**pain)).workup if line.due}
    assert {"dn4_score", "phq2", "gad2"} <= due
    # Any one of the three questionnaires is enough.
    assert ("dn4_score" in {line.id for line in passed.workup if line.due}) == (step == -1)
