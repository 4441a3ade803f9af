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

from openpbm.course.read_course import read_course
from openpbm.course.records import Course
from openpbm.delivery import match_sessions
from openpbm.errors import BadInput
from openpbm.facts.claims import broken_claims
from openpbm.facts.what_happened import crisis_message
from openpbm.outcomes.checkpoint import checkpoint
from openpbm.report.checkpoint_chart import draw_checkpoint_chart
from openpbm.report.checkpoint_report import render_checkpoint
from openpbm.report.checkpoint_wording import DECISIONS, DOSES, SYMPTOMS
from openpbm.report.course_time import course_time
from openpbm.report.publish_checkpoint import publish_checkpoint

COURSES = Path(__file__).parents[2] / "examples" / "courses"


@pytest.fixture(scope="module")
def course() -> Course:
    return read_course(COURSES / "calf_evening")


@pytest.fixture(scope="module")
def looks(course: Course) -> dict[int, dict[str, Any]]:
    return {week: checkpoint(course, week) for week in (2, 6, 8)}


def text_of(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html.partition("</style>")[2]).split())


def page(content: dict[str, Any], scales: tuple[str, ...] = ("irls",)) -> str:
    return render_checkpoint(content, scales_asked=scales, picture="chart.png")


@pytest.mark.parametrize("week", [2, 6, 8])
def test_page_says_what_matters_and_claims_nothing(looks: dict[int, dict[str, Any]], week: int) -> None:
    content = looks[week]
    said = text_of(page(content))
    assert content["statement"] in said
    assert content["notice"] in said
    assert "Never stop a medicine because of this page." in said
    assert f"of {content['adherence']['denominator']}" in said
    assert f"Grade {content['grade']}" in said
    assert said.index(content["statement"]) < said.index("The course so far")
    assert broken_claims(said) == ()


def test_week_two_compares_nothing(looks: dict[int, dict[str, Any]]) -> None:
    said = text_of(page(looks[2]))
    assert "too early" in said
    for word in ("How sure is the change?", "90 % interval", "dark lamp", "improved:"):
        assert word not in said


def test_every_threshold_has_its_source_and_its_doubt(looks: dict[int, dict[str, Any]]) -> None:
    content = looks[6]
    said = text_of(page(content))
    rows = content["probabilities"]["thresholds"]
    assert rows
    assert all(row["source"] in said for row in rows)
    in_table = said[said.index("Chance that the change") : said.index("What would be expected")]
    assert in_table.count("not verified") == sum(not row["verified"] for row in rows)
    assert in_table.count("for groups, never one person") == sum(row["kind"] == "between_groups" for row in rows)


def test_help_stands_beside_scales_that_ask_about_mood(looks: dict[int, dict[str, Any]]) -> None:
    assert crisis_message() in text_of(page(looks[2], ("irls",)))
    assert crisis_message() not in text_of(page(looks[2], ("isi",)))


def test_what_was_written_is_escaped(looks: dict[int, dict[str, Any]]) -> None:
    content = copy.deepcopy(looks[6])
    content["events"].append({**content["events"][0], "kind": "x", "grade": 1, "text": "<script>alert(1)</script>"})
    assert "<script>" not in page(content)


def test_silence_about_harm_is_unknown_not_none(looks: dict[int, dict[str, Any]]) -> None:
    assert "That is unknown, not none." in text_of(page({**looks[6], "events": []}))


def test_a_scale_without_a_sham_course_says_so(course: Course) -> None:
    content = checkpoint(dataclasses.replace(course, scores=()), 6)
    assert "Unknown: no published sham course" in text_of(page(content))


def test_tipping_point_table_stands_on_the_page(looks: dict[int, dict[str, Any]]) -> None:
    assert looks[6]["tipping_point"]["rows"]
    assert "If the missing days were bad ones" in text_of(page(looks[6]))


def test_every_code_of_a_checkpoint_has_words() -> None:
    from typing import get_args

    from openpbm.delivery.dose_verdict import Verdict
    from openpbm.facts.checkpoint_rules import Decision
    from openpbm.outcomes.symptom_verdict import SymptomVerdict

    assert set(DECISIONS) == set(get_args(Decision))
    assert set(SYMPTOMS) == set(get_args(SymptomVerdict))
    assert set(DOSES) == set(get_args(Verdict))
    assert all(row.tone != "allowed" for row in DECISIONS.values())  # no colour of success for one person


def test_phases_and_blurred_days_of_the_axis(looks: dict[int, dict[str, Any]]) -> None:
    time = course_time(looks[8], [])
    assert [name for name, *_ in time.phases] == ["before light", "light", "without light"]
    edges = [(first, last) for _, first, last in time.phases]
    assert all(later[0] - earlier[1] == dt.timedelta(days=1) for earlier, later in itertools.pairwise(edges))
    assert time.blurred[0][1] == dt.date(2026, 10, 7)
    assert course_time(looks[2], []).blurred == ()


def drawn_words(content: dict[str, Any], course: Course, path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Every word on the chart."""
    from matplotlib.text import Text

    from openpbm.report import checkpoint_chart

    kept: list[Any] = []
    save = checkpoint_chart.save_picture
    monkeypatch.setattr(checkpoint_chart, "save_picture", lambda figure, to: (kept.append(figure), save(figure, to))[1])
    draw_checkpoint_chart(content, match_sessions(course, dt.date.fromisoformat(content["date"])), path)
    return " | ".join(text.get_text() for text in kept[0].findobj(Text))


def test_chart_has_the_parts_a_reader_needs(
    course: Course, looks: dict[int, dict[str, Any]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = drawn_words(looks[8], course, tmp_path / "chart.png", monkeypatch)
    for part in (
        *("before light", "without light", "no entry", "important change (−9)", "grade U", "partial", "missed"),
        *("not written", "extra", "expected on sham: mean −6.6", "no published sham course for this scale"),
        *("dose unknown", "checkpoint of week 8", "ferrous sulfate", "headache"),
    ):
        assert part in words, part


def test_chart_of_week_two_shows_no_change(
    course: Course, looks: dict[int, dict[str, Any]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
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


def test_the_same_course_gives_the_same_bytes(course: Course, looks: dict[int, dict[str, Any]], tmp_path: Path) -> None:
    once = publish_checkpoint(course, looks[6], tmp_path / "a")
    again = publish_checkpoint(course, looks[6], tmp_path / "b")
    assert [path.name for path in once] == ["checkpoint-week-6.html", "checkpoint-week-6.json", "checkpoint-week-6.png"]
    assert [path.read_bytes() for path in once] == [path.read_bytes() for path in again]
    assert json.loads(once[1].read_text(encoding="utf-8"))["week"] == 6


def test_nothing_is_half_written(
    course: Course, looks: dict[int, dict[str, Any]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
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
