"""The graph as data: whole, sourced, and never saying that something unproven happens."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from asserted_arrows import asserted
from reading_level import grade

from openpbm.errors import BadInput
from openpbm.facts.mechanism import (
    GRADE_WORDS,
    Arrow,
    Prior,
    arrows,
    course_priors,
    form_weights,
    nodes,
    session_priors,
)
from openpbm.facts.references import references
from openpbm.mechanism import Switches, read_switches
from openpbm.mechanism.virtual_people import VirtualPeople

ROOT = Path(__file__).parents[2]
CLAIMED = re.compile(r"^It is said that ")


def test_every_arrow_joins_nodes_and_has_sources() -> None:
    for arrow in arrows:
        assert arrow.origin in nodes, arrow.id
        assert arrow.target in nodes, arrow.id
        for finding in arrow.evidence:
            assert finding.source in references, (arrow.id, finding.source)
    joined = {arrow.origin for arrow in arrows} | {arrow.target for arrow in arrows}
    assert joined == set(nodes.ids)


def test_below_grade_a_every_claim_is_told_as_said_and_something_speaks_against_what_the_brief_says() -> None:
    for arrow in arrows:
        assert bool(CLAIMED.match(arrow.claim)) == (arrow.grade != "A"), arrow.id
        if arrow.grade in "DE" and arrow.brief != "unsaid" and arrow.id != "conduction_eases":
            assert arrow.findings("against"), arrow.id
    assert arrows["light_moves_pain_threshold"].brief == "reversed"
    assert arrows["light_raises_dopamine"].weight < 0.05
    assert set(GRADE_WORDS) == {arrow.grade for arrow in arrows}


@pytest.mark.parametrize("arrow", arrows, ids=lambda arrow: arrow.id)
def test_what_people_read_of_an_arrow_is_plain_and_told_as_said(arrow: Arrow) -> None:
    """Flesch-Kincaid grade 8 at most (Kincaid 1975), sentence by sentence and together."""
    texts = (arrow.plain, arrow.plain_known, arrow.plain_test)
    assert [text for text in (*texts, " ".join(texts)) if grade(text) > 8.0] == []
    assert bool(CLAIMED.match(arrow.plain)) == (arrow.grade != "A")


def test_a_claim_that_is_not_told_as_said_is_found_and_none_is_in_the_documents() -> None:
    for arrow in arrows:
        as_said = (arrow.claim, arrow.plain, arrow.plain_known, arrow.plain_test, *(row.text for row in arrow.evidence))
        assert [asserted(text) for text in as_said] == [[]] * len(as_said), arrow.id
        if arrow.grade != "A":
            stark = re.sub(r"\bwould (\w+)", r"\1s", CLAIMED.sub("", arrow.claim))
            assert asserted(stark), stark
    pages = [path for path in (ROOT / "docs").rglob("*.md")] + [ROOT / "README.md", ROOT / "CHANGELOG.md"]
    assert len(pages) > 40
    found = {path.name: asserted(path.read_text(encoding="utf-8")) for path in pages}
    assert {name: sentences for name, sentences in found.items() if sentences} == {}


def test_weights_of_certain_arrows_are_one_and_forms_share_one_with_the_null() -> None:
    assert {arrow.weight for arrow in arrows if arrow.grade == "A"} == {1.0}
    assert sum(form_weights().values()) == pytest.approx(1.0)
    assert form_weights()["M0"] > 0.0


def test_every_prior_has_a_source_and_none_is_said_to_be_verified() -> None:
    priors = [*course_priors().values()]
    for compartment in ("skin", "muscle", "nerve"):
        priors += session_priors(compartment).values()
    for prior in priors:
        assert prior.source in references, prior.name
        assert not prior.verified, prior.name
    with pytest.raises(ValueError, match="x: a uniform prior needs low"):
        Prior(name="x", kind="uniform", unit="-", source="mechanism_assumed", high=1.0)


def test_people_have_arrows_by_their_weight_or_as_somebody_set_them() -> None:
    people = VirtualPeople(1000, seed=2)
    drawn = Switches.drawn(people, {"light_eases": False})
    assert drawn.on["light_opens_no_stores"].mean() == pytest.approx(0.6, abs=0.002)
    assert not drawn.on["light_eases"].any()
    assert drawn.on["light_warms"].all()
    assert read_switches(["light_eases=on", "light_warms=off"]) == {"light_eases": True, "light_warms": False}


@pytest.mark.parametrize(
    ("word", "message"),
    [
        ("light_easess=on", "unknown; did you mean light_eases"),
        ("light_eases", "is no switch; write ID=on or ID=off"),
        ("light_eases=maybe", "is no switch; write ID=on or ID=off"),
    ],
)
def test_a_switch_that_is_none_is_named(word: str, message: str) -> None:
    with pytest.raises(BadInput, match=message):
        read_switches([word])


def test_ranks_are_even_apart_by_name_and_the_same_again() -> None:
    people = VirtualPeople(100, seed=9)
    ranks = people.ranks("tone_s")
    assert sorted((100 * ranks).astype(int)) == list(range(100))
    assert (ranks == VirtualPeople(100, seed=9).ranks("tone_s")).all()
    assert abs(float((ranks * people.ranks("tone_gain")).mean()) - 0.25) < 0.05
