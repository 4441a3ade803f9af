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
#: What only a blinded comparison may say: the last checkpoint does, or nobody does.
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
    content: Mapping[str, Any], *, light_is_cause: bool = False, latest_consent: dt.date | None = None
) -> AuthorsPart:
    """Read the content of case_report.toml.

    light_is_cause : whether the last checkpoint lays the improvement to light; only then may a text say so
    latest_consent : the last day on which consent can have been given; None is not known

    Raises BadInput with every problem: an unknown key, a wrong kind of value, a day of consent that cannot be, or a
    claim that no report may make.

    >>> read_authors_part({"title": "Light on one calf", "consent": True}).consent
    True
    """
    problems = [
        Problem(key=key, message="not a key", remedy=suggest(key, _KEYS)) for key in content if key not in _KEYS
    ]
    part = AuthorsPart(
        texts={key: _text(key, content[key], problems) for key in _TEXTS if key in content},
        authors=_texts("authors", content.get("authors", []), problems),
        keywords=_texts("keywords", content.get("keywords", []), problems),
        consent=_consent(content.get("consent", False), problems),
        consent_date=_day(content.get("consent_date"), latest_consent, problems),
        light=_section("light", content.get("light", {}), LIGHT_FIELDS, problems),
        tidier=_section("tidier", content.get("tidier", {}), TIDIER_ITEMS, problems),
    )
    problems += _overclaims(part, light_is_cause=light_is_cause)
    if problems:
        raise BadInput(problem.within("case_report.toml") for problem in problems)
    return part


def _consent(value: Any, problems: list[Problem]) -> bool:
    if not isinstance(value, bool):
        problems.append(Problem(key="consent", value=value, message="must be true or false"))
    return value is True


def _day(value: Any, latest: dt.date | None, problems: list[Problem]) -> dt.date | None:
    if value is None:
        return None
    # A datetime is a date in Python, but nobody consents at a second.
    if isinstance(value, dt.datetime) or not isinstance(value, dt.date):
        message = "write a day without quotes, 2026-12-01"
        problems.append(Problem(key="consent_date", value=str(value), message=message))
        return None
    message = ""
    if value.year < _FIRST_YEAR:
        message = f"before {_FIRST_YEAR}"
    elif latest is not None and value > latest:
        message = f"after {latest}, the last day it can be"
    if message:
        remedy = "write the day the person signed"
        problems.append(Problem(key="consent_date", value=value.isoformat(), message=message, remedy=remedy))
    return value


def _text(key: str, value: Any, problems: list[Problem]) -> str:
    if isinstance(value, str):
        return " ".join(value.split())
    problems.append(Problem(key=key, value=value, message="must be text in quotes"))
    return ""


def _texts(key: str, value: Any, problems: list[Problem]) -> tuple[str, ...]:
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return tuple(" ".join(item.split()) for item in value)
    message = 'must be a list of texts such as ["one", "two"]'
    problems.append(Problem(key=key, value=value, message=message))
    return ()


def _section(name: str, value: Any, known: Mapping[str, str], problems: list[Problem]) -> dict[str, str]:
    if not isinstance(value, Mapping):
        problems.append(Problem(key=name, value=value, message=f"must be a section [{name}] with keys"))
        return {}
    for key in value:
        if key not in known:
            problems.append(Problem(key=f"{name}.{key}", message="not a key", remedy=suggest(str(key), known)))
    return {key: _text(f"{name}.{key}", value[key], problems) for key in known if key in value}


def _overclaims(part: AuthorsPart, *, light_is_cause: bool) -> list[Problem]:
    """Every text that says more than is known; the names of the authors and the patient's own words are not judged."""
    texts = {key: text for key, text in part.texts.items() if key != _OWN_WORDS}
    texts["keywords"] = ". ".join(part.keywords)
    texts |= {f"light.{key}": text for key, text in part.light.items()}
    texts |= {f"tidier.{key}": text for key, text in part.tidier.items()}
    problems = [problem for key, text in texts.items() for problem in _broken_claims(key, text)]
    if not light_is_cause:
        problems += [problem for key, text in texts.items() for problem in _claimed_cause(key, text)]
    return problems


def _broken_claims(key: str, text: str) -> list[Problem]:
    corrections = {claim.id: claim.correction for claim in prohibited_claims}
    return [
        Problem(key=key, message=f"says more than is known ({claim})", remedy=corrections[claim])
        for claim in broken_claims(text)
    ]


def _claimed_cause(key: str, text: str) -> list[Problem]:
    """A problem where a clause says that light did it, the first alone."""
    for clause in re.split(r"[.;:!?](?:\s|$)|,|\bbut\b|\byet\b", text):
        match = _NAMES_LIGHT_AS_CAUSE.search(clause)
        if match is not None and _DENIES_CAUSE.search(clause) is None:
            message = f"{quote(match[0])} says more than is known; the last checkpoint does not say that light did it"
            return [Problem(key=key, message=message, remedy="say what changed and when")]
    return []
