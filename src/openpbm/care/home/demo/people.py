"""The demo's people: invented answers, names that say so."""

from __future__ import annotations

import copy
import datetime as dt
from typing import Any

from openpbm.care.accounts.models import Clinic, User
from openpbm.care.people.actions import (
    ON_PAPER,
    Paper,
    record_consent,
    record_intake,
    record_paper_consent,
    register_person,
    sign_up_self,
)
from openpbm.care.people.capability import CAPABILITIES
from openpbm.care.people.consent_texts import consent_text
from openpbm.care.people.models import Consent, Identity, Person

__all__ = ["ANSWERS", "ZONE", "agree", "answer", "come_in", "sign_up"]

ZONE = "Europe/Berlin"
#: A sheet with nothing on it stands in for the signed one.
_SHEET = b"%PDF-1.4\n%%EOF\n"

#: Everybody's answers. `days_ago` of a test becomes its date.
ANSWERS: dict[str, dict[str, Any]] = {
    "ada": {
        "person": {
            "age_years": 52, "sex": "female", "height_cm": 166, "weight_kg": 68, "skin_type": 2, "pregnant": False,
            "medications": [], "findings": {"standard_care_offered": True, "none_other": True},
            "labs": {"ferritin_ug_l": 118, "transferrin_saturation_percent": 27, "days_ago": 70},
        },
        "condition": {"diagnosis": "rls_primary", "confirmed_by": "neurologist", "usual_onset": "21:30"},
    },
    "lea": {
        "person": {
            "age_years": 47, "sex": "female", "height_cm": 172, "weight_kg": 70, "skin_type": 2, "pregnant": False,
            "medications": [], "findings": {"standard_care_offered": True, "none_other": True},
            "labs": {"ferritin_ug_l": 131, "transferrin_saturation_percent": 29, "days_ago": 60},
        },
        "condition": {"diagnosis": "rls_primary", "confirmed_by": "neurologist", "usual_onset": "21:00"},
    },
    "ben": {
        "person": {
            "age_years": 44, "sex": "male", "height_cm": 181, "weight_kg": 84, "skin_type": 3,
            "medications": ["ibuprofen"], "findings": {"none_other": True},
        },
        "condition": {"diagnosis": "carpal_tunnel", "confirmed_by": "neurologist"},
    },
    "cleo": {
        "person": {
            "age_years": 35, "sex": "female", "height_cm": 170, "weight_kg": 63, "skin_type": 3, "pregnant": False,
            "medications": [], "findings": {"none_other": True},
        },
        "condition": {"diagnosis": "myofascial_spasm", "confirmed_by": "physiotherapist"},
    },
    "dan": {
        "person": {
            "age_years": 67, "sex": "male", "height_cm": 178, "weight_kg": 96, "skin_type": 4,
            "medications": ["metformin", "gabapentin"],
            "findings": {"foot_ulcer": True, "loss_of_protective_sensation": True, "none_other": True},
        },
        "condition": {"diagnosis": "dpn", "confirmed_by": "diabetologist"},
    },
    "eva": {
        "person": {
            "age_years": 61, "sex": "female", "height_cm": 163, "weight_kg": 71, "skin_type": 2,
            "medications": ["pramipexole"],
            "findings": {"augmentation_suspected": True, "standard_care_offered": True, "none_other": True},
            "labs": {"ferritin_ug_l": 96, "transferrin_saturation_percent": 24, "days_ago": 40},
        },
        "condition": {"diagnosis": "rls_primary", "confirmed_by": "neurologist", "usual_onset": "16:00"},
    },
    "finn": {
        "person": {
            "age_years": 58, "sex": "male", "height_cm": 175, "weight_kg": 79, "skin_type": 2,
            "medications": ["metformin"], "findings": {"loss_of_protective_sensation": True, "none_other": True},
        },
        "condition": {"diagnosis": "dpn", "confirmed_by": "diabetologist"},
    },
    "gia": {
        "person": {
            "age_years": 64, "sex": "female", "height_cm": 160, "weight_kg": 66, "skin_type": 2,
            "medications": ["calcium acetate"],
            "findings": {
                "dialysis": True, "chronic_kidney_disease": True, "standard_care_offered": True, "none_other": True
            },
            "labs": {"ferritin_ug_l": 310, "transferrin_saturation_percent": 28, "days_ago": 30},
        },
        "condition": {"diagnosis": "rls_ckd", "confirmed_by": "nephrologist", "usual_onset": "19:00"},
    },
    "hugo": {
        "person": {
            "age_years": 35, "sex": "male", "height_cm": 182, "weight_kg": 80, "skin_type": 3, "medications": [],
            "findings": {"none_other": True},
        },
        "condition": {"diagnosis": "myofascial_spasm", "confirmed_by": "physiotherapist"},
    },
    "kim": {
        "person": {
            "age_years": 56, "sex": "female", "height_cm": 172, "weight_kg": 74, "skin_type": 1,
            "medications": [], "findings": {"suspicious_lesion_in_field": True, "none_other": True},
        },
        "condition": {"diagnosis": "myofascial_spasm", "confirmed_by": "physiotherapist"},
    },
    "ida": {
        "person": {
            "age_years": 49, "sex": "female", "height_cm": 168, "weight_kg": 72, "skin_type": 3, "pregnant": False,
            "medications": [], "findings": {"none_other": True},
        },
        "condition": {"diagnosis": "nocturnal_cramps", "confirmed_by": "general practitioner"},
    },
}  # fmt: skip
#: What Ada took before light came into question: sick and dizzy with it, and then her legs worse.
ANSWERS["ada"]["person"] |= {
    "treatments": [
        {
            "treatment": "dopamine_agonist", "name": "pramipexole", "dose": "0.25 mg in the evening",
            "since": "2025-01-10", "until": "2026-02-20", "effect": "worse", "stopped_because": "augmentation",
            "adverse_effects": "nausea, dizziness",
        },
        {"treatment": "iron_tablets", "since": "2025-03-01", "until": "2025-09-01", "effect": "some"},
    ],
    "workup": [{"test": "creatinine", "result": 71, "unit": "umol/l", "days_ago": 200}],
}  # fmt: skip
#: Others with restless legs, as Lea has them.
for _name, _age, _onset in (("ned", 58, "20:30"), ("ola", 60, "21:30"), ("pia", 60, "21:30")):
    ANSWERS[_name] = copy.deepcopy(ANSWERS["lea"])
    ANSWERS[_name]["person"]["age_years"] = _age
    ANSWERS[_name]["condition"]["usual_onset"] = _onset
ANSWERS["mia"] = copy.deepcopy(ANSWERS["ida"])
ANSWERS["mia"]["person"] |= {
    "age_years": 53,
    "treatments": [
        {"treatment": "magnesium", "dose": "300 mg at night", "effect": "none", "stopped_because": "no_effect"},
        {"treatment": "stretching", "effect": "some", "still_taken": True},
    ],
    "workup": [
        {"test": "potassium", "result": 4.3, "unit": "mmol/l", "days_ago": 50},
        {"test": "creatinine", "result": 66, "unit": "umol/l", "days_ago": 50},
        {"test": "calcium", "done": False},
    ],
}  # fmt: skip
ANSWERS["mia"]["condition"]["sensations"] = "left leg: cramp; right leg: cramp"
ANSWERS["jon"] = copy.deepcopy(ANSWERS["ada"])
ANSWERS["jon"]["person"] |= {"sex": "male", "height_cm": 177, "weight_kg": 75}
ANSWERS["jon"]["person"].pop("pregnant")


def come_in(name: str, clinic: Clinic, by: User, user: User | None = None) -> Person:
    """Registered by the clinic, with consent to the record and to light, and their answers."""
    person = register_person(by=by, clinic=clinic, identity=_identity(name), time_zone=ZONE, user=user)
    if user is None:
        _agree_on_paper(person, by)
    else:
        agree(person, user, Consent.Purpose.RECORD, Consent.Purpose.LIGHT)
    answer(person, name, by)
    return person


def _agree_on_paper(person: Person, by: User) -> None:
    for purpose in ON_PAPER:
        paper = Paper(
            signed_on=person.today(), witness=by.shown_name(), version=consent_text(purpose).version, scan=_SHEET
        )
        record_paper_consent(person=person, purpose=purpose, given=True, paper=paper, by=by)


def sign_up(name: str, user: User) -> Person:
    """Signed up on their own, able to do it alone, with their answers."""
    person = sign_up_self(user=user, identity=_identity(name), time_zone=ZONE)
    agree(person, user, Consent.Purpose.RECORD, Consent.Purpose.LIGHT)
    able = {one.id: True for one in CAPABILITIES}
    record_consent(person=person, purpose=Consent.Purpose.CAPABLE, given=True, by=user, answers=able)
    answer(person, name, user)
    return person


def agree(person: Person, by: User, *purposes: str) -> None:
    """Agreement to each purpose."""
    for purpose in purposes:
        record_consent(person=person, purpose=purpose, given=True, by=by)


def answer(person: Person, name: str, by: User, reason: str = "First visit") -> None:
    """Write down the answers of that name."""
    document = copy.deepcopy(ANSWERS[name])
    tested = [document["person"].get("labs"), *document["person"].get("workup", ())]
    for row in filter(None, tested):
        if "days_ago" in row:
            row["date"] = (person.today() - dt.timedelta(days=row.pop("days_ago"))).isoformat()
    record_intake(person=person, document=document, reason=reason, by=by)


def _identity(name: str) -> Identity:
    return Identity(name=f"{name.title()} Demo", birth_date="", phone="", address="Invented for the demo")
