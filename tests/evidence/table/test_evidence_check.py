"""The evidence table refuses what cannot be so: each check is shown a row that was right before one figure was changed.

Zinman 2004 prints -1.0 (0.4) against 0.0 (0.4) and p 0.07, so 0.4 is a standard error; Hsieh and Lee 2014 print
34.7 mW/cm2 over 40 minutes and 83.2 J/cm2; das Neves 2024 4 J, 127 J/cm2, 3.18 W/cm2 and 40 s.
"""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from openpbm.evidence.table import EvidenceTable, check_table, complete, missing, shipped_table
from openpbm.facts.study_rows import Dose, Outcome

TABLE = shipped_table()
#: Rows whose text prints what cannot be so, by the rule it breaks.
PRINTED_SO = {
    ("Ceccherelli1989.light", "session_energy"),
    ("Konstantinovic2010Neck.light", "fluence"),
    ("Konstantinovic2010Neck.light-sham.arm_pain@3", "p_of_d"),
    ("Tehrani2022.light-control.disability@end", "p_range"),
    ("Tehrani2022.light-control.pain_vas_cm@end", "p_of_ci"),
    ("Abdelbasset2020b.light-nothing.pain_vas@12", "p_word"),
    ("Chow2006.light-sham.npq@12", "ci_order"),
}


def dose(id: str) -> Dose:
    return next(row for row in TABLE.doses if row.id == id)


def with_row(kind: str, old: object, **changes: Any) -> EvidenceTable:
    rows = tuple(dataclasses.replace(row, **changes) if row is old else row for row in TABLE.rows(kind))
    return dataclasses.replace(TABLE, **{kind: rows})  # type: ignore[arg-type]


def faults(table: EvidenceTable) -> list[str]:
    return [str(problem) for problem in check_table(table).problems]


def test_what_ships_holds_nothing_that_cannot_be_so_but_what_the_texts_print() -> None:
    checked = check_table(TABLE)
    assert checked.problems == ()
    assert {(conflict.fault.row, conflict.fault.rule) for conflict in checked.conflicts} >= PRINTED_SO


@pytest.mark.parametrize(
    ("id", "changes", "expected"),
    [
        ("Hsieh2014.light", {"fluence_j_cm2": 832.0}, "comes to 83.3"),
        ("Hsieh2014.light", {"irradiance_mw_cm2": 0.0347}, "mW and W"),
        ("Hsieh2014.light", {"power_mw": 6.24}, "makes a pad of 0.18 cm2"),
        ("Hsieh2014.light", {"seconds": 40.0}, "minutes taken for seconds"),
        ("Hsieh2014.light", {"sessions": 12, "weeks": 2.0}, "sessions_per_week 3 x weeks 2 comes to 6"),
        ("dasNeves2024.light", {"session_energy_j": 4.0}, "a point and a session mixed"),
        ("Hsieh2014.light", {"irradiance_how": ""}, "without how it was known"),
        ("Hsieh2014.light", {"wavelength_nm": "78"}, "outside 400 to 1400"),
    ],
)
def test_a_dose_that_does_not_multiply_out_is_refused(id: str, changes: dict[str, Any], expected: str) -> None:
    found = faults(with_row("doses", dose(id), **changes))
    assert len(found) == 1
    assert id in found[0]
    assert expected in found[0]


def outcome(study: str, arm: str, name: str, **wanted: object) -> Outcome:
    return next(
        row
        for row in TABLE.outcomes
        if (row.study, row.arm, row.outcome) == (study, arm, name)
        and all(getattr(row, column) == value for column, value in wanted.items())
    )


def test_a_standard_error_entered_as_a_deviation_is_refused() -> None:
    """Zinman 2004: with 0.4 as a deviation t would be 8.8 beside the printed p of 0.07."""
    table = TABLE
    for arm in ("light", "sham"):
        old = outcome("Zinman2004", arm, "pain_vas_cm", measure="change")
        new = dataclasses.replace(old, sd=0.4, se=None)
        rows = tuple(new if row is old else row for row in table.outcomes)
        table = dataclasses.replace(table, outcomes=rows)
    assert any("t 8.8, and p 0.07 is printed: a standard error?" in line for line in faults(table))


CHATTERJEE = {"study": "Chatterjee2019", "arm": "light", "name": "pain_vas_mm", "weeks": 12}
GUIMARAES = {"study": "Guimaraes2021", "arm": "light", "name": "nrs", "measure": "difference"}
DJAVID = {"study": "Djavid2007", "arm": "light", "name": "pain_vas_cm", "weeks": 12}


@pytest.mark.parametrize(
    ("row", "changes", "expected"),
    [
        (CHATTERJEE, {"sd": 4.4}, "a standard error?"),
        (CHATTERJEE, {"se": 19.6}, "SD 19.6 of 20 people gives SE 4.38"),
        (GUIMARAES, {"se": 0.95}, "the interval -0.94 to 0.96 gives SE 0.485"),
        (CHATTERJEE, {"sd": 70.0}, "a scale of 0 to 100 allows"),
        (CHATTERJEE, {"value": 318.2}, "outside 0 to 100"),
        (CHATTERJEE, {"n": 24}, "more than the 20 people of its arm"),
        (CHATTERJEE, {"unit": "%"}, "a percentage of a mean"),
        (GUIMARAES, {"value": 1.01}, "does not hold it"),
        (GUIMARAES, {"p": "0.001"}, "does not fit the interval"),
        (DJAVID, {"p": "0.3"}, "does not fit the interval"),
        (DJAVID, {"p": "3.0"}, "no number from 0 to 1"),
        (DJAVID, {"favours": "neither"}, "below 0.05"),
        (DJAVID, {"outcome": "pain_vas_inch"}, "not a known outcome"),
        (DJAVID, {"versus": "shan"}, "no such arm"),
    ],
)
def test_a_figure_that_cannot_be_so_is_refused(row: dict[str, Any], changes: dict[str, Any], expected: str) -> None:
    old = outcome(**row)
    found = faults(with_row("outcomes", old, **changes))
    assert any(expected in line and old.study in line for line in found), found


def test_people_do_not_appear() -> None:
    arm = next(row for row in TABLE.arms if row.id == "Chatterjee2019.sham")
    assert any("more than the 20 randomised" in line for line in faults(with_row("arms", arm, n_analysed=23)))
    study = next(row for row in TABLE.studies if row.id == "Djavid2007")
    assert any("its arms hold 61" in line for line in faults(with_row("studies", study, n_randomised=58)))
    early = outcome("Chow2006", "sham", "pain_vas_cm", weeks=0)
    assert any("do not appear later" in line for line in faults(with_row("outcomes", early, n=40)))
    events = outcome("Teng2022", "light", "cipn_responders", weeks=6)
    assert any("more than the 29 people" in line for line in faults(with_row("outcomes", events, events=31)))


def test_the_same_people_in_two_papers_and_a_sham_that_gives_light_are_said() -> None:
    study = next(row for row in TABLE.studies if row.id == "Lodewijckx2022")
    again = dataclasses.replace(study, id="Joy2022")
    doubled = dataclasses.replace(TABLE, studies=(*TABLE.studies, again))
    assert any("is that of Lodewijckx2022 too" in line for line in faults(doubled))
    again = dataclasses.replace(again, people_also_in="Lodewijckx2022")
    assert faults(dataclasses.replace(TABLE, studies=(*TABLE.studies, again))) == []
    assert any(
        "a sham that gives light" in line for line in faults(with_row("doses", dose("Hsieh2014.light"), arm="sham"))
    )


def test_a_note_that_a_text_prints_so_must_name_a_rule_the_row_breaks() -> None:
    found = faults(with_row("doses", dose("Hsieh2014.light"), printed_conflict="energy: whatever"))
    assert len(found) == 1
    assert "does not break that rule" in found[0]


def test_verified_needs_a_text_that_was_read() -> None:
    study = next(row for row in TABLE.studies if row.id == "Kumar2015")
    assert any("read in an abstract or paper" in line for line in faults(with_row("studies", study, verified=True)))


def test_every_dose_with_power_area_or_irradiance_and_time_is_complete() -> None:
    """A readable text that gives them has a dose that multiplies out; for the others what is missing is named."""
    complete_doses = 0
    for row in TABLE.doses:
        if row.printed_conflict or row.power_is == "unclear":
            continue
        known, lacking = complete(row).values, missing(row)
        intensity = row.irradiance_mw_cm2 or (row.power_mw and (row.area_cm2 or row.diameter_cm))
        if intensity and row.seconds:
            assert "fluence_j_cm2" in known, row.id
            complete_doses += 1
        if row.power_mw and row.seconds:
            assert "energy_j" in known, row.id
        assert lacking or len(known) >= 8, row.id
    assert complete_doses >= 6


def test_what_is_computed_is_what_the_texts_print_elsewhere() -> None:
    """By hand: Djavid 2007 27.2 J/cm2 in a round spot of 0.53 cm; Glazov 2014 0.2 cm2, 4 J/cm2; Basford 1999 48.8."""
    assert complete(dose("Djavid2007.light")).values["fluence_j_cm2"] == pytest.approx(27.2, abs=0.05)
    assert complete(dose("Glazov2014.light")).values["fluence_j_cm2"] == pytest.approx(4.0)
    assert complete(dose("Basford1999.light")).values["fluence_j_cm2"] == pytest.approx(48.78)
    assert "power: whether the printed one is the mean" in missing(dose("Chang2008.light"))
    assert "area of the spot" in missing(dose("Kemmotsu1991.light"))
