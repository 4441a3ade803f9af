"""What only people can say in a case report: case_report.toml, read strictly."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from openpbm.errors import BadInput, Problem, quote
from openpbm.facts.claims import broken_claims, prohibited_claims
from openpbm.files import suggest

__all__ = ["LIGHT_FIELDS", "TIDIER_ITEMS", "AuthorsPart", "read_authors_part"]

#: Fields of the light, by the key under [light], with the unit in words.
LIGHT_FIELDS: dict[str, str] = {
    "source_type": "source type",
    "wavelength": "wavelength [nm]",
    "bandwidth": "bandwidth, full width at half maximum [nm]",
    "pulses": "continuous or pulsed; rate, duty, peak",
    "power": "radiant power [mW]",
    "beam_area": "beam area at the skin [cm2]",
    "irradiance_mean": "irradiance at the skin, mean [mW/cm2]",
    "irradiance_peak": "irradiance at the skin, peak [mW/cm2]",
    "distance": "lamp to skin [mm]",
    "contact": "contact with the skin",
    "meter": "how light was measured, and how exactly",
    "time": "time at each place in a session [min]",
    "fluence": "fluence at the skin in a session [J/cm2]",
    "energy_per_site": "energy at each site in a session [J]",
    "points": "points or positions of the lamp",
    "sites": "places on the body",
    "total_energy": "energy of the whole course [J]",
    "sessions": "sessions planned and done",
    "cumulative_fluence": "fluence at the skin over the course [J/cm2]",
    "skin_temperature": "skin temperature",
}

#: The twelve items of TIDieR, by the key under [tidier].
TIDIER_ITEMS: dict[str, str] = {
    "name": "1 name",
    "why": "2 why",
    "materials": "3 what: materials",
    "procedures": "4 what: procedures",
    "provider": "5 who provided it",
    "how": "6 how",
    "where": "7 where",
    "when_and_how_much": "8 when and how much",
    "tailoring": "9 tailoring",
    "modifications": "10 changes on the way",
    "how_well_planned": "11 how well: planned",
    "how_well_actual": "12 how well: actual",
}

_TEXTS = (
    *("title", "abstract", "introduction", "patient_information", "clinical_findings", "diagnosis", "discussion"),
    *("patient_perspective", "blinding", "washout"),
)
#: A patient may say it as it was felt; everybody else says no more than is known.
_OWN_WORDS = "patient_perspective"
_LISTS = ("authors", "keywords")
#: What only a blinded comparison may say: the report's own statement does, or nobody does.
_CAUSE = "because of the light"
_NAMES_LIGHT_AS_CAUSE = re.compile(
    r"\b(?:because of|due to|thanks to|owing to|attribut(?:able|ed) to|caused by|result of|brought about by)"
    r" (?:(?:the|this|our|evening|red|near|infrared)[ -])*"
    r"(?:light|lamp|laser|infrared|photobiomodulation|phototherapy|irradiation)\b",
    re.IGNORECASE,
)
#: In the same clause these make it a denial, a question, or a word about harm, which light may well have done.
_DENIES_CAUSE = re.compile(
    r"\b(?:not|no|nor|never|nobody|nothing|cannot|whether|if|unknown|unclear|uncertain|\w+n['’]t"
    r"|warm\w*|red(?:ness)?(?! light)|burn\w*|blister\w*|headaches?|eyes?|harm\w*|adverse)\b",
    re.IGNORECASE,
)
_FIRST_YEAR = 1900
_KEYS = (*_TEXTS, *_LISTS, "consent", "consent_date", "light", "tidier")


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorsPart:
    """What was written by people; a text that is absent is "", a list ().

    consent : True only where it says so; consent_date None where no day is given
    light, tidier : by field, as written
    """

    texts: Mapping[str, str] = field(default_factory=dict)
    authors: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    consent: bool = False
    consent_date: dt.date | None = None
    light: Mapping[str, str] = field(default_factory=dict)
    tidier: Mapping[str, str] = field(default_factory=dict)

    def text(self, key: str) -> str:
        """One text, "" where it is absent."""
        return self.texts.get(key, "")


def read_authors_part(
    content: Mapping[str, Any], *, statement: str = "", latest_consent: dt.date | None = None
) -> AuthorsPart:
    """Read the content of case_report.toml.

    statement : of the last checkpoint; only where it says "because of the light" may a text say so
    latest_consent : the last day on which consent can have been given; None is not known

    Raises BadInput with every fault: an unknown key, a wrong kind of value, a day of consent that cannot be, or a claim
    that no report may make.

    >>> read_authors_part({"title": "Light on one calf", "consent": True}).consent
    True
    """
    faults = [_problem(key, "not a key", suggest(key, _KEYS)) for key in content if key not in _KEYS]
    texts = {key: _text(key, content[key], faults) for key in _TEXTS if key in content}
    lists = {key: _texts(key, content[key], faults) for key in _LISTS if key in content}
    consent, day = content.get("consent", False), content.get("consent_date")
    if not isinstance(consent, bool):
        faults.append(_problem("consent", "must be true or false", value=consent))
    if isinstance(day, dt.datetime) or (day is not None and not isinstance(day, dt.date)):
        faults.append(_problem("consent_date", "write a day without quotes, 2026-12-01", value=str(day)))
        day = None
    faults += _impossible_day(day, latest_consent)
    light = _section("light", content.get("light", {}), LIGHT_FIELDS, faults)
    tidier = _section("tidier", content.get("tidier", {}), TIDIER_ITEMS, faults)
    judged = {key: text for key, text in texts.items() if key != _OWN_WORDS}
    judged |= {key: ". ".join(rows) for key, rows in lists.items() if key != "authors"}
    judged |= {f"light.{key}": text for key, text in light.items()}
    judged |= {f"tidier.{key}": text for key, text in tidier.items()}
    faults += [fault for key, text in judged.items() for fault in _claims(key, text)]
    if _CAUSE not in statement:
        faults += [fault for key, text in judged.items() for fault in _cause(key, text)]
    if faults:
        raise BadInput(faults)
    return AuthorsPart(
        texts=texts,
        authors=lists.get("authors", ()),
        keywords=lists.get("keywords", ()),
        consent=consent is True,
        consent_date=day,
        light=light,
        tidier=tidier,
    )


def _problem(key: str, message: str, remedy: str = "", value: object = None) -> Problem:
    return Problem(key=key, value=value, message=message, remedy=remedy, document="case_report.toml")


def _text(key: str, value: Any, faults: list[Problem]) -> str:
    if isinstance(value, str):
        return " ".join(value.split())
    faults.append(_problem(key, "must be text in quotes", value=value))
    return ""


def _claims(key: str, text: str) -> list[Problem]:
    corrections = {claim.id: claim.correction for claim in prohibited_claims}
    return [_problem(key, f"says more than is known ({claim})", corrections[claim]) for claim in broken_claims(text)]


def _cause(key: str, text: str) -> list[Problem]:
    """A fault where a clause says that light did it; its denial, a question and a word about harm are spared."""
    clauses = re.split(r"[.;:!?](?:\s|$)|,|\bbut\b|\byet\b", text)
    found = (match[0] for clause in clauses for match in _NAMES_LIGHT_AS_CAUSE.finditer(clause) if _affirms(clause))
    return [
        _problem(
            key,
            f"{quote(words)} says more than is known; the last checkpoint does not say that light did it",
            "say what changed and when",
        )
        for words in list(found)[:1]
    ]


def _affirms(clause: str) -> bool:
    return _DENIES_CAUSE.search(clause) is None


def _impossible_day(day: dt.date | None, latest: dt.date | None) -> list[Problem]:
    if day is None:
        return []
    message = ""
    if day.year < _FIRST_YEAR:
        message = f"before {_FIRST_YEAR}"
    elif latest is not None and day > latest:
        message = f"after {latest}, the last day it can be"
    if not message:
        return []
    return [_problem("consent_date", message, "write the day the person signed", value=day.isoformat())]


def _texts(key: str, value: Any, faults: list[Problem]) -> tuple[str, ...]:
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return tuple(" ".join(item.split()) for item in value)
    faults.append(_problem(key, 'must be a list of texts such as ["one", "two"]', value=value))
    return ()


def _section(name: str, value: Any, known: Mapping[str, str], faults: list[Problem]) -> dict[str, str]:
    if not isinstance(value, Mapping):
        faults.append(_problem(name, f"must be a section [{name}] with keys", value=value))
        return {}
    for key in value:
        if key not in known:
            faults.append(_problem(f"{name}.{key}", "not a key", suggest(str(key), known)))
    return {key: _text(f"{name}.{key}", value[key], faults) for key in known if key in value}
