"""The checkpoint as a whole: the published case, the words each grade allows, harm first, and what must never rise."""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools
from typing import Any

import numpy as np
import pytest
from courses import START, change, diary, event, given, make_course, make_plan, scores
from hypothesis import given as given_any
from hypothesis import settings
from hypothesis import strategies as st
from present import present

from openpbm.course import Course
from openpbm.course.doubles import diary_once
from openpbm.errors import BadInput
from openpbm.facts.claims import broken_claims
from openpbm.outcomes.decision.checkpoint_document import checkpoint
from openpbm.outcomes.decision.judgement import judge

BETTER = [7.0, 6.0, 8.0, 7.0, 6.0, 7.0, 8.0] * 2 + [6.0, 5.0, 4.0] + [2.0, 3.0, 2.0, 1.0, 3.0, 2.0, 2.0] * 6
SAME = [7.0, 6.0, 8.0, 7.0, 6.0, 7.0, 8.0] * 10
WORSE = [3.0, 2.0, 4.0, 3.0, 2.0, 3.0, 4.0] * 2 + [6.0, 7.0, 8.0, 7.0, 6.0, 7.0, 8.0] * 8


def published_case(**changes: Any) -> Course:
    """IRLS 27, 2 at week 2, 0 at week 4 under pads of claimed output; three sessions a week for four weeks."""
    plan = make_plan(weeks=4, output_status="claimed")
    return make_course(plan=plan, sessions=given(plan), scores=scores({-1: 27, 14: 2, 28: 0}), **changes)


def test_published_case_improved_but_not_attributable() -> None:
    """Journal of Medical Case Reports 4:286: 27 -> 2 -> 0 is a real improvement of one person and no more."""
    found = checkpoint(published_case(), 4)
    assert found["symptom_verdict"] == "improved"
    assert found["grade"] == "U"
    assert found["dose_verdict"] == "inconclusive"
    assert found["adherence"]["due"] == found["adherence"]["done"] == 12
    assert "one person" in found["statement"]
    assert "not attributable" in found["statement"]
    assert present(found["probabilities"]["below_zero"]) > 0.999
    better_than_sham = found["probabilities"]["better_than_sham"]
    assert isinstance(better_than_sham, float)
    assert better_than_sham > 0.97


def test_published_case_relapse_gives_withdrawal_at_most() -> None:
    """The same case by week 7: back from week 3 after stopping. A withdrawal, still one person without a comparison."""
    course = published_case(events=(event(47, "relapse"),))
    assert checkpoint(course, 7)["grade"] in ("U", "W")
    with_number = dataclasses.replace(course, scores=scores({-1: 27, 14: 2, 28: 0, 47: 20}))
    found = checkpoint(with_number, 7)
    assert found["symptom_verdict"] == "improved"
    assert found["grade"] == "W"
    assert "came back after the light stopped" in found["statement"]
    assert "not attributable" in found["statement"]
    assert found["decision"] == "maintain"


def test_week_two_gives_no_success_message() -> None:
    """At week 2 only safety and sessions are spoken of, however well it goes."""
    found = checkpoint(make_course(diary=diary(BETTER)), 2)
    assert found["decision"] == "continue"
    assert found["symptom_verdict"] == "not_assessed"
    assert found["probabilities"]["below_zero"] is None
    assert "improved" not in str({**found, "data_quality": None})


@pytest.mark.parametrize(("week", "decision"), [(4, "continue"), (6, "maintain")])
def test_improved_diary(week: int, decision: str) -> None:
    found = checkpoint(make_course(diary=diary(BETTER)), week)
    assert (found["symptom_verdict"], found["grade"], found["decision"]) == ("improved", "U", decision)
    assert found["dose_verdict"] == "delivered"


def test_no_change_on_a_measured_lamp_stops_at_week_six() -> None:
    found = checkpoint(make_course(diary=diary(SAME)), 6)
    assert (found["symptom_verdict"], found["decision"]) == ("unchanged", "stop")


def test_no_change_on_a_claimed_lamp_is_inconclusive_not_failed() -> None:
    plan = make_plan(output_status="claimed")
    found = checkpoint(make_course(plan=plan, diary=diary(SAME)), 6)
    assert (found["symptom_verdict"], found["dose_verdict"]) == ("unchanged", "inconclusive")
    assert found["decision"] == "inconclusive"


def test_adjustment_is_one_proposal_and_needs_a_measured_lamp() -> None:
    measured = checkpoint(make_course(diary=diary(SAME)), 4)
    assert measured["decision"] == "adjust"
    assert "released plan" in present(measured["proposal"])
    claimed = checkpoint(make_course(plan=make_plan(output_status="claimed"), diary=diary(SAME)), 4)
    assert claimed["decision"] == "continue"
    assert claimed["proposal"] is None
    once = make_course(diary=diary(SAME), timeline=(change(20, "light", "minutes", "increase"),))
    assert checkpoint(once, 4)["decision"] == "continue"


@pytest.mark.parametrize(
    ("happened", "decision"),
    [
        ({"events": (event(8, "headache", grade=3),)}, "stop"),
        ({"events": (event(8, "pregnancy"),)}, "stop"),
        ({"timeline": (change(8, "medicine", "verteporfin", "start"),)}, "stop"),
        ({"events": (event(8, "headache", grade=2),)}, "adjust"),
    ],
)
@pytest.mark.parametrize("week", [2, 4, 6])
def test_harm_overrides_success(happened: dict[str, Any], decision: str, week: int) -> None:
    """Whatever the symptoms do, harm decides."""
    assert checkpoint(make_course(diary=diary(BETTER), **happened), week)["decision"] == decision


def test_blister_stops_the_light() -> None:
    plan = make_plan()
    rows = given(plan)
    burnt = (*rows[:2], dataclasses.replace(rows[2], skin_reaction="blister"), *rows[3:])
    assert checkpoint(make_course(plan=plan, sessions=burnt, diary=diary(BETTER)), 2)["decision"] == "stop"


@pytest.mark.parametrize(("week", "decision"), [(2, "adjust"), (4, "stop"), (6, "stop")])
def test_worsening(week: int, decision: str) -> None:
    found = checkpoint(make_course(diary=diary(WORSE)), week)
    assert (found["symptom_verdict"], found["decision"]) == ("worse", decision)


def test_confounded_window_lowers_the_grade() -> None:
    plan = make_plan(weeks=4)
    rows = [*BETTER[:45], *[7.0, 6.0, 8.0, 7.0, 6.0] * 5]
    course = make_course(plan=plan, sessions=given(plan), diary=diary(rows))
    assert checkpoint(course, 8)["grade"] == "W"
    blurred = dataclasses.replace(course, timeline=(change(5, "iron", "ferrous sulfate", "start", "65 mg"),))
    found = checkpoint(blurred, 8)
    assert found["grade"] == "U"
    assert any("ferrous sulfate" in text for text in found["grade_reasons"])


def test_future_rows_are_marked_and_not_used() -> None:
    early = checkpoint(make_course(diary=diary(BETTER[:42])), 4)
    late = checkpoint(make_course(diary=diary(BETTER[:42] + [0.0] * 60)), 4)
    assert "after_the_checkpoint" in {mark["id"] for mark in late["data_quality"]["marks"]}
    assert late["probabilities"] == early["probabilities"]


def test_single_baseline_score_is_marked_as_possible_screening_score() -> None:
    marks = {mark["id"] for mark in checkpoint(published_case(), 4)["data_quality"]["marks"]}
    assert "baseline_may_be_screening_score" in marks
    two = dataclasses.replace(published_case(), scores=scores({-8: 26, -1: 27, 14: 2, 28: 0}))
    assert "baseline_may_be_screening_score" not in {m["id"] for m in checkpoint(two, 4)["data_quality"]["marks"]}


def test_one_score_gives_no_verdict() -> None:
    found = checkpoint(make_course(scores=scores({-8: 27, -1: 27, 28: 5})), 4)
    assert found["symptom_verdict"] == "inconclusive"
    assert "one score proves nothing" in str(found["reasons"])


def test_two_versions_are_never_one_line() -> None:
    rows = scores({-8: 27, -1: 27}) + tuple(
        dataclasses.replace(row, version="patient") for row in scores({21: 5, 28: 4})
    )
    found = checkpoint(make_course(scores=rows), 4)
    assert found["symptom_verdict"] == "inconclusive"
    assert len([m for m in found["measures"] if m["scale"] == "irls"]) == 2


def test_contradicting_measures_are_inconclusive() -> None:
    found = checkpoint(make_course(diary=diary(BETTER), scores=scores({-8: 15, -1: 15, 21: 35, 28: 36})), 4)
    assert found["symptom_verdict"] == "inconclusive"
    assert "contradict" in str(found["reasons"])


def test_sham_course_is_unknown_where_none_is_published() -> None:
    found = checkpoint(make_course(diary=diary(BETTER)), 6)
    assert found["probabilities"]["better_than_sham"] == "unknown"


@pytest.mark.parametrize("week", [0, -1, 9999])
def test_a_week_that_is_none(week: int) -> None:
    with pytest.raises(BadInput, match="--week"):
        checkpoint(make_course(), week)


def test_nothing_recorded_is_inconclusive_not_zero() -> None:
    found = checkpoint(make_course(sessions=(), diary=diary(SAME)), 6)
    assert found["decision"] == "inconclusive"
    assert found["adherence"]["unknown"] == found["adherence"]["due"]


@pytest.mark.parametrize(("rows", "week"), list(itertools.product([BETTER, SAME, WORSE], [2, 4, 6, 9])))
def test_no_claim_is_made_that_must_not_be(rows: Any, week: int) -> None:
    found = checkpoint(make_course(diary=diary(rows), events=(event(3, "headache", grade=1),)), week)
    texts = [
        found["statement"],
        found["notice"],
        *(reason["text"] for reason in found["reasons"]),
        *found["grade_reasons"],
    ]
    assert [claim for text in texts for claim in broken_claims(text)] == []


ratings = st.lists(st.one_of(st.none(), st.integers(0, 10).map(float)), min_size=14, max_size=56)
#: Only what is nearly sure is ranked: the words between move with the last day that counts.
ORDER = {"worse": 0, "improved": 2}


@settings(max_examples=30, deadline=None)
@given_any(values=ratings, done=st.integers(0, 18), week=st.sampled_from([4, 6]))
def test_a_blank_day_raises_nothing(values: Any, done: Any, week: int) -> None:
    """Appending a due but blank day never raises completeness, adherence, grade or verdict."""
    plan = make_plan()
    before = make_course(plan=plan, sessions=given(plan)[:done], diary=diary(values))
    blank_day = dataclasses.replace(diary([None])[0], date=START + dt.timedelta(days=len(values) - 14))
    missed = [dataclasses.replace(row, status="missed", minutes=None) for row in given(plan)[done : done + 1]]
    after = dataclasses.replace(before, diary=(*before.diary, blank_day), sessions=(*before.sessions, *missed))
    old, new = checkpoint(before, week), checkpoint(after, week)
    assert present(new["data_quality"]["completeness"]) <= present(old["data_quality"]["completeness"])
    assert (new["adherence"]["ratio"] or 0.0) <= (old["adherence"]["ratio"] or 0.0)
    assert 0.0 <= (new["adherence"]["ratio"] or 0.0) <= 1.0
    assert "UWRB".index(new["grade"]) <= "UWRB".index(old["grade"])
    assert ORDER.get(new["symptom_verdict"], 1) <= ORDER.get(old["symptom_verdict"], 1)


def test_order_of_rows_does_not_matter() -> None:
    course = make_course(diary=diary(BETTER), scores=scores({-8: 26, -1: 27, 21: 9, 28: 8}))
    random = np.random.default_rng(3)

    def shuffled(rows: Any) -> tuple[Any, ...]:
        return tuple(rows[k] for k in random.permutation(len(rows)))

    mixed = dataclasses.replace(
        course, diary=shuffled(course.diary), scores=shuffled(course.scores), sessions=shuffled(course.sessions)
    )
    assert checkpoint(mixed, 6) == checkpoint(course, 6)


def test_tipping_point_says_what_bad_missing_days_would_do() -> None:
    rows: list[float | None] = list(BETTER[:56])
    for day in (43, 45, 46, 48, 50, 52):
        rows[day] = None
    table = present(checkpoint(make_course(diary=diary(rows)), 6)["tipping_point"])
    assert table["missing_recent_days"] == 6
    changes = [row["change"] for row in table["rows"]]
    assert changes == sorted(changes)
    assert changes[1] - changes[0] == pytest.approx(6 / 14)
    assert table["rows"][0]["symptom_verdict"] == "improved"


def test_judgement_does_not_move_with_what_is_only_shown() -> None:
    """The details (statsmodels, overlap) stand beside the verdict and never decide it."""
    course = make_course(diary=diary(BETTER))
    assert judge(course, 6).symptom_verdict == checkpoint(course, 6)["symptom_verdict"]


def test_days_that_calm_down_make_the_interval_doubtful() -> None:
    """Coverage falls below 0.86 where the baseline is twice as restless as the days under light; it is said."""
    restless = [1.0, 10.0, 2.0, 9.0, 1.0, 10.0, 5.0] * 2 + [5.0, 6.0, 5.0, 6.0, 5.0, 6.0, 5.0] * 6
    assert "unequal_spread" in {
        m["id"] for m in checkpoint(make_course(diary=diary(restless)), 6)["data_quality"]["marks"]
    }
    assert "unequal_spread" not in {
        m["id"] for m in checkpoint(make_course(diary=diary(SAME)), 6)["data_quality"]["marks"]
    }


@pytest.mark.parametrize("week", [2, 4, 6])
def test_missed_sessions_are_no_overdose(week: int) -> None:
    """Eighteen sessions written as missed once read "more light was given than the plan allows"."""
    missed = given(make_plan(), status="missed", minutes=0.0, skin_reaction=None)
    found = checkpoint(make_course(sessions=missed, diary=diary(SAME)), week)
    assert "more light" not in str(found["reasons"]).lower()
    assert found["decision"] != "stop"


def test_an_improved_diary_without_a_course_is_nothing_to_maintain() -> None:
    """One session of eighteen and better days once gave "keep the benefit"."""
    one = given(make_plan())[:1]
    found = checkpoint(make_course(sessions=one, diary=diary(BETTER)), 6)
    assert found["decision"] == "inconclusive"


def test_without_session_lines_the_last_days_known_under_light_count() -> None:
    """The published case written into a plan of six weeks: twelve sessions, nothing after; week 6 keeps its verdict."""
    plan = make_plan(output_status="claimed")
    course = make_course(plan=plan, sessions=given(plan, weeks=4), scores=scores({-1: 27, 14: 2, 28: 0}))
    found = checkpoint(course, 6)
    assert found["symptom_verdict"] == "improved"
    assert "light_unknown" in {mark["id"] for mark in found["data_quality"]["marks"]}


LATE = (
    [7.0, 6.0, 8.0, 7.0, 6.5, 7.0, 7.5] * 2 + [7.0, 6.0, 7.5, 7.0, 6.5, 8.0, 7.0] * 2 + [3.0, 2.0, 4.0, 3.0, 2.5] * 10
)


def test_a_response_that_comes_late_is_seen() -> None:
    """Symptoms that fall in week 3 were read as autocorrelation: change -0.08 beside means of 7.1 and 2.9."""
    found = checkpoint(make_course(diary=diary(LATE)), 6)
    assert found["symptom_verdict"] == "improved"
    assert found["measures"][0]["change"] == pytest.approx(-4.0, abs=0.5)


def test_a_scale_that_had_no_room_to_fall_vetoes_nothing() -> None:
    rows = scores({-8: 28, -1: 27, 14: 3, 21: 2, 28: 2}) + scores({-8: 5, -1: 5, 14: 5, 21: 4, 28: 5}, "isi")
    assert checkpoint(make_course(scores=rows), 4)["symptom_verdict"] == "improved"


def test_one_measure_worse_beside_one_better_is_looked_at_first() -> None:
    rows = scores({-8: 14, -1: 14, 21: 30, 28: 31})
    found = checkpoint(make_course(diary=diary(BETTER), scores=rows), 6)
    assert found["decision"] == "inconclusive"
    assert found["reasons"][0]["id"] == "some_measure_worse"


def test_a_score_of_years_ago_is_no_baseline() -> None:
    found = checkpoint(make_course(scores=scores({-1500: 36, -3: 18, 21: 17, 28: 17})), 4)
    assert found["symptom_verdict"] != "improved"
    assert found["measures"][1]["values"]["baseline"] == 1


def test_light_that_began_late_is_not_judged_by_the_calendar() -> None:
    """Light from day 21 on, judged at week 4: one week of it is too early for any word of success."""
    rows = tuple(row for row in given(make_plan()) if row.date >= START + dt.timedelta(days=21))
    assert checkpoint(make_course(sessions=rows, diary=diary(BETTER)), 4)["symptom_verdict"] == "not_assessed"


def test_one_bad_day_is_no_relapse() -> None:
    quiet = BETTER[:56] + [None] * 14 + [9.0] + [None] * 30
    found = checkpoint(make_course(diary=diary(quiet)), 9)
    assert "came back" not in found["statement"]


def test_doubtful_baselines_are_marked() -> None:
    few = [8.0, None, None, 9.0, None, 8.0, None, 9.0, None, None, 8.0, None, 9.0, None, *BETTER[14:56]]
    marks = {mark["id"] for mark in checkpoint(make_course(diary=diary(few)), 6)["data_quality"]["marks"]}
    assert "thin_baseline" in marks
    apart = checkpoint(make_course(scores=scores({-8: 30, -1: 20, 21: 10, 28: 9})), 4)
    assert "baseline_scores_differ" in {mark["id"] for mark in apart["data_quality"]["marks"]}


def test_getting_better_before_the_light_is_said() -> None:
    """A line that falls through the whole diary: better than before, and nobody may think that light began it."""
    wave = [0.4, -0.6, 0.1, 0.5, -0.3, -0.1, 0.3]
    falling = [round(9.5 - 0.11 * day + wave[day % 7], 1) for day in range(56)]
    found = checkpoint(make_course(diary=diary(falling)), 6)
    assert "already getting better before the light" in str(found["reasons"])
    steady = checkpoint(make_course(diary=diary(BETTER)), 6)
    assert "already getting better" not in str(steady["reasons"])


def test_no_word_is_said_of_a_diary_that_was_mostly_thrown_out() -> None:
    """Six scores said "improved" while all 64 days of the diary had been left out as written before they came."""
    plan = make_plan(weeks=4)
    early = tuple(
        dataclasses.replace(day, entered_at=dt.datetime.combine(day.date, dt.time(18)) - dt.timedelta(days=1))
        for day in diary(SAME)
    )
    course = make_course(plan=plan, sessions=given(plan), scores=scores({-8: 27, -1: 26, 14: 2, 28: 0}))
    assert checkpoint(course, 4)["symptom_verdict"] == "improved"
    found = checkpoint(dataclasses.replace(course, left_out=early), 4)
    assert found["symptom_verdict"] == "not_assessed"
    half = dataclasses.replace(course, diary=diary(BETTER), left_out=early[:5])
    assert checkpoint(half, 4)["symptom_verdict"] == "improved"


def test_light_at_another_place_throughout_is_said_once_and_is_the_reason() -> None:
    """34 lines said "light only the planned places", and the reason given was that nothing was written."""
    plan = make_plan()
    found = checkpoint(make_course(sessions=given(plan, site="foot_sole"), diary=diary(BETTER)), 6)
    assert found["statement"].startswith("In all 18 due sessions the light went to another place than planned")
    assert found["reasons"][0]["id"] == "another_place"
    assert found["decision"] == "inconclusive"
    assert found["dose_verdict"] == "under_delivered"
    assert (found["adherence"]["elsewhere"], found["adherence"]["unknown"]) == (18, 0)
    (said,) = [row for row in found["reasons"] if row["about"] == "delivery"]
    assert said["count"] == len(said["dates"]) == 18
    assert len(found["delivery_findings"]) == 18
    assert not any("nothing written" in row["text"].casefold() for row in found["reasons"])


def test_what_repeats_itself_is_one_line_and_complete_in_the_json() -> None:
    """Sessions of 240 minutes, one reaction of the skin each, and twelve days twice in the diary: once each."""
    plan = make_plan()
    rows = given(plan, minutes=240.0, skin_reaction="redness")
    doubled = diary(BETTER) + tuple(dataclasses.replace(row, line=100 + row.line) for row in diary(BETTER)[:12])
    kept, _, marks = diary_once(doubled)
    found = checkpoint(make_course(sessions=rows, diary=kept, marks=tuple(marks)), 6)
    about = [row["about"] for row in found["reasons"]]
    assert about.count("event") == 1
    assert about.count("delivery") == len({row["id"] for row in found["delivery_findings"]})
    assert len(found["events"]) == 18
    assert len([mark for mark in found["data_quality"]["marks"] if mark["id"] == "duplicate_day"]) == 12
    (once,) = [mark for mark in found["data_quality"]["marks_together"] if mark["id"] == "duplicate_day"]
    assert once["text"].startswith("diary.csv: 12 days from 2026-12-21 to 2027-01-01: written down 2 times")


def test_the_same_change_of_treatment_on_many_days_is_said_once() -> None:
    rows = tuple(change(day, "iron", "ferrous sulfate", "increase") for day in range(0, 35, 7))
    found = checkpoint(make_course(diary=diary(BETTER), timeline=rows), 6)
    (said,) = [row for row in found["reasons"] if row["about"] == "other treatment"]
    assert said["count"] == 5
    assert said["text"].startswith("5 days, 4 January 2027 to 1 February 2027: ferrous sulfate")
    assert len(found["confounded_windows"]) == 5
    assert len(found["grade_reasons"]) == 2
