"""`openpbm respond` and `openpbm mechanism`: their contracts, sham and switches, and what no text may say."""

from __future__ import annotations

import functools
import json
import sys
from pathlib import Path
from typing import Any

import pytest
from asserted_arrows import asserted

from openpbm.case import read_case
from openpbm.cli import main
from openpbm.cli.respond import own_course, print_response
from openpbm.facts.mechanism import arrows, form_weights
from openpbm.facts.notice import NOTICE
from openpbm.mechanism import respond
from openpbm.mechanism.as_json import expected_as_json, response_as_json
from openpbm.mechanism.expected_course import expect_course
from openpbm.mechanism.reference_session import SWITCHED, reference_session
from openpbm.mechanism.respond import NOT_IDENTIFIED
from openpbm.mechanism.session_answer import WORDS
from openpbm.planning import AllowedPlan, Quality, make_plan
from openpbm.safety import Screening, screen

ROOT = Path(__file__).parents[2]
CASE = str(ROOT / "examples" / "restless_legs.toml")
FEW = ("--people", "60")


def ran(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *words: str, status: int = 0
) -> tuple[str, str]:
    monkeypatch.setattr(sys, "argv", ["openpbm", *words])
    with pytest.raises(SystemExit) as left:
        main()
    assert (left.value.code or 0) == status
    shown = capsys.readouterr()
    return shown.out, shown.err


@functools.cache
def planned() -> tuple[Screening, AllowedPlan]:
    screening = screen(read_case(Path(CASE)))
    plan = make_plan(screening, quality=Quality(scenarios=16))
    assert isinstance(plan, AllowedPlan)
    return screening, plan


def response(*off: str, sham: bool = False, sham_heat: bool = False) -> dict[str, Any]:
    """As `openpbm respond` gives it, of a plan made once."""
    forced = dict.fromkeys(off, False)
    return response_as_json(respond(*planned(), forced=forced, sham=sham, sham_heat=sham_heat, people=60))


def values(content: dict[str, Any], name: str, compartment: str, band: str = "median") -> list[float]:
    shown = content["sessions"]["observables"]
    (row,) = [row for row in shown if (row["name"], row["compartment"]) == (name, compartment)]
    assert len(row[band]) == len(content["sessions"]["times_s"])
    return list(row[band])


def test_json_follows_its_contract_and_warmth_stands_apart(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    out, _ = ran(monkeypatch, capsys, "respond", CASE, "--json", *FEW, "--out", str(tmp_path))
    content = json.loads(out)
    names = "oxcco_um hbo2_um flow_percent tcpo2_kpa atp_flux_percent temperature_c conduction_m_s block"
    assert {row["name"] for row in content["sessions"]["observables"]} == set(names.split())
    flow, warm = (values(content, "flow_percent", "skin", band) for band in ("median", "thermal_median"))
    assert max(warm) > 0.5 * max(flow) > 0.0
    course = content["course"]
    assert (course["scale"], course["maximum"]) == ("irls", 40.0)
    for part in ("sham", "specific", "total"):
        assert set(course[part]) == {"p5", "median", "p95"}
        assert len(course[part]["median"]) == len(course["days"])
    assert min(course["total"]["p5"]) >= 0.0
    assert max(course["total"]["p95"]) <= 40.0
    assert 0.0 < course["weight_null"] < 1.0
    assert {row["id"]: row["on"] for row in content["arrows"]} == dict.fromkeys(arrows.ids, "by weight")
    assert content["not_identified"]
    assert content["notice"] == NOTICE
    assert (tmp_path / "response.png").read_bytes().startswith(b"\x89PNG")
    assert json.loads((tmp_path / "response.json").read_text(encoding="utf-8")) == content


def test_a_lamp_without_light_and_heat_changes_nothing() -> None:
    content = response(sham=True)
    for row in content["sessions"]["observables"]:
        for band in ("p5", "median", "p95", "thermal_median"):
            assert set(row[band]) == {0.0}, row["name"]
    assert set(content["course"]["specific"]["p95"]) == {0.0}
    assert content["course"]["total"] == content["course"]["sham"]


def test_every_arrow_off_is_the_lamp_without_light_and_heat_to_the_bit() -> None:
    content, sham = response(*arrows.ids), response(*arrows.ids, sham=True)
    assert content == sham
    assert {row["on"] for row in content["arrows"]} == {False}


def test_a_lamp_that_only_warms_is_the_thermal_part() -> None:
    content = response(sham_heat=True)
    for row in content["sessions"]["observables"]:
        assert row["median"] == row["thermal_median"], row["name"]
    assert max(values(content, "flow_percent", "skin")) > 1.0
    assert set(content["course"]["specific"]["p95"]) == {0.0}


def test_the_session_that_anybody_may_look_at_follows_its_switches() -> None:
    """Stores of NO raise the flow where they open, a lamp that only warms is the thermal part, the dark is 0."""
    freed = dict.fromkeys(("light_opens_no_stores", "light_frees_no_at_oxidase"), False)
    on = reference_session(freed | {"light_opens_no_stores": True}).shown("skin", "flow_percent")
    off = reference_session(freed).shown("skin", "flow_percent")
    end = int(on.median.argmax())
    assert on.median[end] > 1.05 * on.thermal_median[end]
    assert off.median == pytest.approx(off.thermal_median, rel=1e-6)
    warm = reference_session({}, "warm").shown("skin", "flow_percent")
    assert (warm.median == warm.thermal_median).all()
    assert warm.median[end] == pytest.approx(on.thermal_median[end])
    for shown in reference_session({}, "dark").observables:
        assert not shown.p5.any()
        assert not shown.p95.any()
    assert all(arrows[id].grade != "A" and arrows[id].model == "session" for id in SWITCHED)


def test_the_course_of_a_plan_is_that_of_its_response_and_scores_move_it() -> None:
    same = expected_as_json(expect_course(*planned(), {}, people=60))
    course = response()["course"]
    assert {key: same["course"][key] for key in course} == course
    assert same["personal"]["effective_people"] == pytest.approx(60)
    # Without scores nobody weighs more: one definition, by form of dose and by arrow, so above the form's weight alone.
    assert same["personal"]["weight_null"] == pytest.approx(course["weight_null"])
    assert course["weight_null"] > form_weights()["M0"]
    moved = expect_course(*planned(), {-3.0: 27.0, 14.0: 27.0, 42.0: 27.0}, people=60)
    assert moved.start_known
    assert moved.course.start == 27.0
    assert moved.personal.effective_people < 40
    assert moved.personal.total.median[42] > moved.course.total.median[42]


def test_words_say_mostly_heat_and_nothing_unproven(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    print_response(respond(*planned(), forced={}, people=60))
    out = " ".join(capsys.readouterr().out.split())
    assert "mostly heat" in out
    assert NOTICE in out
    graph = ran(monkeypatch, capsys, "mechanism")[0]
    content = json.loads(ran(monkeypatch, capsys, "mechanism", "--json")[0])
    assert [set(row) for row in content["arrows"]] == [
        {"id", "from", "to", "sign", "grade", "weight", "claim", "for", "against", "measured_by", "model", "brief"}
    ] * len(arrows)
    # A table cuts its sentences; what stands in it is in the JSON too.
    beside = " ".join(line for line in graph.splitlines() if "│" not in line)
    texts = [out, beside, *NOT_IDENTIFIED, *WORDS.values()]
    for row in content["arrows"]:
        texts += [row["claim"], *(finding["text"] for finding in (*row["for"], *row["against"]))]
    assert [sentence for text in texts for sentence in asserted(text)] == []


def test_a_case_without_a_plan_has_no_response(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    refused = str(ROOT / "examples" / "insensate_foot.toml")
    out, err = ran(monkeypatch, capsys, "respond", refused, "--json", *FEW, status=3)
    assert out == ""
    assert "openpbm plan says why" in err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--arrow", "light_ease=on"), "did you mean light_eases"),
        (("--arrow", "light_eases=2"), "is no switch"),
        (("--people", "1"), "--people"),
        (("--people", "99999999999"), "--people"),
        (("--score", "nan=20"), "is no day with points; write DAY=POINTS"),
        (("--score", "14=nan"), "is no day with points; write DAY=POINTS"),
        (("--score", "14=19", "--score", "14=3"), "is a second score of that day"),
        (("--score", "14=19", "--course", "here", "--week", "4"), "is given beside --course"),
        (("--course", "here"), "goes with --week"),
        (("--washout-below", "0"), "--washout-below"),
    ],
)
def test_bad_input_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], message: str
) -> None:
    _, err = ran(monkeypatch, capsys, "respond", CASE, *words, status=2)
    assert message in err
    assert err.count("\n") == 1


def test_the_course_of_a_person_brings_scores_and_what_the_checkpoint_says() -> None:
    """The made-up course: better by week 4, so that its rules leave the minutes as they are."""
    scores, stand = own_course(ROOT / "examples" / "courses" / "calf_evening", 4, "irls")
    assert scores == {-7.0: 26.0, 0.0: 25.0, 7.0: 22.0, 14.0: 19.0, 21.0: 17.0}
    assert not stand.minutes_open
    answer = respond(*planned(), scores=scores, checkpoint=stand, people=60)
    content = response_as_json(answer)
    assert content["proposal"]["minutes"] is None
    assert "Finish the course as planned" in content["proposal"]["reason"]
    assert set(content["personal"]["washout"]) == {"below", "chance", "weeks"}


def test_a_folder_that_cannot_be_written_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """An export into a file's place: nothing is half written."""
    (tmp_path / "taken").write_text("mine", encoding="utf-8")
    _, err = ran(monkeypatch, capsys, "mechanism", "--export", str(tmp_path / "taken"), status=2)
    assert "cannot be written" in err
    assert err.count("\n") == 1
    assert (tmp_path / "taken").read_text(encoding="utf-8") == "mine"
