"""A plan is read back whole, and nothing is filled in or dropped: every bad document ends in lines with a remedy."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from courses import make_plan as write_down

from openpbm.case import read_case
from openpbm.errors import BadInput
from openpbm.planning import (
    AllowedPlan,
    Plan,
    Quality,
    RefusedPlan,
    load_allowed_plan,
    load_plan,
    make_plan,
    plan_schema,
)
from openpbm.planning.document.plan import as_json
from openpbm.safety import screen

EXAMPLES = Path(__file__).parents[2] / "examples"
CASES = sorted(EXAMPLES.glob("*.toml"))
COURSES = sorted(EXAMPLES.glob("courses/*/plan.json"))
QUICK = Quality(scenarios=4)
Document = dict[str, Any]


@pytest.fixture(scope="module")
def plans() -> dict[str, Plan]:
    """One plan of every example, allowed and refused."""
    return {path.stem: make_plan(screen(read_case(path)), quality=QUICK) for path in CASES}


@pytest.fixture
def allowed(plans: dict[str, Plan]) -> Document:
    """An allowed plan's JSON, to be changed."""
    return next(plan.to_json_dict() for plan in plans.values() if isinstance(plan, AllowedPlan))


def test_the_examples_hold_both_shapes(plans: dict[str, Plan]) -> None:
    assert {type(plan) for plan in plans.values()} == {AllowedPlan, RefusedPlan}
    for plan in plans.values():
        assert (plan.prescription is None) == (plan.schedule is None) == (plan.verdict != "allowed")
        assert plan.dose
        assert plan.curves
        assert plan.skin is not None
        assert plan.eye is not None


@pytest.mark.parametrize("name", [path.stem for path in CASES])
def test_a_plan_comes_back_as_it_was(plans: dict[str, Plan], name: str) -> None:
    """Property: reading what was written gives the same plan, from text and from parsed JSON."""
    plan = plans[name]
    assert load_plan(plan.to_json()) == plan
    assert load_plan(plan.to_json_dict()) == plan
    assert load_plan(plan.to_json()).to_json() == plan.to_json()


@pytest.mark.parametrize("path", COURSES, ids=lambda path: path.parent.name)
def test_a_plan_that_was_written_down_comes_back(path: Path) -> None:
    plan = load_allowed_plan(path)
    assert plan.to_json() == path.read_text(encoding="utf-8")
    assert plan.provenance is None


def test_every_plan_fits_the_shipped_schema(plans: dict[str, Plan], allowed: Document) -> None:
    schema = plan_schema()
    assert jsonschema_rs.meta.is_valid(schema)
    validator = jsonschema_rs.Draft202012Validator(schema)
    documents = [plan.to_json_dict() for plan in plans.values()]
    documents += [json.loads(path.read_text(encoding="utf-8")) for path in COURSES]
    for document in documents:
        assert list(validator.iter_errors(document)) == []
    assert list(validator.iter_errors(allowed | {"dosis": 1}))
    assert list(validator.iter_errors(allowed | {"format": 1}))


def test_the_schema_says_every_unit() -> None:
    sections = plan_schema()["$defs"]
    assert all(section["additionalProperties"] is False for section in sections.values())
    assert all(section["title"] and section["description"] for section in sections.values())
    silent = [
        f"{name}.{key}"
        for name, section in sections.items()
        for key, entry in section.get("properties", {}).items()
        if key.endswith(("_mm", "_nm", "_cm2", "_m2", "_mw", "_deg", "minutes")) and "[" not in entry["description"]
    ]
    assert silent == []


def put(value: Any, *path: str | int) -> Callable[[Document], None]:
    def change(document: Any) -> None:
        for key in path[:-1]:
            document = document[key]
        document[path[-1]] = value

    return change


def without(*path: str | int) -> Callable[[Document], None]:
    def change(document: Any) -> None:
        for key in path[:-1]:
            document = document[key]
        del document[path[-1]]

    return change


@pytest.mark.parametrize(
    ("change", "key", "remedy"),
    [
        (put(1, "skin", "limit_ration"), "skin.limit_ration", "did you mean limit_ratio?"),
        (put(1, "dosis"), "dosis", "did you mean dose?"),
        (put(3, "dose", 0, "fluence_j_cm2", "p50"), "dose[0].fluence_j_cm2.p50", "not a known key"),
        (without("eye"), "eye: needed but not given", "docs/plan.md"),
        (without("schedule"), "schedule: needed but not given", "docs/plan.md"),
        (put(None, "schedule"), "schedule: is null", "docs/plan.md"),
        (without("eye", "limiting_hazard"), "eye.limiting_hazard: needed", "docs/plan.md"),
        (put("20", "session_minutes"), 'session_minutes = "20"', "must be a number"),
        (put("0.9", "dose", 0, "chance_in_window"), 'dose[0].chance_in_window = "0.9"', "must be a number"),
        (put(-1.0, "skin", "irradiance_mw_cm2"), "skin.irradiance_mw_cm2 = -1.0", "at least 0"),
        (put(float("nan"), "skin", "limit_ratio"), "skin.limit_ratio = nan", "not a finite number"),
        (put("openpbm-plan-1", "format"), 'format = "openpbm-plan-1"', "make the plan again"),
        (put(3, "format"), "format = 3", "make the plan again"),
        (put(True, "format"), "format = true", "make the plan again"),
        (without("format"), "format: needed but not given", "make the plan again"),
        (without("verdict"), "verdict: needed but not given", "make the plan again"),
        (put("alowed", "verdict"), 'verdict = "alowed"', "did you mean allowed?"),
        (put("mesured", "lamp", "output_status"), 'lamp.output_status = "mesured"', "claimed"),
        (put("rls", "condition"), 'condition = "rls"', "must be a section"),
        (put([], "schedule", "sessions"), "schedule.sessions: 0 given", "at least 1"),
        (put("1 Dec", "schedule", "sessions", 0, "date"), "schedule.sessions[0].date", "YYYY-MM-DD"),
        (put("25:00", "schedule", "sessions", 0, "start_time"), "schedule.sessions[0].start_time", "not a time of day"),
        (put([], "window_draws", 0, "output"), "window_draws[0].output: 0 given", "at least 1"),
        (put(1.5, "dose", 0, "spread", "lamp"), "dose[0].spread.lamp = 1.5", "at most 1"),
        (without("dose", 0, "spread", "optics"), "dose[0].spread.optics: needed", "docs/plan.md"),
        (put(1e5, "provenance", "photons"), "provenance.photons", "not a known key"),
        (put([9, 2], "protocol", "weeks"), "protocol", "lowest above highest"),
        (put({"minutes": 0}, "overrides"), "overrides.minutes = 0", "more than 0"),
    ],
)
def test_a_wrong_document_is_one_line_with_key_value_and_remedy(
    allowed: Document, change: Callable[[Document], None], key: str, remedy: str
) -> None:
    change(allowed)
    with pytest.raises(BadInput) as caught:
        load_plan(allowed)
    (problem,) = str(caught.value).splitlines()
    assert problem.startswith("plan.json: ")
    assert key in problem
    assert remedy in problem


@pytest.mark.parametrize(
    ("change", "needle"),
    [
        (put("2126-12-24", "course", "start_date"), "after the first session"),
        (put(7.0, "session_minutes"), "different minutes"),
        (put(0.0, "prescription", "skin_fluence_j_cm2", "upper"), "lower, planned and upper"),
        (put("2001-12-01", "schedule", "sessions", -1, "date"), "order of their dates"),
        (lambda document: document["window_draws"][0]["window_low_j_cm2"].pop(), "not of as many tissues"),
        (lambda document: document["window_draws"][0]["window_high_j_cm2"].pop(), "not of as many tissues"),
        (lambda document: document["window_draws"][0]["fluence_rate_mw_cm2"].pop(), "not of as many tissues"),
    ],
)
def test_sections_that_contradict_each_other_are_refused(
    allowed: Document, change: Callable[[Document], None], needle: str
) -> None:
    change(allowed)
    with pytest.raises(BadInput, match=needle):
        load_plan(allowed)


def test_a_refused_plan_with_a_schedule_is_no_plan(plans: dict[str, Plan], allowed: Document) -> None:
    refused = next(plan.to_json_dict() for plan in plans.values() if isinstance(plan, RefusedPlan))
    with pytest.raises(BadInput, match="schedule"):
        load_plan(refused | {"schedule": allowed["schedule"]})


def test_a_course_repeats_the_first_reason_of_a_plan_that_is_not_allowed(plans: dict[str, Plan]) -> None:
    refused = next(plan for plan in plans.values() if isinstance(plan, RefusedPlan))
    with pytest.raises(BadInput) as caught:
        load_allowed_plan(refused.to_json())
    assert f'verdict = "{refused.verdict}": this plan was not released' in str(caught.value)
    assert refused.reasons[0].text in str(caught.value)


@pytest.mark.parametrize(
    ("text", "needle"),
    [
        ("{", "not valid JSON"),
        ("[1]", "not an object"),
        ('{"verdict": NaN}', "not a finite number"),
        ("[" * 100_000, "nested too deeply"),
    ],
)
def test_a_file_that_is_no_plan_is_refused(tmp_path: Path, text: str, needle: str) -> None:
    path = tmp_path / "older.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput, match=needle) as caught:
        load_plan(path)
    assert str(caught.value).startswith("older.json")


@pytest.mark.parametrize(
    ("text", "key"),
    [('{"verdict": "refer", "verdict": "allowed"}', "verdict"), ('{"schedule": {"weeks": 4, "weeks": 400}}', "weeks")],
)
def test_a_key_given_twice_is_refused(text: str, key: str) -> None:
    """The last of two verdicts once counted, in silence."""
    with pytest.raises(BadInput) as caught:
        load_plan(text)
    assert str(caught.value) == f'plan.json: "{key}" is given more than once; keep one'


def test_a_path_given_as_text_is_told_how_to_be_given() -> None:
    with pytest.raises(BadInput, match=r'plan = "some/plan.json": not the text of a plan.json; .*pathlib\.Path'):
        load_plan("some/plan.json")


def test_a_missing_plan_names_its_folder(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"plan\.json: not in .*put the plan\.json"):
        load_plan(tmp_path / "plan.json")


def test_a_byte_order_mark_is_no_part_of_the_text(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    path.write_text(write_down().to_json(), encoding="utf-8-sig")
    assert load_plan(path) == write_down()


def test_places_of_a_session_are_site_and_side() -> None:
    plan = write_down(places=(("volar_wrist", "right"), ("neck", "")))
    assert plan.schedule.sessions[0].places == (("volar_wrist", "right"), ("neck", ""))
    assert write_down(places=()).schedule.sessions[0].places == (("", ""),)


def test_the_writer_changes_nothing(allowed: Document) -> None:
    before = copy.deepcopy(allowed)
    assert as_json(load_plan(allowed)) == before == allowed
