"""The claims ledger of the brief: each wrong or unproven claim is hit, and our own honest sentences are spared."""

from __future__ import annotations

import re

import pytest

from openpbm.evidence.synthesis import evidence_statement
from openpbm.facts.claims import broken_claims, prohibited_claims
from openpbm.facts.conditions import conditions, rls_criteria
from openpbm.facts.medicines import medicines
from openpbm.facts.rules import rules

CLAIMS = [
    ("cure", "Near-infrared light cures restless legs."),
    ("cure", "Your neuropathy can be cured."),
    ("cure", "This is a cure for cramps."),
    ("cure", "Light will cure you."),
    ("cure", "The light cured her."),
    ("cure", "After 2.5 weeks the lamp had completely cured him."),
    ("cure", "It cured the restless legs."),
    ("cure", "Proof that light heals restless legs"),
    ("cure", "Near-infrared light can heal cramps."),
    ("stops_progression", "It CAN stop progression of neuropathy."),
    ("stops_progression", "Light reverses nerve damage."),
    ("regrows_nerves", "The lamp repairs damaged nerves."),
    ("pain_free_life", "Look forward to a pain-free life."),
    ("pain_free_life", "It gives permanent relief."),
    ("replaces_medicine", "Light replaces your medicine."),
    ("replaces_medicine", "Use the lamp instead of your tablets."),
    ("replaces_medicine", "It is a natural alternative to drugs."),
    ("stop_medicine", "After two weeks you can stop your medicine."),
    ("stop_medicine", "She could stop pramipexole."),
    ("stop_medicine", "By week 4 the patient was able to come off her dopamine agonist."),
    ("stop_medicine", "In the end he managed to give up all his tablets."),
    ("no_side_effects", "The treatment has no side effects."),
    ("no_side_effects", "It works without any known adverse effects."),
    ("no_systemic_effects", "There are no systemic effects."),
    ("no_tolerance", "Light does not cause tolerance."),
    ("no_tolerance", "There is no tolerance."),
    ("eyewear_unnecessary", "Eyewear is unnecessary."),
    ("eyewear_unnecessary", "Goggles are not needed."),
    ("penetrates_centimetres", "The light penetrates 2-7 cm into tissue."),
    ("penetrates_centimetres", "It reaches a depth of five centimetres."),
    ("lowers_pain_threshold", "Light reduces the pain threshold."),
    ("clinically_proven", "A clinically proven therapy."),
    ("clinically_proven", "It is proven to work."),
    ("clinically_proven", "Proof that light heals restless legs"),
    ("clinically_proven", "This case proves that near-infrared light works."),
    ("fda_approved", "An FDA approved lamp."),
    ("safe_for_everyone", "It is completely safe."),
    ("guaranteed", "Relief guaranteed."),
    ("raises_dopamine", "Light boosts dopamine."),
    ("ebadi_misquoted", "A 2023 study improved nerve conduction and quality of life."),
]

DENIALS = [
    "Light is not a cure.",
    "There is no cure for restless legs.",
    "Light cannot cure neuropathy and does not replace your medicine.",
    "Nothing shows that it does not stop or change the disease.",
    "Do not use light instead of your medicine.",
    "Do not stop a medicine on your own.",
    "It can have side effects such as warmth and redness.",
    "Nobody knows whether tolerance develops.",
    "Eyewear is needed for every session.",
    "Eyewear is not needed at this distance for 25 minutes.",
    "Seconds without eyewear: 185.",
    "Light does not penetrate 2-7 cm; a few percent is left at 2 cm.",
    "This is not clinically proven and not FDA approved.",
    "Light for this condition is investigational. Go on with your standard care. This is not medical advice.",
    "It is not known whether the light cured her.",
    "Nobody should read this as saying that light cured her.",
    "The light has not cured her.",
    "No light until the wound has healed.",
    "Burnt skin gets no light until it has healed; the lamp is checked.",
    "This is no proof that light works, and one person never proves that it does.",
    "She could not stop pramipexole.",
    "Pramipexole was stopped by the prescriber in week 2.",
    "She asked whether she could stop pramipexole.",
    "Only the prescriber can stop or change a medicine.",
    "The person may stop the sessions at any time.",
    "We cannot guarantee that it helps.",
    "Lie 15 cm from the lamp. No light over an open sore.",
]


@pytest.mark.parametrize(("claim", "sentence"), CLAIMS)
def test_the_claim_is_hit_in_any_case_and_across_lines(claim: str, sentence: str) -> None:
    assert claim in broken_claims(sentence)
    assert claim in broken_claims(sentence.upper().replace(" ", "\n  "))


@pytest.mark.parametrize("sentence", DENIALS)
def test_its_denial_is_spared(sentence: str) -> None:
    assert broken_claims(sentence) == ()


def test_every_claim_has_a_sentence_that_breaks_it() -> None:
    assert {row.id for row in prohibited_claims} == {claim for claim, _ in CLAIMS}


def test_patterns_compile_and_corrections_break_no_claim() -> None:
    for row in prohibited_claims:
        re.compile(row.pattern)
        assert broken_claims(row.correction) == (), row.id


def test_our_own_tables_make_no_claim() -> None:
    ours = [rule.text + " " + rule.question for rule in rules]
    ours += [medicine.message for medicine in medicines]
    ours += [criterion.text for criterion in rls_criteria]
    for condition in conditions:
        ours += [condition.advice, evidence_statement(condition.id).text]
        ours += [item.text + " " + item.message for item in condition.candidacy]
        ours += [protocol.note for protocol in condition.protocols]
    assert len(ours) > 300
    assert {text: broken_claims(text) for text in ours if broken_claims(text)} == {}
