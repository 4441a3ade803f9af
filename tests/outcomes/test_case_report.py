"""Published case J Med Case Rep 2010;4:286 (IRLS 27, 2, 0; relapse by week 3 after): a report that stays a draft."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import re
from pathlib import Path
from typing import Any

import pytest
from present import present

from openpbm.course.read_course import read_course
from openpbm.course.records import Course, Event
from openpbm.errors import BadInput
from openpbm.facts.claims import broken_claims
from openpbm.outcomes.decision.case_report import reported_weeks
from openpbm.outcomes.decision.case_report_file import read_authors_part
from openpbm.outcomes.decision.checkpoint_document import checkpoint
from openpbm.report.case_report import draft_case_report, render_case_report

COURSES = Path(__file__).parents[2] / "examples" / "courses"
CARE = (
    *("title", "keywords", "abstract", "introduction", "patient_information", "clinical_findings", "timeline"),
    *("diagnostic_assessment", "therapeutic_intervention", "follow_up_and_outcomes", "discussion"),
    *("patient_perspective", "informed_consent"),
)


@pytest.fixture
def published() -> Course:
    return read_course(COURSES / "published_rls")


@pytest.fixture
def synthetic() -> Course:
    return read_course(COURSES / "calf_evening")


def text_of(html: str) -> str:
    return re.sub(r"<[^>]+>", " ", html.partition("</style>")[2])


@pytest.mark.parametrize("week", [4, 7, 8])
def test_published_case_is_improved_and_not_attributable(published: Course, week: int) -> None:
    found = checkpoint(published, week)
    assert (found["symptom_verdict"], found["dose_verdict"]) == ("improved", "inconclusive")
    assert found["grade"] in (("U",) if week == 4 else ("U", "W"))
    assert "one person" in found["statement"]
    assert "not attributable" in found["statement"]
    assert "because of" not in found["statement"]
    assert ("came back" in found["statement"]) == (week > 4)


def test_published_case_has_no_verdict_at_week_two(published: Course) -> None:
    found = checkpoint(published, 2)
    assert found["symptom_verdict"] == "not_assessed"
    assert found["probabilities"]["below_zero"] is None


def test_published_case_is_a_draft_that_names_what_it_lacks(published: Course) -> None:
    found = draft_case_report(published)
    assert not found["complete"]
    assert found["missing"] == ["dose", "timeline", "consent", "adverse_events"]
    page = text_of(render_case_report(found))
    assert "Not complete: dose, timeline, consent, adverse events" in page
    assert page.count("not reported") > 15


def test_a_full_course_is_complete_in_the_order_of_care(synthetic: Course) -> None:
    found = draft_case_report(synthetic)
    assert found["complete"]
    assert found["missing"] == []
    assert tuple(item["id"] for item in found["items"]) == CARE
    assert [row["week"] for row in found["checkpoints"]] == [2, 4, 6, 8]
    assert len(found["tidier"]) == 12
    assert "Not complete" not in render_case_report(found)


def without(course: Course, **changes: Any) -> list[str]:
    return list(draft_case_report(dataclasses.replace(course, **changes))["missing"])


def test_each_of_the_four_is_asked_for_by_itself(synthetic: Course) -> None:
    told = dict(synthetic.case_report)
    silent = tuple(dataclasses.replace(row, skin_reaction=None) for row in synthetic.sessions)
    undosed = dataclasses.replace(
        synthetic.plan,
        skin=None,
        prescription=dataclasses.replace(synthetic.plan.prescription, skin_fluence_j_cm2=None),
    )
    assert without(synthetic, case_report={**told, "consent": False}) == ["consent"]
    assert without(synthetic, case_report={k: v for k, v in told.items() if k != "consent_date"}) == ["consent"]
    assert without(synthetic, timeline=()) == ["timeline"]
    assert without(synthetic, events=(), sessions=silent) == ["adverse_events"]
    assert without(synthetic, plan=undosed) == ["dose"]
    assert without(synthetic, plan=undosed, case_report={**told, "light": {"fluence": "20 J/cm2, read off"}}) == []


def test_a_relapse_is_no_word_about_harm_but_none_is(synthetic: Course) -> None:
    silent = tuple(dataclasses.replace(row, skin_reaction=None) for row in synthetic.sessions)
    day = synthetic.plan.start_date + dt.timedelta(days=20)
    relapse, none = (Event(line=2, date=day, kind=kind, detail="", grade=None) for kind in ("relapse", "none"))
    assert without(synthetic, sessions=silent, events=(relapse,)) == ["adverse_events"]
    assert without(synthetic, sessions=silent, events=(none,)) == []


def test_nobody_can_be_found_in_it(synthetic: Course) -> None:
    """No date, no exact age, and none of the free text of events, sessions and diary."""
    written = json.dumps(draft_case_report(synthetic)) + render_case_report(draft_case_report(synthetic))
    assert not re.search(r"20\d\d-\d\d-\d\d", written)
    assert "gone within two hours" not in written
    assert "telephone" not in written
    assert not re.search(r"\b52\b years", written)
    assert "50 to 59 years" in written


def test_the_discussion_says_no_more_than_the_statement(published: Course, synthetic: Course) -> None:
    for course in (published, synthetic):
        found = draft_case_report(course)
        discussion = present(next(item["text"] for item in found["items"] if item["id"] == "discussion"))
        assert found["checkpoints"][-1]["statement"] in discussion
        assert f"Evidence grade {found['checkpoints'][-1]['grade']}: one person; not attributable" in discussion
        assert "because of the light" not in discussion
        assert broken_claims(text_of(render_case_report(found))) == ()


def test_a_course_without_a_record_is_a_draft(published: Course) -> None:
    bare = Course(plan=published.plan)
    assert reported_weeks(bare) == ()
    found = draft_case_report(bare)
    assert found["missing"] == ["dose", "timeline", "consent", "adverse_events"]
    assert "not reported" in render_case_report(found)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ({"titel": "x"}, "title"),
        ({"title": 3}, "must be text"),
        ({"consent": "yes"}, "true or false"),
        ({"consent_date": "2026-08-20"}, "without quotes"),
        ({"authors": "A. Writer"}, "list of texts"),
        ({"light": {"flunce": "1"}}, "fluence"),
        ({"discussion": "Light cures restless legs."}, "not a cure"),
        ({"discussion": "The light cured her."}, "not a cure"),
        ({"title": "Proof that the lamp works"}, "investigational"),
        ({"abstract": "She could stop pramipexole."}, "prescriber"),
        ({"discussion": "Nights were calm. She slept because of the light."}, "because of the light"),
        ({"abstract": "All of it is due to near-infrared light"}, "due to near-infrared light"),
        ({"tidier": {"why": "Thanks to the lamp others slept."}}, r"tidier\.why: .*Thanks to the lamp"),
        ({"keywords": ["guaranteed relief"]}, "checkpoints will tell"),
        ({"consent_date": dt.date(2999, 1, 1)}, "after 2027-02-2"),
        ({"consent_date": dt.date(2027, 3, 1)}, "the last day it can be"),
        ({"consent_date": dt.date(26, 8, 20)}, "before 1900"),
    ],
)
def test_a_wrong_case_report_file_is_one_line_a_fault(published: Course, content: dict[str, Any], said: str) -> None:
    with pytest.raises(BadInput, match=said) as refused:
        draft_case_report(dataclasses.replace(published, case_report=content))
    assert len(refused.value.problems) == 1
    assert str(refused.value.problems[0]).startswith("case_report.toml: ")


def test_the_patients_own_words_stand_as_they_were_felt(published: Course) -> None:
    found = draft_case_report(dataclasses.replace(published, case_report={"patient_perspective": "It cured me."}))
    assert "In the patient’s own words: “It cured me.”" in render_case_report(found)


@pytest.mark.parametrize(
    "text",
    [
        "Nothing shows that it was because of the light.",
        "Whether the change is due to the light is not known.",
        "One person: not attributable to light.",
        "Redness due to the lamp faded within the hour.",
        "Sessions fell out because of the heat; the light stood by the bed.",
    ],
)
def test_a_denial_and_a_word_about_harm_are_no_claim(published: Course, text: str) -> None:
    found = draft_case_report(dataclasses.replace(published, case_report={"discussion": text}))
    assert text in present(next(item["text"] for item in found["items"] if item["id"] == "discussion"))


def test_the_cause_may_be_named_where_the_statement_names_it() -> None:
    said = {"discussion": "She slept because of the light."}
    read_authors_part(said, light_is_cause=True)
    with pytest.raises(BadInput, match="last checkpoint does not say"):
        read_authors_part(said, light_is_cause=False)


def test_consent_is_given_by_today(synthetic: Course) -> None:
    """A day of consent in the year 2999 once completed a report."""
    day = synthetic.case_report["consent_date"]
    assert isinstance(day, dt.date)
    assert draft_case_report(synthetic, today=day)["complete"]
    with pytest.raises(BadInput, match=f'consent_date = "{day}": after'):
        draft_case_report(synthetic, today=day - dt.timedelta(days=1))
    late = dataclasses.replace(synthetic, case_report={**synthetic.case_report, "consent_date": dt.date(2030, 1, 1)})
    assert draft_case_report(late, today=dt.date(2030, 1, 1))["complete"]
