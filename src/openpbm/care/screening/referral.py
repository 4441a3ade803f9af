"""The referral letter: what was found, how soon somebody must look, and what was planned with light."""

from __future__ import annotations

import datetime as dt
from typing import Any

from openpbm.care.people.models import Person
from openpbm.care.people.summary import summary_of
from openpbm.care.screening.models import ScreeningRow
from openpbm.facts.notice import NOTICE
from openpbm.report.wording import URGENCY, date_in_words, gap_in_words, place_in_words

__all__ = ["referral"]

_FIRST = ("red_flag", "refer_before")
_ORDER = tuple(URGENCY)


def referral(screening: ScreeningRow, *, signed: str, today: dt.date) -> dict[str, Any]:
    """The letter as data, the same for the page and the PDF. `signed` may be empty: then there is a line to sign on."""
    person, reasons = screening.person, screening.result["reasons"]
    urgent = sorted((row for row in reasons if row["level"] in _FIRST), key=_rank)
    answers = summary_of(screening.intake.document)
    routes = list(dict.fromkeys(row["route"] for row in urgent if row.get("route")))
    return {
        "title": "Referral letter",
        "author": signed or "OpenPBM",
        "notice": NOTICE,
        "head": [
            ["To", ", ".join(routes) or "The treating clinician"],
            ["From", _sender(person, signed)],
            ["About", _about(person)],
            ["Date", date_in_words(today.isoformat())],
        ],
        "urgency": URGENCY.get(str(urgent[0].get("urgency")), "") if urgent else "",
        "why": _why(screening, bool(urgent)),
        "flags": [_flag(row) for row in [*urgent, *(row for row in reasons if row["level"] not in _FIRST)]],
        "person": [
            *([label, text] for label, text in answers.facts),
            ["Answered yes", "; ".join(answers.yes) or "none"],
            *([["Not known", "; ".join(answers.unknown)]] if answers.unknown else []),
        ],
        "light": _light(screening),
        "light_note": "Light (photobiomodulation) for this is investigational. "
        + ("None is given before you have seen this person." if urgent else "None is given before this is settled."),
        "asks": _asks(bool(urgent)),
        "signed": signed or "Name and signature",
        "date": date_in_words(today.isoformat()),
    }


def _rank(row: dict[str, Any]) -> int:
    return _ORDER.index(row["urgency"]) if row.get("urgency") in _ORDER else len(_ORDER)


def _sender(person: Person, signed: str) -> str:
    if person.clinic is None:
        return "The person, who manages without a clinic"
    return f"{signed}, {person.clinic.name}" if signed else person.clinic.name


def _about(person: Person) -> str:
    identity = person.identity
    born = f", born {date_in_words(identity.birth_date)}" if identity.birth_date else ""
    return f"{identity.name or person.code}{born} ({person.code})"


def _why(screening: ScreeningRow, urgent: bool) -> str:
    if urgent:
        return (
            "Before any light was planned, this person was asked about warning signs."
            " The answers below need to be looked at first."
        )
    if screening.verdict == "allowed":
        return "Screening found nothing that speaks against light. This letter tells what was found."
    return "Before any light is given, this person’s answers need a clinician’s judgement."


def _flag(row: dict[str, Any]) -> dict[str, str]:
    return {
        "message": row["message"],
        "when": URGENCY.get(str(row.get("urgency")), ""),
        "route": row.get("route") or "",
        "rule": row["rule"],
        "source": row["source"],
        "verified": "checked against its source" if row["verified"] else "not yet checked against its source",
    }


def _light(screening: ScreeningRow) -> list[list[str]]:
    device = screening.case["device"]
    waves = sorted({emitters["wavelength_nm"] for emitters in device["emitters"]})
    distance = screening.case["placement"].get("distance_mm")
    if distance is None:
        distance = device.get("default_distance_mm")
    return [
        ["Lamp", f"{device['name']} ({', '.join(f'{wave:g}' for wave in waves)} nm, output {device['output_status']})"],
        ["Places", "; ".join(place_in_words(row) for row in screening.case["sites"])],
        ["Distance", "not decided" if distance is None else gap_in_words(distance)],
        ["Eye class on the laser’s label", device.get("laser_class") or "no laser class given"],
    ]


def _asks(urgent: bool) -> list[str]:
    first = (
        "Please see this person as soon as stated and treat what is found."
        if urgent
        else "Please look at the points above."
    )
    return [
        first,
        "Please say whether a trial of light would be acceptable afterwards.",
        "Please send us your findings.",
    ]
