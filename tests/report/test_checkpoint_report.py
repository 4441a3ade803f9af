"""The checkpoint's page and chart: help beside mood, nothing compared before week 4, grade beside every change."""

from __future__ import annotations

import copy
import dataclasses
import datetime as dt
import importlib.util
import itertools
import json
import re
from pathlib import Path
from typing import Any

import pytest
from present import present

from openpbm.course.read_course import read_course
from openpbm.course.records import Course, RecordedScore, Spasm
from openpbm.delivery import match_sessions
from openpbm.errors import BadInput
from openpbm.facts.claims import broken_claims
from openpbm.facts.crisis import crisis_message
from openpbm.facts.references import references
from openpbm.outcomes.decision.checkpoint_document import CheckpointDocument, checkpoint
from openpbm.picture_style import save_picture
from openpbm.report.beside_verdict import opioids_in_words
from openpbm.report.care_wording import OWNERS, PROOFS, STATUSES, care_rows
from openpbm.report.checkpoint_chart import draw_checkpoint_chart
from openpbm.report.checkpoint_report import render_checkpoint
from openpbm.report.checkpoint_sources import cited_sources, source_mark
from openpbm.report.course_time import course_time
from openpbm.report.cramp_table import cramp_rows
from openpbm.report.publish_checkpoint import publish_checkpoint
from openpbm.report.timing_wording import lead_in_words
from openpbm.wording import DECISIONS, DOSES, SYMPTOMS, date_in_words

COURSES = Path(__file__).parents[2] / "examples" / "courses"


@pytest.fixture(scope="module")
def course() -> Course:
    return read_course(COURSES / "calf_evening")


@pytest.fixture(scope="module")
def looks(course: Course) -> dict[int, CheckpointDocument]:
    return {week: checkpoint(course, week) for week in (2, 6, 8)}


def text_of(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html.partition("</style>")[2]).split())


def page(content: CheckpointDocument, scales: tuple[str, ...] = ("irls",)) -> str:
    return render_checkpoint(content, scales_asked=scales, picture="chart.png")


@pytest.mark.parametrize("week", [2, 6, 8])
def test_page_says_what_matters_and_claims_nothing(looks: dict[int, CheckpointDocument], week: int) -> None:
    content = looks[week]
    said = text_of(page(content))
    assert content["statement"] in said
    assert content["notice"] in said
    assert "Never stop or change a medicine because of this page." in said
    assert f"sessions planned before {date_in_words(content['date'])}" in said
    assert f"Grade {content['grade']}" in said
    assert said.index(content["statement"]) < said.index("The course so far")
    assert broken_claims(said) == ()


def test_week_two_compares_nothing(looks: dict[int, CheckpointDocument]) -> None:
    said = text_of(page(looks[2]))
    assert "too early" in said
    for word in (
        *("How sure is the change?", "90 % interval", "dark lamp", "improved:", "Cramps", "measurement error"),
        *("on the whole", "stayed better", "morphine", "Opioids"),
    ):
        assert word not in said


def test_every_threshold_has_its_source_and_its_doubt(looks: dict[int, CheckpointDocument]) -> None:
    content = looks[6]
    said = text_of(page(content))
    rows = content["probabilities"]["thresholds"]
    assert rows
    cited = {row["source"] for row in rows if row["source"] != "openpbm_assumption"}
    listed = said[said.index(" Sources [1] ") :]
    for id in cited:
        assert listed.count(f"[{cited_sources(content)[id][0]}] {references[id].citation}") == 1
        assert id not in said
    in_table = said[said.index("Chance that the change") : said.index("Could measurement error")]
    for mark in {source_mark(row["source"], cited_sources(content)) for row in rows}:
        shown = sum(source_mark(row["source"], cited_sources(content)) == mark for row in rows)
        assert in_table.count(mark) == shown
    assert in_table.count("not verified") == sum(not row["verified"] for row in rows)
    assert in_table.count("for groups, never one person") == sum(row["kind"] == "between_groups" for row in rows)


def test_help_stands_beside_scales_that_ask_about_mood(looks: dict[int, CheckpointDocument]) -> None:
    assert crisis_message() in text_of(page(looks[2], ("irls",)))
    assert crisis_message() not in text_of(page(looks[2], ("isi",)))


def test_what_was_written_is_escaped(looks: dict[int, CheckpointDocument]) -> None:
    content = copy.deepcopy(looks[6])
    content["events"].append({**content["events"][0], "kind": "x", "grade": 1, "text": "<script>alert(1)</script>"})
    assert "<script>" not in page(content)


def test_silence_about_harm_is_unknown_not_none(looks: dict[int, CheckpointDocument]) -> None:
    assert "That is unknown, not none." in text_of(page({**looks[6], "events": []}))


def test_a_scale_without_a_sham_course_says_so(course: Course) -> None:
    content = checkpoint(dataclasses.replace(course, scores=()), 6)
    assert "Unknown: no published sham course" in text_of(page(content))


def test_tipping_point_table_stands_on_the_page(looks: dict[int, CheckpointDocument]) -> None:
    assert present(looks[6]["tipping_point"])["rows"]
    assert "If the missing days were bad ones" in text_of(page(looks[6]))


def test_every_code_of_a_checkpoint_has_words() -> None:
    from typing import get_args

    from openpbm.delivery.dose_verdict import Verdict
    from openpbm.facts.checkpoint_rules import Decision
    from openpbm.outcomes.measures import SymptomVerdict

    assert set(DECISIONS) == set(get_args(Decision))
    assert set(SYMPTOMS) == set(get_args(SymptomVerdict))
    assert set(DOSES) == set(get_args(Verdict))
    assert all(row.tone != "allowed" for row in DECISIONS.values())  # no colour of success for one person


def spasm(date: dt.date, **changes: Any) -> Spasm:
    row: dict[str, Any] = {"time": None, "muscle": "calf", "seconds": 60.0, "pain": 5.0, "trigger": "stretching"}
    return Spasm(line=2, date=date, **(row | changes))


def said_on_the_whole(scale: str, value: float, date: dt.date) -> RecordedScore:
    return RecordedScore(line=90, date=date, scale=scale, version="", value=value, items=None, source="paper")


@pytest.fixture(scope="module")
def full(course: Course) -> dict[int, CheckpointDocument]:
    """The same course with cramps and impressions; the person says the opposite of the ratings."""
    before = [
        spasm(course.plan.start_date - dt.timedelta(days=n), seconds=60.0 + n) for n in range(1, 13) for _ in "ab"
    ]
    later = [spasm(dt.date(2026, 10, day), muscle="<b>foot</b>") for day in (6, 15)]
    said = [("pgic", 3.0, dt.date(2026, 9, 28)), ("pgic", 6.0, dt.date(2026, 10, 19))]
    said.append(("cgi_i", 2.0, dt.date(2026, 10, 19)))
    rich = dataclasses.replace(
        course,
        spasms=(*before, *later),
        scores=(*course.scores, *(said_on_the_whole(*row) for row in said)),
    )
    return {week: checkpoint(rich, week) for week in (2, 6)}


def test_a_contradiction_stands_beside_the_decision(full: dict[int, CheckpointDocument]) -> None:
    """Property: a person who says the opposite of the ratings is heard before the chart, once."""
    said = text_of(page(full[6]))
    sentence = "says much worse: ask what is behind it."
    assert said.count(sentence) == 1
    assert said.index(sentence) < said.index("The course so far")
    told = said[said.index("What was said on the whole") :]
    assert "in the person&#39;s own view: much worse on 19 October 2026 Earlier: a little better" in told
    assert "seen by the clinician: much better on 19 October 2026" in told


def test_cramps_stand_with_interval_grade_and_chances(full: dict[int, CheckpointDocument]) -> None:
    """Property: the ratio never stands without its interval and grade, and what was typed in is escaped."""
    html = page(full[6])
    said = text_of(html)
    assert re.search(r"Under light cramps came [\d.]+ times as often .*90 % interval [\d.]+ to [\d.]+, grade U\)", said)
    assert "at least a quarter fewer" in said
    assert "<b>foot</b>" not in html
    assert broken_claims(said) == ()


def test_cramps_that_cannot_be_compared_say_why(course: Course) -> None:
    one = checkpoint(dataclasses.replace(course, spasms=(spasm(dt.date(2026, 10, 6)),)), 6)
    ratio = present(one["cramps"])["rate_ratio"]
    assert ratio["value"] is None
    assert f"cannot be told: {ratio['reason']}." in text_of(page(one))
    assert "times as often" not in text_of(page(one))


def test_week_two_keeps_cramps_and_impressions_to_itself(full: dict[int, CheckpointDocument]) -> None:
    said = text_of(page(full[2]))
    for word in ("Cramps", "times as often", "on the whole", "much better", "contradict"):
        assert word not in said
    assert "The skin was looked at on 5 of 5 days with light" in said
    assert "The care around the light" in said


def test_a_long_tally_of_cramps_keeps_its_sum(full: dict[int, CheckpointDocument]) -> None:
    """Conservation: folding rare words into one line loses no cramp."""
    cramps = copy.deepcopy(present(full[6]["cramps"]))
    cramps["baseline"]["by_muscle"] = {f"muscle {n}": n for n in range(1, 10)} | {"not said": 2}
    cramps["recent"]["by_muscle"] = {}
    rows = cramp_rows(cramps)
    labels = [row.label for row in rows]
    first = labels.index("Cramps by muscle") + 1
    tally = list(itertools.takewhile(lambda row: row.part, rows[first:]))
    assert [row.label for row in tally] == ["muscle 9", "muscle 8", "muscle 7", "muscle 6", "other or not said"]
    assert sum(int(row.before) for row in tally) == sum(range(1, 10)) + 2


def test_reliable_change_names_bands_and_error(looks: dict[int, CheckpointDocument]) -> None:
    """Jacobson and Truax: with sd 6 and reliability 0.81 a fall from 25.5 to 15 is 10.5 / (6 sqrt(2 * 0.19)) = 2.84."""
    said = text_of(page(looks[6]))
    part = said[said.index("Could measurement error") : said.index("What would be expected")]
    for word in ("severe → moderate", "± 6", "+3.43", "yes, better", "not verified"):
        assert word in part


def test_measurement_error_has_no_table_where_no_error_is_known(course: Course) -> None:
    content = checkpoint(dataclasses.replace(course, scores=()), 6)
    assert "Could measurement error" not in text_of(page(content))


@pytest.mark.parametrize(
    ("before", "now", "said"),
    [
        (None, None, "unknown, before light and now"),
        ([20.0, 30.0], None, "20–30 mg a day before light, unknown now"),
        ([15.0, 15.0], [0.0, 0.0], "15 mg a day before light, none now"),
    ],
)
def test_opioids_are_never_a_silent_zero(before: list[float] | None, now: list[float] | None, said: str) -> None:
    """Property: unknown is said, and only lines that say so make none."""
    burden = {"baseline_mg_day": before, "now_mg_day": now, "medicines": ["oxycodone"], "marks": []}
    assert said in opioids_in_words(burden)


def test_light_after_the_onset_is_said_to_be_late(looks: dict[int, CheckpointDocument]) -> None:
    timing = copy.deepcopy(looks[6]["timing"])
    assert "at 20:00, 90 minutes ahead: as meant" in lead_in_words(timing)
    timing["lead"]["given"] = {"minutes": -30.0, "state": "too late"}
    assert "30 minutes after it: later than" in lead_in_words(timing)
    assert "The plan had 90 minutes ahead." in lead_in_words(timing)
    timing["lead"]["usual_onset"] = None
    assert "unknown" in lead_in_words(timing)


def test_every_stage_of_care_has_a_row_with_words() -> None:
    from typing import get_args

    from openpbm.facts.care_stages import Owner, Proof
    from openpbm.outcomes.decision.care_plan import Status

    assert set(OWNERS) == set(get_args(Owner))
    assert set(PROOFS) == set(get_args(Proof))
    assert set(STATUSES) == set(get_args(Status))


def test_care_rows_say_what_is_lacking(looks: dict[int, CheckpointDocument]) -> None:
    rows = {row.stage: row for row in care_rows(looks[6]["care_plan"])}
    assert len(rows) == 8
    assert rows["Explain"].lacking
    assert rows["Explain"].text.startswith("lacking: what was handed out")
    assert rows["Follow up"].text == "not asked for before 30 October 2026"
    assert not rows["Follow up"].lacking
    said = text_of(page(looks[6]))
    assert all(row.text in said for row in rows.values())


def test_other_treatments_are_told_once(looks: dict[int, CheckpointDocument]) -> None:
    """Once the same sentences stood under other treatments and again under the grade."""
    said = text_of(page(looks[6]))
    assert looks[6]["confounded_windows"]
    assert all(said.count(window["text"]) == 1 for window in looks[6]["confounded_windows"])


def test_phases_and_blurred_days_of_the_axis(looks: dict[int, CheckpointDocument]) -> None:
    time = course_time(looks[8], [])
    assert [name for name, *_ in time.phases] == ["before light", "light", "without light"]
    edges = [(first, last) for _, first, last in time.phases]
    assert all(later[0] - earlier[1] == dt.timedelta(days=1) for earlier, later in itertools.pairwise(edges))
    assert time.blurred[0][1] == dt.date(2026, 10, 7)
    assert course_time(looks[2], []).blurred == ()


def drawn_words(content: CheckpointDocument, course: Course, path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Every word on the chart."""
    from matplotlib.text import Text

    from openpbm.report import checkpoint_chart

    kept: list[Any] = []

    def keep_and_save(figure: Any, to: Path) -> None:
        kept.append(figure)
        save_picture(figure, to)

    monkeypatch.setattr(checkpoint_chart, "save_picture", keep_and_save)
    draw_checkpoint_chart(content, match_sessions(course, dt.date.fromisoformat(content["date"])), path)
    return " | ".join(text.get_text() for text in kept[0].findobj(Text))


def test_chart_has_the_parts_a_reader_needs(
    course: Course, looks: dict[int, CheckpointDocument], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = drawn_words(looks[8], course, tmp_path / "chart.png", monkeypatch)
    for part in (
        *("before light", "without light", "no entry", "important change (−9)", "grade U", "partial", "missed"),
        *("not written", "extra", "expected on sham: mean −6.6", "no published sham course for this scale"),
        *("dose unknown", "checkpoint of week 8", "ferrous sulfate", "headache"),
    ):
        assert part in words, part


def test_chart_of_week_two_shows_no_change(
    course: Course, looks: dict[int, CheckpointDocument], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = drawn_words(looks[2], course, tmp_path / "chart.png", monkeypatch)
    assert "nothing is compared before week 4" in words
    for part in ("important change", "interval", "expected on sham", "grade", "mean that is compared"):
        assert part not in words, part


def test_two_versions_have_two_panels(course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scores = tuple(dataclasses.replace(row, version="patient") if row.line > 6 else row for row in course.scores)
    content = checkpoint(dataclasses.replace(course, scores=scores), 6)
    words = drawn_words(content, course, tmp_path / "chart.png", monkeypatch)
    assert "IRLS (version 2.0)" in words
    assert "IRLS (version patient)" in words


def test_unknown_dose_is_marked_and_never_zero(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    published = read_course(COURSES / "published_rls")
    words = drawn_words(checkpoint(published, 7), published, tmp_path / "chart.png", monkeypatch)
    assert "? dose unknown" in words
    assert "relapse" in words


def test_a_course_with_nothing_written_is_drawn(course: Course, tmp_path: Path) -> None:
    bare = Course(plan=course.plan)
    for path in publish_checkpoint(bare, checkpoint(bare, 4), tmp_path):
        assert path.stat().st_size > 100


def test_the_same_course_gives_the_same_bytes(
    course: Course, looks: dict[int, CheckpointDocument], tmp_path: Path
) -> None:
    once = publish_checkpoint(course, looks[6], tmp_path / "a")
    again = publish_checkpoint(course, looks[6], tmp_path / "b")
    assert [path.name for path in once] == ["checkpoint-week-6.html", "checkpoint-week-6.json", "checkpoint-week-6.png"]
    assert [path.read_bytes() for path in once] == [path.read_bytes() for path in again]
    assert json.loads(once[1].read_text(encoding="utf-8"))["week"] == 6


def test_nothing_is_half_written(
    course: Course, looks: dict[int, CheckpointDocument], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: Any, **__: Any) -> str:
        raise RuntimeError("the page cannot be made")

    monkeypatch.setattr("openpbm.report.checkpoint_report.render_checkpoint", fails)
    with pytest.raises(RuntimeError):
        publish_checkpoint(course, looks[6], tmp_path / "out")
    assert not (tmp_path / "out").exists()
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.undo()
    with pytest.raises(BadInput, match="--out"):
        publish_checkpoint(course, looks[6], tmp_path / "file")


def test_the_example_courses_are_what_their_script_writes(tmp_path: Path) -> None:
    spec = importlib.util.spec_from_file_location("make_courses", COURSES / "make_courses.py")
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    script.main(tmp_path)
    written = sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*.*") if path.is_file())
    assert len(written) == 12
    for name in written:
        assert (tmp_path / name).read_bytes() == (COURSES / name).read_bytes(), name
