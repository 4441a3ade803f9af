"""The screening questions as a person meets them: grouped, in plain words, only those that matter to the complaint."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass

from openpbm.case import Complaint
from openpbm.facts.conditions import Condition
from openpbm.facts.rules import Implication, Rule, implied_by, rules
from openpbm.files import JsonObject

__all__ = ["GROUPS", "QuestionGroup", "asked_codes", "complaint_of", "implied_of", "question"]


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionGroup:
    """One page of questions.

    rest_is_no : whether one tick may answer all questions left open with no
    """

    id: str
    title: str
    intro: str
    codes: tuple[str, ...]
    rest_is_no: bool = True


GROUPS = (
    QuestionGroup(
        id="cannot-wait",
        title="Signs that cannot wait",
        intro="If you say yes to one of these, get help first. Light can wait.",
        codes=(
            "stroke_signs", "chest_pain", "breathing_or_swallowing_trouble", "new_paralysis",
            "rapidly_ascending_weakness", "cauda_equina_signs", "double_vision", "new_balance_loss",
            "rhabdomyolysis_signs",
            "tetanus_signs", "tetany_signs", "hyperthermia_with_rigidity", "deep_vein_thrombosis_suspected",
            "foot_ulcer", "charcot_foot", "foot_infection", "gangrene", "critical_limb_ischaemia",
            "ophthalmic_zoster", "excessive_sedation", "suicidal_thoughts", "severe_depression", "new_limb_weakness",
            "spine_infection_or_fracture_signs",
        ),
    ),
    QuestionGroup(
        id="doctor-first",
        title="Signs a doctor should see first",
        intro="These can have a cause that needs its own treatment.",
        codes=(
            "motor_neurone_signs", "progressive_motor_neuropathy", "bulbar_signs", "subacute_neuropathy",
            "unexplained_weight_loss", "night_sweats", "cancer_with_unexplained_neuropathy", "vasculitic_rash",
            "paraproteinaemia_suspected", "neuropathy_not_worked_up", "trigeminal_pain_before_age_40",
            "trigeminal_pain_both_sides", "trigeminal_sensory_loss", "other_cranial_nerve_signs", "thenar_wasting",
            "constant_hand_numbness", "severe_refractory_rls", "augmentation_suspected",
            "impulse_control_disorder", "opioid_needed_for_rls", "ferritin_low_after_three_months_of_iron",
            "restless_legs_in_pregnancy",
        ),
    ),
    QuestionGroup(
        id="skin",
        title="Cancer, skin and light",
        intro="“The area” is the skin that the light would fall on.",
        codes=(
            "malignancy_in_field", "suspicious_lesion_in_field", "malignancy_known", "radiotherapy_field_unhealed",
            "visible_light_reaction", "photosensitive_epilepsy", "porphyria", "lupus_photosensitive",
            "solar_urticaria", "xeroderma_pigmentosum", "albinism", "active_bleeding_in_field",
            "recent_steroid_injection_in_field", "recent_botulinum_or_filler_in_field", "tattoo_in_field",
            "pigmented_or_tanned_skin_in_field", "thyroid_in_field",
        ),
    ),
    QuestionGroup(
        id="nerves",
        title="Nerves, feeling and mind",
        intro="Skin that feels little, or a person who cannot say stop, needs more care with warmth.",
        codes=(
            "loss_of_protective_sensation", "neuropathy_known", "cognitive_impairment", "cannot_report_pain",
            "bipolar_disorder", "multiple_sclerosis", "parkinson_disease", "spinal_cord_lesion",
            "autonomic_neuropathy",
        ),
    ),
    QuestionGroup(
        id="heart",
        title="Heart, vessels and lungs",
        intro="Some of these change how much light is safe, or who should be with you.",
        codes=(
            "venous_disease", "low_blood_pressure", "pacemaker", "sleep_apnoea", "copd", "heart_failure",
        ),
    ),
    QuestionGroup(
        id="health",
        title="Your health now",
        intro="Some of these change how much light is safe, or when to begin.",
        codes=(
            "acute_infection", "immunosuppressed", "eye_disease_or_eye_surgery", "metal_implant_in_field",
            "harmful_alcohol_use", "caffeine_or_nicotine_in_the_evening",
        ),
    ),
    QuestionGroup(
        id="illnesses",
        title="Kidneys, blood and other illnesses",
        intro="Some of these cause the complaint itself, and can be treated.",
        codes=(
            "chronic_kidney_disease", "dialysis", "hypothyroidism", "b12_or_folate_deficiency",
            "rheumatoid_arthritis", "coeliac_disease", "recent_blood_donation", "electrolyte_disturbance",
        ),
    ),
    QuestionGroup(
        id="complaint-in-detail",
        title="What it feels like",
        intro="Several things feel like restless legs and need something else.",
        codes=(
            "no_urge_to_move", "not_worse_at_rest", "not_relieved_by_movement", "not_worse_in_evening",
            "explained_by_other_condition", "walking_makes_symptoms_worse", "restless_since_medicine_change",
            "palpable_cramp_knot", "one_position_change_ends_symptoms", "symptoms_constant_with_sensory_loss",
            "swelling_eased_by_raising_legs", "joint_or_muscle_pain_explains", "habitual_foot_tapping",
            "anxiety_explains_restlessness", "movements_only_in_sleep", "jerks_only_on_falling_asleep",
            "painful_legs_moving_toes", "attention_deficit_disorder",
        ),
    ),
    QuestionGroup(
        id="done-so-far",
        title="What was done so far",
        intro="A no here does not shut you out. It shows what is worth doing first.",
        codes=(
            "standard_care_offered", "earlier_treatments_recorded", "simple_measures_tried",
            "no_change_of_medicine_for_four_weeks", "baseline_diary_kept", "feeling_and_pulses_checked",
            "cause_of_neuropathy_sought", "cause_of_spasm_sought", "secondary_cause_sought", "oncology_agreed",
            "reason_for_light",
        ),
        rest_is_no=False,
    ),
)  # fmt: skip

# The checklist of candidacy is written as statements for a clinician; to a person they are put as questions.
_OF_CANDIDACY = {
    "baseline_diary_kept": "Have you kept a diary of your symptoms for 7 to 14 days?",
    "cause_of_neuropathy_sought": "Has a doctor looked for the cause of the nerve damage with blood tests (sugar, B12,"
    " thyroid, kidneys, blood proteins), and asked about alcohol and medicines?",
    "cause_of_spasm_sought": "Has somebody looked for a cause of the cramps: too little to drink, salts in the blood,"
    " medicines, circulation, strain?",
    "earlier_treatments_recorded": "Have you written down which treatments you had before, and what they did?",
    "feeling_and_pulses_checked": "Has somebody tested the feeling in your feet or hands with a thin plastic thread,"
    " and looked at the skin and the pulses?",
    "no_change_of_medicine_for_four_weeks": "Have all your medicines stayed the same for the last four weeks?",
    "oncology_agreed": "Does your cancer team know about the light, and do they agree?",
    "reason_for_light": "Is there a reason to try light: poor circulation, medicines that you cannot take or that do"
    " not do enough, or the wish for something that is no medicine?",
    "secondary_cause_sought": "Has a doctor looked for causes such as kidney disease, pregnancy, nerve damage or"
    " medicines?",
    "simple_measures_tried": "Have you tried rest, stretching, massage and warmth?",
    "standard_care_offered": "Have you been offered the usual treatment for this?",
}


@functools.cache
def _rules_by_code() -> Mapping[str, tuple[Rule, ...]]:
    found: dict[str, tuple[Rule, ...]] = {}
    for rule in rules:
        if rule.when.finding:
            found[rule.when.finding] = (*found.get(rule.when.finding, ()), rule)
    return found


def question(code: str) -> str:
    """The plain question behind a screening code.

    >>> question("dialysis")
    'Are you on dialysis?'
    """
    return _OF_CANDIDACY.get(code) or _rules_by_code()[code][0].question


def complaint_of(document: JsonObject) -> Condition | None:
    """The catalogue's condition for the complaint in these answers, None while it is not said."""
    given = document.get("condition") or {}
    if not given.get("diagnosis") and not given.get("programme"):
        return None
    return Complaint(diagnosis=given.get("diagnosis"), programme=given.get("programme")).condition()


def asked_codes(document: JsonObject) -> set[str]:
    """The codes to ask for this complaint and sex, and those answered with yes or doubt before."""
    person = document.get("person") or {}
    condition = complaint_of(document)
    # An earlier yes stays in sight even when the complaint has changed: unasked, nobody could take it back.
    answered = {code for code, answer in (person.get("findings") or {}).items() if answer is not False}
    if condition is None:
        # Without a complaint nobody can tell which of them matter.
        return answered | {code for group in GROUPS for code in group.codes}
    matter = {
        code
        for code, found in _rules_by_code().items()
        if any(_is_asked(rule, condition, person.get("sex")) for rule in found)
    }
    spoken_of = {row.finding for row in implied_of(document) if row.finding in _rules_by_code()}
    return answered | matter | spoken_of | {item.finding for item in condition.candidacy if item.finding}


def implied_of(document: JsonObject) -> tuple[Implication, ...]:
    """What the complaint and the answers say about findings: one tick for the rest answers none of these."""
    given, person = document.get("condition") or {}, document.get("person") or {}
    return implied_by(given.get("diagnosis"), given.get("programme"), person.get("findings"))


def _is_asked(rule: Rule, condition: Condition, sex: str | None) -> bool:
    return (
        (not rule.programmes or condition.programme in rule.programmes)
        and (not rule.conditions or condition.id in rule.conditions)
        # While the sex is not said the question stays: better one too many than one that nobody asked.
        and (not rule.sexes or sex is None or sex in rule.sexes)
    )
