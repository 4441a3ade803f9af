"""The evidence report: its pictures show what the pool says, and it says what changed since the last run."""

from __future__ import annotations

import dataclasses
import json
import re
from pathlib import Path

import pytest
from courses import make_course
from invented_trials import sham_trial

from openpbm.errors import BadInput
from openpbm.evidence.synthesis import current_summary, evidence_statement, known_condition
from openpbm.evidence.table.folder import write_folder
from openpbm.facts.conditions import conditions
from openpbm.planning.case_sections import evidence_of
from openpbm.report.case_report import draft_case_report
from openpbm.report.evidence import forest_picture
from openpbm.report.evidence.content import EvidenceContent, changes_since
from openpbm.report.evidence.publish import evidence_pictures, publish_evidence_report


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    room = tmp_path_factory.mktemp("report")
    publish_evidence_report("low_back_pain", room)
    return room


def test_page_and_data_hold_the_statement_and_the_notice(folder: Path) -> None:
    page = (folder / "evidence_low_back_pain.html").read_text(encoding="utf-8")
    assert evidence_statement("low_back_pain").text in page
    assert "This is not medical advice" in page
    assert "unsigned draft" in page
    # Works offline: nothing is asked for from elsewhere.
    assert not re.search(r'(?:src|href)="https?:', page)
    assert page.count("<svg ") == len(evidence_pictures(current_summary("low_back_pain"))) >= 5
    assert "−0.0" not in page


def test_a_second_run_says_what_changed(folder: Path) -> None:
    file = folder / "evidence_low_back_pain.json"
    first: EvidenceContent = json.loads(file.read_text(encoding="utf-8"))
    assert first["changes"] == ["This is the first run in this folder."]
    assert changes_since(dict(first), first) == ["Nothing changed since the last run."]
    earlier = {**first, "certainty": "low", "trials": first["trials"][1:]}
    said = changes_since(earlier, first)
    assert "Certainty: low before, very low now." in said
    assert f"New trial: {first['trials'][0][0]}." in said


def test_the_forest_names_every_trial_with_its_dose() -> None:
    drawn = forest_picture(current_summary("low_back_pain"))
    for words in ("Guimaraes 2021", "Glazov 2014", "1 and 4 J/cm²", "Pooled", "Djavid 2007", "no advantage found"):
        assert words in drawn
    assert 'role="img"' in drawn
    assert "style=" not in drawn


def test_a_condition_without_a_study_has_a_report_too() -> None:
    pictures = evidence_pictures(current_summary("nocturnal_cramps"))
    assert set(pictures) == {"forest", "flow"}


def test_the_case_report_quotes_the_same_statement_with_a_row_of_ones_own(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    course = make_course()
    condition = conditions[course.plan.condition.id]
    assert evidence_of(condition).statement == evidence_statement(condition.id).text
    write_folder(tmp_path, sham_trial("Own2026", condition=condition.id, value=-2.0, se=0.5))
    monkeypatch.setenv("OPENPBM_EVIDENCE", str(tmp_path))
    planned = dataclasses.replace(course.plan, evidence=evidence_of(condition))
    drafted = draft_case_report(dataclasses.replace(course, plan=planned))
    texts = [item["text"] for item in drafted["items"] if item["id"] == "introduction"]
    assert "This counts 1 study that was added here." in str(texts)


def test_an_unknown_condition_is_one_line_with_the_ids() -> None:
    with pytest.raises(BadInput, match="is not known") as refused:
        known_condition("nowhere")
    assert "carpal_tunnel" in str(refused.value)
    assert len(str(refused.value).splitlines()) == 1
