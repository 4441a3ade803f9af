"""The kinds of events in the words of somebody who is not a clinician, grouped as one would look for them."""

from __future__ import annotations

from openpbm.care.people.access import Relation
from openpbm.facts.event_kinds import event_kind, event_kinds

__all__ = ["COMMON", "GROUPS", "HOW_BAD", "HOW_BAD_CLINICIAN", "choices_for", "shown_kind"]

GROUPS: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    (
        "Skin under the lamp",
        (
            ("erythema", "Redness"),
            ("skin_pain", "Sore skin"),
            ("blister", "Blister"),
            ("burn", "Burn"),
            ("ulceration", "Open or broken skin"),
            ("hyperpigmentation", "Darker patch of skin"),
        ),
    ),
    (
        "Head and eyes",
        (
            ("headache", "Headache"),
            ("eye_strain", "Sore or tired eyes"),
            ("vision_change", "I see worse than before"),
            ("double_vision", "I see double"),
            ("dizziness", "Dizzy"),
            ("fainting", "Fainted"),
        ),
    ),
    (
        "How I feel",
        (
            ("symptom_flare", "My symptoms are worse"),
            ("relapse", "My symptoms came back"),
            ("earlier_onset", "My symptoms start earlier in the day"),
            ("symptoms_spread", "My symptoms spread to other places"),
            ("insomnia", "Bad sleep"),
            ("hypoglycaemia", "Low blood sugar"),
            ("fall", "A fall"),
            ("severe_depression", "Very low mood"),
            ("suicidal_thoughts", "Thoughts of ending my life or harming myself"),
            ("impulse_control_disorder", "New urges I cannot stop, such as gambling or shopping"),
            ("excessive_sedation", "Far too sleepy"),
        ),
    ),
    (
        "Warning signs",
        (
            ("chest_pain", "Chest pain, or suddenly short of breath"),
            ("stroke_signs", "Face droops, one side is weak, or speech is slurred"),
            ("new_paralysis", "A part of my body suddenly does not move"),
            ("breathing_or_swallowing_trouble", "New trouble breathing or swallowing"),
            ("cauda_equina_signs", "Numb between the legs, or new trouble with bladder or bowel"),
            ("rhabdomyolysis_signs", "Dark urine with muscle pain"),
            ("deep_vein_thrombosis_suspected", "One calf swollen and warm"),
            ("foot_ulcer", "Open sore on a foot"),
            ("foot_infection", "Spreading redness on a foot"),
            ("gangrene", "Black skin on a foot"),
            ("charcot_foot", "Hot, swollen foot"),
            ("unexplained_weight_loss", "Losing weight without a reason"),
        ),
    ),
    (
        "Something changed",
        (
            ("pregnancy", "I am pregnant, or may be"),
            ("new_photosensitiser", "A new medicine that makes skin sensitive to light"),
            ("new_cancer", "A new cancer was found"),
            ("hospital_admission", "I was in hospital"),
            ("patient_wish", "I want to stop"),
        ),
    ),
    ("Something else", (("other", "Something else (please describe it)"),)),
)

#: What is met most often: one tap each. Everything, these too, stands in the list.
COMMON = ("erythema", "skin_pain", "headache", "eye_strain", "dizziness", "symptom_flare", "insomnia")

#: What a clinician may write down beside: whatever the core lists.
_CLINICIAN_GROUP = "Other kinds"

HOW_BAD = (
    ("1", "Mild: I notice it, and I do what I always do"),
    ("2", "Moderate: it gets in my way, or I need something for it"),
    ("3", "Severe: I cannot do what I usually do, or need a doctor"),
    ("4", "Dangerous: my life may be at risk"),
    ("unknown", "I do not know"),
)
HOW_BAD_CLINICIAN = (
    ("1", "Grade 1: mild"),
    ("2", "Grade 2: moderate"),
    ("3", "Grade 3: severe"),
    ("4", "Grade 4: life-threatening"),
    ("5", "Grade 5: death"),
    ("unknown", "Not graded"),
)

# Words of our own: the kinds of the core carry names for clinicians.
_PLAIN = {id: label for _, rows in GROUPS for id, label in rows}


def choices_for(relation: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """The kinds to choose from; a clinician is offered every kind the core lists."""
    groups = [(name, list(rows)) for name, rows in GROUPS]
    if relation == Relation.CLINICIAN:
        rest = [(row.id, shown_kind(row.id)) for row in event_kinds if row.id not in _PLAIN and row.what != "none"]
        groups.append((_CLINICIAN_GROUP, sorted(rest, key=lambda row: row[1])))
    return groups


def shown_kind(id: str) -> str:
    """How a kind is called on a page.

    >>> shown_kind("blister"), shown_kind("tetanus_signs")
    ('Blister', 'Tetanus signs')
    """
    if id == "other":
        # Without "please describe it", which belongs to the form alone.
        return "Something else"
    if id in _PLAIN:
        return _PLAIN[id]
    kind = event_kind(id)
    name = id if kind is None else kind.id
    return name.replace("_", " ").capitalize()
