"""The referral letter: what was found, how soon somebody must see the person, and what was planned with light."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.text import capfirst

from openpbm.care.people.models import Person
from openpbm.care.people.summary import Answered, summary_of
from openpbm.care.screening.models import ScreeningRow
from openpbm.care.screening.session_lamps import placed_lamps
from openpbm.facts.notice import NOTICE
from openpbm.facts.references import references
from openpbm.files import JsonObject
from openpbm.reason import Reason
from openpbm.wording import URGENCY, date_in_words, gap_in_words, place_in_words, units_as_printed

__all__ = ["ReferralLetter", "referral"]

_FIRST = ("red_flag", "refer_before")
_ORDER = tuple(URGENCY)


#: A label and what stands beside it.
Fact = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """One thing that was found; a clinician reads the letter, so its source is named, in words and not by its id."""

    message: str
    when: str
    route: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralLetter:
    """What the page and the template `referral` print."""

    title: str
    author: str
    notice: str
    head: list[Fact]
    urgency: str
    why: str
    flags: list[Flag]
    person: list[Fact]
    light: list[Fact]
    light_note: str
    asks: list[str]
    signed: str
    date: str


def referral(screening: ScreeningRow, *, signed: str, today: dt.date) -> ReferralLetter:
    """The letter, the same for the page and the PDF. `signed` may be empty: then there is a line to sign on."""
    person, reasons = screening.person, screening.reasons
    urgent = sorted((reason for reason in reasons if reason.level in _FIRST), key=_rank)
    others = [reason for reason in reasons if reason.level not in _FIRST]
    routes = dict.fromkeys(reason.route for reason in urgent if reason.route)
    date = date_in_words(today.isoformat())
    return ReferralLetter(
        title="Referral letter",
        author=signed or "OpenPBM",
        notice=NOTICE,
        head=_printed(
            [
                ("To", ", ".join(routes) or "the treating clinician"),
                ("From", _sender(person, signed)),
                ("About", _about(person)),
                ("Date", date),
            ]
        ),
        urgency=_soonest(urgent),
        why=_why(screening, urgent=bool(urgent)),
        flags=[_flag(reason, said=_same_for_all(urgent)) for reason in (*urgent, *others)],
        person=_printed(_person(summary_of(screening.intake.document))),
        light=_printed(_light(screening)),
        light_note=_light_note(urgent=bool(urgent)),
        asks=[*_asks(urgent=bool(urgent)), *_tests_due(screening)],
        signed=signed or "Name and signature",
        date=date,
    )


def _printed(facts: Sequence[Fact]) -> list[Fact]:
    """Each value as a line of its own begins: with a capital."""
    return [(label, capfirst(value)) for label, value in facts]


def _rank(reason: Reason) -> int:
    """Its place in the order of urgency; what has none comes last."""
    return _ORDER.index(reason.urgency) if reason.urgency in _ORDER else len(_ORDER)


def _soonest(urgent: Sequence[Reason]) -> str:
    return _urgency_words(urgent[0]) if urgent else ""


def _same_for_all(urgent: Sequence[Reason]) -> str:
    """How soon, where it is the same for all that is urgent: then the letter says it once, at its head."""
    said = {_urgency_words(reason) for reason in urgent}
    return said.pop() if len(said) == 1 else ""


def _urgency_words(reason: Reason) -> str:
    return URGENCY.get(reason.urgency or "", "")


def _person(answers: Answered) -> list[Fact]:
    # The questions end with a question mark each: nothing more stands between them.
    facts = [*answers.facts, ("Answered yes", " ".join(answers.yes) or "none")]
    if answers.unknown:
        facts.append(("Not known", " ".join(answers.unknown)))
    return facts


def _light_note(*, urgent: bool) -> str:
    until = "you have seen this person" if urgent else "this is settled"
    return f"Light (photobiomodulation) for this is investigational. None is given before {until}."


def _sender(person: Person, signed: str) -> str:
    if person.clinic is None:
        return "The person, who manages without a clinic"
    return ", ".join(part for part in (signed, person.clinic.name) if part)


def _about(person: Person) -> str:
    identity = person.identity
    name = identity.name
    if identity.birth_date:
        name = f"{name or person.code}, born {date_in_words(identity.birth_date)}"
    return f"{name} ({person.code})" if name else person.code


def _why(screening: ScreeningRow, *, urgent: bool) -> str:
    if urgent:
        return (
            "Before any light was planned, this person was asked about warning signs."
            " The answers below must be assessed first."
        )
    if screening.verdict == "allowed":
        return "Screening found nothing that speaks against light. This letter lists the answers."
    return "Before any light is given, this person’s answers need a clinician’s judgement."


def _flag(reason: Reason, *, said: str) -> Flag:
    when = _urgency_words(reason)
    return Flag(
        message=capfirst(units_as_printed(reason.text)),
        when="" if when == said else when,
        route=reason.route or "",
        source=_source(reason),
    )


def _source(reason: Reason) -> str:
    # A clinic's own rule may name a source in its own words, which no list knows.
    listed = reason.source in references
    cited = references[reason.source].citation if listed else reason.source
    checked = "Read there." if reason.verified else "Not yet checked against it."
    return f"Source: {cited.rstrip('.')}. {checked}"


def _light(screening: ScreeningRow) -> list[Fact]:
    placed = placed_lamps(screening.case)
    devices = [one["device"] for one in placed]
    classes = [device["laser_class"] for device in devices if device.get("laser_class")]
    return [
        ("Lamp" if len(placed) == 1 else "Lamps, all at once", "; ".join(map(_lamp_in_words, devices))),
        ("Places", "; ".join(place_in_words(row["site"], row.get("side")) for row in screening.case["sites"])),
        ("Distance", "; ".join(map(_distance_in_words, placed))),
        ("Eye class on the laser’s label", "; ".join(classes) or "no laser class given"),
    ]


def _lamp_in_words(device: JsonObject) -> str:
    waves = ", ".join(f"{wave:g}" for wave in sorted({emitters["wavelength_nm"] for emitters in device["emitters"]}))
    return f"{device['name']} ({waves} nm, output {device['output_status']})"


def _distance_in_words(placed: JsonObject) -> str:
    distance_mm = placed["placement"].get("distance_mm")
    if distance_mm is None:
        distance_mm = placed["device"].get("default_distance_mm")
    return "not decided" if distance_mm is None else gap_in_words(distance_mm)


def _asks(*, urgent: bool) -> list[str]:
    first = "Please assess the points above."
    if urgent:
        first = "Please see this person as soon as stated and treat what is found."
    return [
        first,
        "Please say whether a trial of light would be acceptable afterwards.",
        "Please send us your findings.",
    ]


def _tests_due(screening: ScreeningRow) -> list[str]:
    """The tests of the work-up that are due, in one line; none where a screening of before did not list them."""
    due = [line["name"] for line in screening.result.get("workup", ()) if line["due"]]
    return [f"Please have these tested, or send us the results and their days: {'; '.join(due)}."] if due else []
