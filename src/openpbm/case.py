"""A case: who, what, where, with which lamp. Read from a file or a mapping, every fault named in one line."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

from annotated_types import Ge, Le, Len

from openpbm.device import check_lamp
from openpbm.errors import BadInput
from openpbm.facts.codes import finding_codes, releasable_rules
from openpbm.facts.conditions import Condition, conditions, programme_condition
from openpbm.facts.lamps import Emitters, Lamp, lamp_catalogue
from openpbm.facts.rules import rules
from openpbm.facts.sites import sites
from openpbm.faults import checked, nearest, shown, unusable
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

    # A course outside this span is a slip of the pen, and dates near the calendar's ends cannot be reckoned with.
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

    Raises BadInput with one line per fault: an unreadable file, a key that is not known, a value that cannot be.

    >>> case = read_case(Path("examples/restless_legs.toml"))
    >>> case.condition.diagnosis, case.sites[0].target, case.device.id
    ('rls_primary', 'gastrocnemius', 'panel_660_850')
    """
    return case_of(_parse(path), path.name)


def case_of(document: Mapping[str, Any], name: str = "case") -> Case:
    """Check one case that is already a mapping, such as JSON out of a database; it is not changed.

    name : stands before every fault
    Dates and times may be text ("2026-12-01", "21:30"), and a key whose value is null counts as left out.
    Raises BadInput with one line per fault, in the words of `read_case`.

    >>> case = case_of({
    ...     "person": {"age_years": 52, "sex": "female", "skin_type": 2},
    ...     "condition": {"diagnosis": "rls_primary"},
    ...     "sites": [{"site": "posterior_calf", "side": "both"}],
    ...     "device": {"id": "panel_660_850"},
    ... })
    >>> case.sites[0].target
    'gastrocnemius'
    """
    faults: list[str] = []
    raw = _plain(document, "", faults)
    if not faults:
        faults = [f"{shown(raw)}: must be a section with keys"] if not isinstance(raw, dict) else unusable(raw)
    if not faults:
        _answer_the_rest(raw, faults)
        _name_the_lamp(raw, faults)
        case, found = checked(raw, Case, _SECTIONS, "docs/case-file.md")
        faults.extend(fault for fault in found if not _already_named(fault, faults))
        if case is not None:
            faults.extend(_contradictions(case))
            if not faults:
                return _with_targets(case)
    raise BadInput(f"{name}: {fault}" for fault in dict.fromkeys(faults))


_DEEPEST = 20  # sections within sections; a case needs four
_MOST_BITS = 14_000  # a little less than the 4300 digits beyond which Python writes no number


def _plain(value: Any, where: str, faults: list[str], depth: int = 0) -> Any:
    """A copy made of dicts, lists and values a TOML file could hold; what could not be written there is a fault."""
    if depth > _DEEPEST:
        faults.append(f"{where.split('.')[0].split('[')[0]}: nested too deeply; see docs/case-file.md")
        return None
    if isinstance(value, Mapping):
        named = {key: item for key, item in value.items() if isinstance(key, str) and item is not None}
        faults.extend(
            f"{where}[{shown(key)}]: a key must be text; write it in quotes"
            for key in value
            if not isinstance(key, str)
        )
        return {key: _plain(item, _inside(where, key), faults, depth + 1) for key, item in named.items()}
    if isinstance(value, list | tuple):
        return [_plain(item, f"{where}[{number}]", faults, depth + 1) for number, item in enumerate(value)]
    if isinstance(value, int) and value.bit_length() > _MOST_BITS:
        faults.append(f"{where}: a number has thousands of digits; correct the value")
    elif value is not None and not isinstance(value, str | int | float | dt.date | dt.time):
        kind = type(value).__name__
        faults.append(f"{where}: holds a {kind}; give text, a number, true, false, a list or a section with keys")
    return value


def _inside(where: str, key: str) -> str:
    return f"{where}.{key if key.isidentifier() else shown(key)}".lstrip(".")


def _parse(path: Path) -> dict[str, Any]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else "not UTF-8 text"
        raise BadInput(f"{path}: cannot be read ({why}); give the path of a case file in TOML") from error
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"line (\d+)", str(error))
        line = (
            shown(text.splitlines()[int(found[1]) - 1].strip())[1:-1]
            if found and int(found[1]) <= text.count("\n") + 1
            else ""
        )
        where = f"line {found[1]}: {line}" if found else "at the end of the file"
        if "date" in str(error).lower():
            raise BadInput(
                f"{path.name} {where}: this date does not exist; write a day of the calendar as YYYY-MM-DD"
            ) from error
        raise BadInput(f"{path.name} {where}: not valid TOML ({error}); see docs/case-file.md") from error
    except (ValueError, RecursionError) as error:
        why = "nested too deeply" if isinstance(error, RecursionError) else "a number has thousands of digits"
        raise BadInput(f"{path.name}: cannot be read as TOML ({why}); see docs/case-file.md") from error


def _answer_the_rest(raw: dict[str, Any], faults: list[str]) -> None:
    """Check the codes of the findings and let `none_other = true` answer the rest with no."""
    person = raw.get("person")
    if not isinstance(person, dict) or not isinstance(findings := person.get("findings"), dict):
        return
    codes = finding_codes()
    none_other = findings.pop("none_other", False)
    if not isinstance(none_other, bool):
        faults.append(f"person.findings.none_other = {shown(none_other)}: must be true or false")
    for code, answer in findings.items():
        if code not in codes:
            faults.append(
                f"person.findings.{code}: not a known finding; {nearest(code, codes)}"
                " (all codes: openpbm screen --codes)"
            )
        elif not isinstance(answer, bool) and answer != "unknown":
            faults.append(f'person.findings.{code} = {shown(answer)}: must be true, false or "unknown"')
    if none_other is True:
        person["findings"] = dict.fromkeys((rule.when.finding for rule in rules if rule.when.finding), False) | findings


def _name_the_lamp(raw: dict[str, Any], faults: list[str]) -> None:
    """Put the catalogue's lamp in place of its id, or name the person's own lamp."""
    device = raw.get("device")
    if not isinstance(device, dict):
        return
    if "emitters" in device:
        raw["device"] = {"id": "own_lamp", "name": device.get("id", "own lamp"), "kind": "other"} | device
        return
    catalogue = {lamp.id: lamp for lamp in lamp_catalogue}
    if "id" not in device:
        faults.append(
            "device: neither id nor [[device.emitters]] is given; name a catalogue lamp (openpbm devices)"
            " or describe your own"
        )
        raw.pop("device")
    elif str(device["id"]) not in catalogue:  # a list has no hash, and would end in a traceback
        faults.append(f"device.id = {device['id']!r}: not in the catalogue; {nearest(str(device['id']), catalogue)}")
        raw.pop("device")
    elif device.get("output_status") == "measured":
        faults.append(
            'device.output_status = "measured": a catalogue lamp carries its maker\'s claim;'
            " give what was measured in [[device.emitters]]"
        )
        raw.pop("device")
    else:
        chosen = dataclasses.asdict(catalogue[device["id"]])
        raw["device"] = {key: value for key, value in chosen.items() if value is not None} | device


def _already_named(fault: str, faults: list[str]) -> bool:
    """Whether a fault of the shape only repeats what was said of the same key or of its section."""
    where = fault.split(":")[0].split(" = ")[0]
    return any(where == said.split(":")[0].split(" = ")[0].split(".")[0] for said in faults) or any(
        said.startswith((f"{where} ", f"{where}:")) for said in faults
    )


def _contradictions(case: Case) -> list[str]:
    return [*_about_condition(case), *_about_sites(case), *_about_person(case), *_about_release(case),
            *(f"device.{fault}" for fault in check_lamp(case.device))]  # fmt: skip


def _about_condition(case: Case) -> list[str]:
    given = case.condition
    if given.usual_onset is not None and given.usual_onset.tzinfo is not None:
        return [f'condition.usual_onset = "{given.usual_onset}": names a time zone; write the time at home as "21:30"']
    known = {row.id: row for row in conditions}
    if given.diagnosis is None and given.programme is None:
        return ["condition: neither diagnosis nor programme is given; add one (see docs/case-file.md)"]
    if given.diagnosis is not None and given.diagnosis not in known:
        return [f"condition.diagnosis = {given.diagnosis!r}: not in the catalogue; {nearest(given.diagnosis, known)}"]
    if given.diagnosis and given.programme and known[given.diagnosis].programme != given.programme:
        belongs = known[given.diagnosis].programme
        return [f"condition.programme = {given.programme!r}: {given.diagnosis} belongs to {belongs}; leave it out"]
    return []


def _about_sites(case: Case) -> list[str]:
    faults = []
    seen: set[tuple[str, str]] = set()
    known = [one.id for one in sites]
    for number, choice in enumerate(case.sites):
        if choice.site not in known:
            faults.append(f"sites[{number}].site = {choice.site!r}: not a known site; {nearest(choice.site, known)}")
            continue
        targets = [target.id for target in sites[choice.site].targets]
        if choice.target is not None and choice.target not in targets:
            faults.append(
                f"sites[{number}].target = {choice.target!r}: not at {choice.site}; choose {' or '.join(targets)}"
            )
        sides = {"left", "right"} if choice.side == "both" else {choice.side}
        if taken := {(choice.site, side) for side in sides} & seen:
            faults.append(f"sites[{number}]: {choice.site} {min(taken)[1]} is listed twice; list each place once")
        seen |= {(choice.site, side) for side in sides}
    return faults


def _about_person(case: Case) -> list[str]:
    faults = []
    if case.person.sex == "male" and case.person.pregnant is True:
        faults.append('person.pregnant = true: cannot be with sex = "male"; correct one of the two')
    faults.extend(
        f"person.medications[{number}] = {name!r}: empty; give an ingredient or an ATC code, or [] for none"
        for number, name in enumerate(case.person.medications or ())
        if not name.strip()
    )
    return faults


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


def _about_release(case: Case) -> list[str]:
    faults = []
    known = releasable_rules()
    for number, rule in enumerate(case.release.rules):
        if rule not in known:
            faults.append(
                f"release.rules[{number}] = {rule!r}: not a rule a clinician can release; {nearest(rule, known)}"
                " (all rules: openpbm screen --codes --json)"
            )
    if case.release.rules and not names_somebody_else(case.release.by or ""):
        by = shown(case.release.by) if case.release.by else "not given"
        faults.append(f"release.by: {by}, but only a clinician releases rules; name the one who does")
    return faults


def _with_targets(case: Case) -> Case:
    chosen = tuple(
        choice if choice.target else dataclasses.replace(choice, target=sites[choice.site].targets[0].id)
        for choice in case.sites
    )
    return dataclasses.replace(case, sites=chosen)
