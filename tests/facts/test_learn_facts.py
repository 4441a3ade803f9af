"""Learn: ten questions filled from our tables, comparator cards and cost ranges; numbers are those of the sources."""

from __future__ import annotations

import re

import pytest
from reading_level import grade, syllables

from openpbm.errors import BadInput, FactsError
from openpbm.facts import learn
from openpbm.facts.claims import broken_claims
from openpbm.facts.comparators import DO_NOT_STOP, NO_HEAD_TO_HEAD, Comparator, comparators
from openpbm.facts.conditions import conditions
from openpbm.facts.costs import CostInput, cost_inputs
from openpbm.facts.learn import Question, evidence_version, questions
from openpbm.facts.references import references
from openpbm.facts.reviews import reviews
from openpbm.facts.studies import studies_of
from openpbm.facts.table import digest
from openpbm.version import __version__

HIGHEST_GRADE = 8.0
# The brief's ten, in its order.
TEN = [
    "what_is_it",
    "how_does_it_work",
    "is_it_proven",
    "how_is_it_done",
    "side_effects",
    "who_is_it_for",
    "time_to_result",
    "home_use",
    "versus_medicines",
    "cost",
]


def everything_said() -> dict[str, str]:
    said = {row.id: " ".join((row.question, row.summary, *row.answer)) for row in questions}
    said |= {row.id: " ".join((row.name, row.summary, *(s.text for s in row.statements))) for row in comparators}
    said |= {row.id: row.label for row in cost_inputs}
    return said | {"head_to_head": NO_HEAD_TO_HEAD, "do_not_stop": DO_NOT_STOP, "unsigned": learn.NOT_REVIEWED}


def test_the_ten_questions_of_the_brief() -> None:
    assert [row.id for row in questions] == TEN


def test_no_text_makes_a_prohibited_claim() -> None:
    assert {id: broken_claims(text) for id, text in everything_said().items() if broken_claims(text)} == {}


@pytest.mark.parametrize("row", questions, ids=lambda row: row.id)
def test_an_answer_is_read_by_eighth_graders(row: Question) -> None:
    assert grade(" ".join(row.answer)) <= HIGHEST_GRADE
    assert grade(row.summary) <= HIGHEST_GRADE


@pytest.mark.parametrize("row", comparators, ids=lambda row: row.id)
def test_the_plain_word_of_a_card_is_read_by_eighth_graders(row: Comparator) -> None:
    assert grade(row.summary) <= HIGHEST_GRADE
    assert grade(f"{NO_HEAD_TO_HEAD} {DO_NOT_STOP}") <= HIGHEST_GRADE


def test_the_grade_is_the_published_formula() -> None:
    """Kincaid 1975 worked by hand: 6 words, 1 sentence, 6 syllables; and a text no eighth grader reads."""
    assert grade("The cat sat on the mat.") == pytest.approx(0.39 * 6 + 11.8 * 1 - 15.59)
    assert grade("Photobiomodulation necessitates individualised irradiance determination.") > HIGHEST_GRADE


def test_syllables_are_counted_not_too_few() -> None:
    """Words counted by hand; the rules may miss one here and there, and not always to our advantage."""
    by_hand = "light1 session2 photobiomodulation8 medicine3 treated2 helped1 table2 muscle2 scale1 places2 causes2"
    by_hand += " eyes1 trial2 special2 diabetes4 neuropathy4 infrared3 evidence3 pregnancy3 needed2 serious3 quiet2"
    by_hand += " energy3 idea3 dialysis4 augmentation4 restless2 nerve1 damage2 handled2 experience4 question2"
    by_hand += " religion3 million2 safely2 careful2 placebo3 chemotherapy5 operation4 irritation4 clinician3 doing2"
    pairs = re.findall(r"([a-z]+)(\d)", by_hand)
    assert len(pairs) > 40
    assert {word: syllables(word) for word, _ in pairs} == {word: int(count) for word, count in pairs}


def test_every_source_is_listed_and_a_checked_row_has_checked_sources() -> None:
    for row in questions:
        assert set(row.sources) <= set(references.ids), row.id
        assert not row.verified or all(references[source].verified for source in row.sources), row.id
    for card in comparators:
        for statement in card.statements:
            assert not statement.verified or references[statement.source].verified, statement.text


def test_numbers_are_counted_in_the_table_of_trials() -> None:
    """By hand: of the diabetic trials twelve had a sham or the other limb under sham as control, five of them null."""
    sham = {"Leonard2004", "Zinman2004", "Clifft2005", "Anju2025", "Lavery2008", "Bashiri2013", "Yosifova2025"}
    sham |= {"Dpn980Weekly", "Chatterjee2019", "Swislocki2010", "Nawfar2011", "YamanySayed2012"}
    null = {row.id for row in studies_of("dpn") if row.null} & sham
    assert null == {
        "Zinman2004", "Clifft2005", "Lavery2008", "Swislocki2010", "Nawfar2011",
    }  # fmt: skip
    said = " ".join(questions["is_it_proven"].answer)
    assert f"diabetes: {len(sham)} studies used a sham. In {len(null)} of them, light did no better" in said
    assert "at home to 69 people" in said
    assert "820 people" in said


def test_doses_are_those_of_the_brief() -> None:
    """The brief's 10-50 mW/cm2 over 20-30 minutes is 12 to 90 J/cm2; WALT 2022 uses 2 to 6."""
    said = " ".join(questions["how_is_it_done"].answer)
    for number in ("810 to 850 nm", "20 to 30 minutes", "12 to 24 sessions", "12 to 90 J/cm2", "2 to 6 J/cm2"):
        assert number in said


def test_problems_without_a_trial_are_all_named() -> None:
    said = " ".join(questions["is_it_proven"].answer)
    without = [row.plain_name for row in conditions if row.no_trial and not row.specialist_only]
    assert len(without) >= 4
    assert all(name[1:] in said for name in without)


def test_no_placeholder_is_left() -> None:
    assert not [id for id, text in everything_said().items() if re.search(r"[{}]", text)]


def test_a_placeholder_that_no_table_gives_is_a_fault_of_ours() -> None:
    row = Question(id="x", question="?", summary="s", answer=("{unheard_of} minutes",), source="s", verified=False)
    with pytest.raises(FactsError, match="unheard_of"):
        learn._filled(row, {})


def test_no_text_claims_a_review_that_nobody_gave() -> None:
    assert list(reviews) == []


def test_the_evidence_version_is_computed() -> None:
    assert __version__ in evidence_version()
    assert digest()[:12] in evidence_version()


def test_an_unknown_question_names_the_known_ones() -> None:
    with pytest.raises(BadInput, match=r'question = "nonsense": unknown; known: .*what_is_it'):
        questions["nonsense"]


def test_cards_cover_the_comparators_of_the_brief() -> None:
    ids = {row.id for row in comparators}
    assert ids >= {"iron", "alpha_2_delta", "dopamine_agonists", "low_dose_opioid", "peroneal_nerve_stimulation"}
    assert {programme for row in comparators for programme in row.programmes} == set(learn.PROGRAMMES)


def test_published_numbers_of_the_cards() -> None:
    """Cochrane iron -3.78 (1.31 to 6.25); pramipexole 2006 -12.8/-13.8/-14.0 v -9.3; RESTFUL -7.2 v -3.8."""
    said = everything_said()
    assert "3.78 points more than placebo (1.31 to 6.25)" in said["iron"]
    assert "12.8, 13.8 and 14.0 points in three doses and by 9.3" in said["dopamine_agonists"]
    assert "7.2 points with the device and by 3.8 with a sham" in said["peroneal_nerve_stimulation"]
    assert "4.6 and 8.9" in said["neuropathic_pain_medicines"]


def test_statements_from_memory_are_marked() -> None:
    """What could not be read anywhere must not pass for checked: every price, and the opioid numbers."""
    cards = {row.id: row for row in comparators}
    assert not any(statement.verified for row in comparators for statement in row.cost)
    assert not any(statement.verified for statement in cards["low_dose_opioid"].statements)
    assert any(statement.verified for row in comparators for statement in row.efficacy)


def test_cost_ranges_are_ours_and_marked() -> None:
    assert {"clinic_session", "travel", "lamp", "lamp_life", "own_hour", "maintenance_per_week"} <= set(cost_inputs.ids)
    assert not any(row.verified for row in cost_inputs)
    assert (cost_inputs["clinic_session"].low, cost_inputs["clinic_session"].high) == (30.0, 150.0)
    assert (cost_inputs["lamp"].low, cost_inputs["lamp"].high) == (100.0, 1500.0)


def test_a_range_upside_down_is_refused() -> None:
    with pytest.raises(ValueError, match="low <= usual"):
        CostInput(id="x", label="x", unit="USD", low=2, high=1, usual=2, at_most=9, source="s", verified=False)
