"""A case: who, what, where, with which lamp. Read from a file or a mapping, every problem named."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

from annotated_types import Ge, Le, Len

from openpbm.device import check_lamp
from openpbm.errors import BadInput, Problem, quote
from openpbm.facts.conditions import Condition, conditions, programme_condition
from openpbm.facts.lamps import Emitters, Lamp, lamp_catalogue
from openpbm.facts.medicine_text import says_none
from openpbm.facts.rules import finding_codes, releasable_rules, rules
from openpbm.facts.sites import sites
from openpbm.files import JsonObject, read_toml, suggest, unsupported_values, validate
from openpbm.person import Labs, Person

__all__ = [
    "Case",
    "Complaint",
    "Course",
    "Placement",
    "Release",
    "SiteChoice",
    "case_of",
    "names_somebody_else",
    "read_case",
]

Programme = Literal["rls", "neuropathic_pain", "neuropathy", "muscle_spasm"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """What is treated: a diagnosis, or a programme when the diagnosis is not named."""

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    diagnosis: str | None = None
    programme: Programme | None = None
    confirmed_by: str | None = None
    usual_onset: dt.time | None = None

    def condition(self) -> Condition:
        """The catalogue's entry for this complaint."""
        if self.diagnosis is not None:
            return conditions[self.diagnosis]
        assert self.programme is not None
        return programme_condition(self.programme)


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteChoice:
    """One body site to treat, its side, and the structure the light is meant for."""

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    site: str
    side: Literal["left", "right", "both"]
    target: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """How far the lamp stands from the skin; None lets the lamp's own distance count."""

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    distance_mm: Annotated[float, Ge(0), Le(5000)] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """When the course starts and whether a clinician stands beside it."""

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    # A course outside this span is a slip of the pen, and dates near the calendar's ends cannot be computed with.
    start_date: Annotated[dt.date, Ge(dt.date(2000, 1, 1)), Le(dt.date(2199, 12, 31))] | None = None
    supervision: Literal["self", "clinician"] = "self"


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """Relative rules a named clinician has released for this person."""

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    rules: tuple[str, ...] = ()
    by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Everything that is asked of a plan."""

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    person: Person
    condition: Complaint
    sites: Annotated[tuple[SiteChoice, ...], Len(1, 8)]
    device: Lamp
    placement: Placement = Placement()
    course: Course = Course()
    release: Release = Release()


_SECTIONS: dict[str, type[Any]] = {
    "": Case,
    "person": Person,
    "labs": Labs,
    "condition": Complaint,
    "sites": SiteChoice,
    "device": Lamp,
    "emitters": Emitters,
    "placement": Placement,
    "course": Course,
    "release": Release,
}


def read_case(path: Path) -> Case:
    """Read and check one case file.

    Raises BadInput with every problem: an unreadable file, a key that is not known, a value that cannot be.

    >>> case = read_case(Path("examples/restless_legs.toml"))
    >>> case.condition.diagnosis, case.sites[0].target, case.device.id
    ('rls_primary', 'gastrocnemius', 'panel_660_850')
    """
    described = "see docs/case-file.md"
    content = read_toml(path, remedy=described, unreadable="give the path of a case file in TOML")
    return case_of(content, path.name)


def case_of(document: Mapping[str, Any], name: str = "case") -> Case:
    """Check one case that is already a mapping, such as JSON out of a database; it is not changed.

    name : the document that every problem names
    Dates and times may be text ("2026-12-01", "21:30"), and a key whose value is null counts as left out.
    Raises BadInput with every problem, in the words of `read_case`.

    >>> case = case_of({
    ...     "person": {"age_years": 52, "sex": "female", "skin_type": 2},
    ...     "condition": {"diagnosis": "rls_primary"},
    ...     "sites": [{"site": "posterior_calf", "side": "both"}],
    ...     "device": {"id": "panel_660_850"},
    ... })
    >>> case.sites[0].target
    'gastrocnemius'
    """
    problems: list[Problem] = []
    raw = _plain(document, "", problems)
    if not isinstance(raw, dict):
        problems.append(Problem(message="a case must be a section with keys", remedy="see docs/case-file.md"))
    problems = problems or unsupported_values(raw)
    if not problems:
        _answer_the_rest(raw, problems)
        _name_the_lamp(raw, problems)
        case, found = validate(raw, Case, _SECTIONS, "docs/case-file.md")
        problems.extend(problem for problem in found if not _already_named(problem, problems))
        if case is not None:
            problems.extend(_contradictions(case))
            if not problems:
                return _with_targets(case)
    raise BadInput(problem.within(name) for problem in _once_each(problems))


def _once_each(problems: Iterable[Problem]) -> list[Problem]:
    """The problems without repetitions, told by their text, since a value may be a list that has no hash."""
    return list({str(problem): problem for problem in problems}.values())


# Sections within sections; a case needs four.
_DEEPEST = 20
# A little less than the 4300 digits beyond which Python writes no number.
_MOST_BITS = 14_000


def _plain(value: object, where: str, problems: list[Problem], depth: int = 0) -> Any:
    """A copy made of dicts, lists and values a TOML file could hold; what could not be written there is a problem."""
    if depth > _DEEPEST:
        section = where.split(".")[0].split("[")[0]
        problems.append(Problem(key=section, message="nested too deeply", remedy="see docs/case-file.md"))
        return None
    if isinstance(value, Mapping):
        # A database writes null for what was not given; TOML has no null and leaves the key out.
        named = {key: item for key, item in value.items() if isinstance(key, str) and item is not None}
        problems.extend(
            Problem(key=f"{where}[{quote(key)}]", message="a key must be text", remedy="write it in quotes")
            for key in value
            if not isinstance(key, str)
        )
        return {key: _plain(item, _inside(where, key), problems, depth + 1) for key, item in named.items()}
    if isinstance(value, list | tuple):
        return [_plain(item, f"{where}[{number}]", problems, depth + 1) for number, item in enumerate(value)]
    if isinstance(value, int) and value.bit_length() > _MOST_BITS:
        problems.append(Problem(key=where, message="a number has thousands of digits", remedy="correct the value"))
    elif value is not None and not isinstance(value, str | int | float | dt.date | dt.time):
        kind = type(value).__name__
        remedy = "give text, a number, true, false, a list or a section with keys"
        problems.append(Problem(key=where, message=f"holds a {kind}", remedy=remedy))
    return value


def _inside(where: str, key: str) -> str:
    return f"{where}.{key if key.isidentifier() else quote(key)}".lstrip(".")


def _answer_the_rest(raw: JsonObject, problems: list[Problem]) -> None:
    """Check the codes of the findings and let `none_other = true` answer the rest with no."""
    person = raw.get("person")
    if not isinstance(person, dict) or not isinstance(findings := person.get("findings"), dict):
        return
    none_other = findings.pop("none_other", False)
    if not isinstance(none_other, bool):
        problems.append(Problem("person.findings.none_other", none_other, "must be true or false", "correct it"))
    problems.extend(_problems_of_findings(findings))
    if none_other is True:
        # What was answered stands on the right and wins over the sweeping no.
        person["findings"] = dict.fromkeys((rule.when.finding for rule in rules if rule.when.finding), False) | findings


def _problems_of_findings(findings: JsonObject) -> list[Problem]:
    problems = []
    codes = finding_codes()
    for code, answer in findings.items():
        key = f"person.findings.{code}"
        if code not in codes:
            remedy = f"{suggest(code, codes)} (all codes: openpbm screen --codes)"
            problems.append(Problem(key=key, message="not a known finding", remedy=remedy))
        elif not isinstance(answer, bool) and answer != "unknown":
            problems.append(Problem(key, answer, 'must be true, false or "unknown"', "correct it"))
    return problems


def _name_the_lamp(raw: JsonObject, problems: list[Problem]) -> None:
    """Put the catalogue's lamp in place of its id, or name the person's own lamp."""
    device = raw.get("device")
    if not isinstance(device, dict):
        return
    if "emitters" in device:
        raw["device"] = {"id": "own_lamp", "name": device.get("id", "own lamp"), "kind": "other"} | device
        return
    catalogue = {lamp.id: lamp for lamp in lamp_catalogue}
    if problem := _problem_of_catalogue_lamp(device, catalogue):
        problems.append(problem)
        # Left in, the same mistake would be named once more by the check of the shape.
        raw.pop("device")
        return
    chosen = dataclasses.asdict(catalogue[device["id"]])
    raw["device"] = {key: value for key, value in chosen.items() if value is not None} | device


def _problem_of_catalogue_lamp(device: JsonObject, catalogue: Mapping[str, Lamp]) -> Problem | None:
    if "id" not in device:
        return Problem(
            key="device",
            message="neither id nor [[device.emitters]] is given",
            remedy="name a catalogue lamp (openpbm devices) or describe your own",
        )
    name = device["id"]
    # As text, since a list has no hash and would end in a traceback.
    if str(name) not in catalogue:
        return Problem("device.id", name, "not in the catalogue", suggest(str(name), catalogue))
    if device.get("output_status") == "measured":
        return Problem(
            "device.output_status",
            "measured",
            "a catalogue lamp carries its maker's claim",
            "give what was measured in [[device.emitters]]",
        )
    return None


def _already_named(problem: Problem, problems: Iterable[Problem]) -> bool:
    """Whether a problem of the shape only repeats what was said of the same key or of its section."""
    return any(problem.key in (said.key, said.key.split(".")[0]) for said in problems)


def _contradictions(case: Case) -> list[Problem]:
    return [*_about_condition(case), *_about_sites(case), *_about_person(case), *_about_release(case),
            *(problem.under("device") for problem in check_lamp(case.device))]  # fmt: skip


def _about_condition(case: Case) -> list[Problem]:
    given = case.condition
    if given.usual_onset is not None and given.usual_onset.tzinfo is not None:
        onset = str(given.usual_onset)
        return [Problem("condition.usual_onset", onset, "names a time zone", 'write the time at home as "21:30"')]
    known = {row.id: row for row in conditions}
    if given.diagnosis is None and given.programme is None:
        remedy = "add one (see docs/case-file.md)"
        return [Problem(key="condition", message="neither diagnosis nor programme is given", remedy=remedy)]
    if given.diagnosis is not None and given.diagnosis not in known:
        hint = suggest(given.diagnosis, known)
        return [Problem("condition.diagnosis", given.diagnosis, "not in the catalogue", hint)]
    if given.diagnosis and given.programme and known[given.diagnosis].programme != given.programme:
        belongs = f"{given.diagnosis} belongs to {known[given.diagnosis].programme}"
        return [Problem("condition.programme", given.programme, belongs, "leave it out")]
    return []


def _about_sites(case: Case) -> list[Problem]:
    problems = []
    seen: set[tuple[str, str]] = set()
    known = [one.id for one in sites]
    for number, choice in enumerate(case.sites):
        where = f"sites[{number}]"
        if choice.site not in known:
            problems.append(Problem(f"{where}.site", choice.site, "not a known site", suggest(choice.site, known)))
            continue
        targets = [target.id for target in sites[choice.site].targets]
        if choice.target is not None and choice.target not in targets:
            remedy = f"choose {' or '.join(targets)}"
            problems.append(Problem(f"{where}.target", choice.target, f"not at {choice.site}", remedy))
        sides = {"left", "right"} if choice.side == "both" else {choice.side}
        if taken := {(choice.site, side) for side in sides} & seen:
            twice = f"{choice.site} {min(taken)[1]} is listed twice"
            problems.append(Problem(key=where, message=twice, remedy="list each place once"))
        seen |= {(choice.site, side) for side in sides}
    return problems


def _about_person(case: Case) -> list[Problem]:
    problems = []
    if case.person.sex == "male" and case.person.pregnant is True:
        message = 'cannot be with sex = "male"'
        problems.append(Problem("person.pregnant", True, message, "correct one of the two"))
    problems.extend(
        Problem(f"person.medications[{number}]", name, "empty", "give an ingredient or an ATC code, or [] for none")
        for number, name in enumerate(case.person.medications or ())
        if not name.strip()
    )
    # Taken as a name it would be an unknown medicine; taken as the empty list it would outvote the others.
    problems.extend(
        Problem(f"person.medications[{number}]", name, "says that none is taken", _NONE_TAKEN)
        for number, name in enumerate(case.person.medications or ())
        if name.strip() and says_none(name)
    )
    return problems


_NONE_TAKEN = "leave it out; an empty list, medications = [], says that no medicine is taken"


_NOBODY_ELSE = frozenset(
    {"self", "me", "myself", "i", "patient", "nobody", "none", "no", "not", "unknown", "unconfirmed", "internet", "web"}
)


def names_somebody_else(named: str) -> bool:
    """Whether a name given for a clinician can be one: not the person, nobody or a question mark.

    >>> names_somebody_else("neurologist"), names_somebody_else("self-diagnosed"), names_somebody_else("?")
    (True, False, False)
    """
    words = re.findall(r"[^\W\d_]+", named.lower())
    return bool(words) and not _NOBODY_ELSE & set(words)


def _about_release(case: Case) -> list[Problem]:
    known = releasable_rules()
    problems = [
        Problem(
            f"release.rules[{number}]",
            rule,
            "not a rule a clinician can release",
            f"{suggest(rule, known)} (all rules: openpbm screen --codes --json)",
        )
        for number, rule in enumerate(case.release.rules)
        if rule not in known
    ]
    if case.release.rules and not names_somebody_else(case.release.by or ""):
        by = quote(case.release.by) if case.release.by else "not given"
        message = f"{by}, but only a clinician releases rules"
        problems.append(Problem(key="release.by", message=message, remedy="name the one who does"))
    return problems


def _with_targets(case: Case) -> Case:
    chosen = tuple(
        choice if choice.target else dataclasses.replace(choice, target=sites[choice.site].targets[0].id)
        for choice in case.sites
    )
    return dataclasses.replace(case, sites=chosen)
