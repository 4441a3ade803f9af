"""Conditions: the brief's 12-90 J/cm2, WALT 2010 points, AASM 2025 iron thresholds, and the no-trial lines."""

from __future__ import annotations

import pytest
from pydantic import TypeAdapter, ValidationError

from openpbm.errors import BadInput
from openpbm.evidence.synthesis import evidence_statement
from openpbm.facts.conditions import Protocol, conditions, iron_rules, programme_condition, rls_criteria
from openpbm.facts.references import references
from openpbm.facts.sites import sites
from openpbm.facts.studies import doses, studies, studies_of

PROTOCOLS = [(row, protocol) for row in conditions for protocol in row.protocols]
PROGRAMMES = ("rls", "neuropathic_pain", "neuropathy", "muscle_spasm")


def test_the_catalogue() -> None:
    assert {row.id for row in conditions} >= {
        "rls_primary",
        "rls_ckd",
        "dpn",
        "cipn",
        "phn",
        "carpal_tunnel",
        "myofascial_spasm",
        "nocturnal_cramps",
    }
    assert conditions["carpal_tunnel"].programme == "neuropathic_pain"


@pytest.mark.parametrize("programme", PROGRAMMES)
def test_each_programme_has_one_stand_in(programme: str) -> None:
    stand_ins = [row for row in conditions if row.programme == programme and row.default_of_programme]
    assert [programme_condition(programme)] == stand_ins  # type: ignore[arg-type]
    assert stand_ins[0].protocols


def test_an_unknown_diagnosis_is_answered_by_its_meaning() -> None:
    with pytest.raises(BadInput, match=r'diagnosis = "sciatica": unknown; did you mean radiculopathy'):
        conditions["sciatica"]


def test_every_source_and_trial_exists() -> None:
    known_trials = {study.id: study.condition for study in studies}
    for row in conditions:
        assert row.source in references, row.id
        assert {item.source for item in row.candidacy} <= set(references.ids), row.id
    assert {source for row in conditions for source in row.further_sources} <= set(references.ids)
    for row, protocol in PROTOCOLS:
        assert protocol.source in references, protocol.id
        assert all(known_trials[trial] == row.id for trial in protocol.trials), protocol.id
    assert {criterion.source for criterion in rls_criteria} <= set(references.ids)


def test_protocol_ids_are_unique_and_begin_with_their_condition() -> None:
    ids = [protocol.id for _, protocol in PROTOCOLS]
    assert len(set(ids)) == len(ids)
    assert all(protocol.id.startswith(row.id) for row, protocol in PROTOCOLS)


def test_trials_and_brief_are_kept_apart() -> None:
    for _, protocol in PROTOCOLS:
        assert bool(protocol.trials) == (protocol.origin == "trial"), protocol.id
        assert (protocol.origin == "brief") == protocol.source.startswith("brief"), protocol.id


def test_the_brief_for_restless_legs() -> None:
    """10-50 mW/cm2 for 20-30 minutes is 12-90 J/cm2."""
    brief = conditions["rls_primary"].protocols[0]
    assert brief.origin == "brief"
    assert (brief.wavelength_nm, brief.sessions_per_week, brief.weeks) == ((810, 850), (3, 4), (4, 6))
    assert brief.irradiance_mw_cm2 is not None
    low, high = (e * t * 60 / 1000 for e, t in zip(brief.irradiance_mw_cm2, brief.minutes, strict=True))
    assert (low, high) == (12, 90)


def test_a_wavelength_used_in_a_trial_is_inside_some_protocol_of_its_condition() -> None:
    for row in conditions:
        if row.specialist_only:
            continue
        # High-intensity lasers are a stratum of their own; what is never pooled shapes no protocol.
        own = {study.id for study in studies_of(row.id) if not study.stratum and not study.excluded}
        used = {
            wavelength
            for dose in doses()
            if dose.study in own
            for wavelength in dose.wavelengths_nm
            if wavelength < 1000
        }
        for wavelength in used:
            assert any(p.wavelength_nm[0] <= wavelength <= p.wavelength_nm[1] for p in row.protocols), (
                row.id,
                wavelength,
            )


def test_point_protocols_agree_with_walt() -> None:
    """WALT 2010, 780-860 nm: wrist 2-3 points, neck 4-12, lower back 4-8, at least 4 J a point, 20-300 s a point."""
    expected = {
        "carpal_tunnel_walt": (2, 3),
        "myofascial_spasm_walt": (4, 12),
        "low_back_spasm_walt": (4, 8),
    }
    found = {protocol.id: protocol for _, protocol in PROTOCOLS}
    for id, points in expected.items():
        protocol = found[id]
        assert protocol.mode == "point"
        assert protocol.points == points
        assert protocol.energy_per_point_j is not None
        assert protocol.energy_per_point_j[0] == 4
        assert protocol.minutes[0] == pytest.approx(points[0] * 20 / 60, abs=0.05)
        assert protocol.minutes[1] == pytest.approx(points[1] * 300 / 60, abs=0.05)


def test_where_there_is_no_trial_it_is_said_and_none_is_listed() -> None:
    assert conditions["nocturnal_cramps"].no_trial
    for row in conditions:
        known = evidence_statement(row.id)
        assert ("no trial found: single-person trial only" in known.text) == row.no_trial == known.no_trial, row.id
        assert row.no_trial == (studies_of(row.id) == ()), row.id
        assert row.no_trial == (known.certainty == "none"), row.id
        if row.no_trial:
            assert all(protocol.origin != "trial" for protocol in row.protocols), row.id


def test_the_statement_on_diabetic_neuropathy_names_its_nulls() -> None:
    statement = evidence_statement("dpn").text
    assert "Clifft 2005" in statement
    assert "Lavery 2008" in statement
    assert "worse than control" in statement


def test_no_plan_where_a_specialist_decides() -> None:
    kept_back = {row.id for row in conditions if row.specialist_only}
    assert kept_back == {
        "post_stroke_pain",
        "rls_pregnancy",
        "spasticity",
        "spinal_cord_injury_pain",
        "trigeminal_neuralgia",
    }
    assert all(not row.protocols for row in conditions if row.specialist_only)


def test_candidacy_asks_for_iron_and_standard_care() -> None:
    items = {item.id for item in conditions["rls_primary"].candidacy}
    assert {"iron_done", "standard_care_offered", "earlier_treatments_recorded"} <= items
    for row in conditions:
        ids = [item.id for item in row.candidacy]
        assert len(set(ids)) == len(ids)
        assert "standard_care_offered" in ids


def test_iron_thresholds() -> None:
    """AASM 2025: ferritin 75 and 100 ug/L, transferrin saturation 20 percent; no iron at 45 percent."""
    iron = iron_rules()
    assert (iron.ferritin_low_ug_l.value, iron.ferritin_intermediate_ug_l.value) == (75, 100)
    assert (iron.tsat_low_percent.value, iron.tsat_no_iron_percent.value) == (20, 45)
    assert iron.stale_after_days.value == 92


GOOD = {
    "id": "x",
    "origin": "brief",
    "mode": "area",
    "wavelength_nm": (810, 850),
    "irradiance_mw_cm2": (10, 50),
    "minutes": (20, 30),
    "sessions_per_week": (3, 4),
    "weeks": (4, 6),
    "source": "brief000",
}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"irradiance_mw_cm2": None}, "needs fluence_j_cm2"),
        ({"mode": "point"}, "needs energy_per_point_j"),
        ({"minutes": (30, 20)}, "lowest above highest in minutes"),
        ({"wavelength_nm": (810, 1450)}, "less than or equal to 1000"),
        ({"dose": 3}, "Unexpected"),
    ],
)
def test_a_broken_protocol_is_refused(change: dict[str, object], said: str) -> None:
    TypeAdapter(Protocol).validate_python(GOOD)
    with pytest.raises(ValidationError, match=said):
        TypeAdapter(Protocol).validate_python(GOOD | change)


def test_where_a_condition_is_usually_treated_and_what_it_is_about_exist() -> None:
    structures = {target.id for site in sites for target in site.targets}
    for row in conditions:
        assert set(row.usual_sites) <= set(sites.ids), row.id
        assert not any(sites[site].specialist_only for site in row.usual_sites), row.id
        assert set(row.targets) <= structures, row.id
