"""Read a case from a file or a mapping, every problem named."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from openpbm.case.case import Case, Complaint, Confirm, Course, PlacedLamp, Placement, Release, SiteChoice
from openpbm.case.contradictions import contradictions, implausible
from openpbm.device import settled_output
from openpbm.errors import BadInput, Problem, quote
from openpbm.facts.conditions import Protocol
from openpbm.facts.lamps import Emitters, Lamp, LampMode, lamp_catalogue
from openpbm.facts.rules import finding_codes, implied_by, rules
from openpbm.facts.sites import sites
from openpbm.files import JsonObject, read_toml, suggest, unsupported_values, validate
from openpbm.person import Labs, Person, TriedTreatment, WorkupResult

__all__ = ["case_of", "read_case"]

_SECTIONS: dict[str, type[Any]] = {
    "": Case,
    "person": Person,
    "labs": Labs,
    "treatments": TriedTreatment,
    "workup": WorkupResult,
    "condition": Complaint,
    "sites": SiteChoice,
    "device": Lamp,
    "emitters": Emitters,
    "modes": LampMode,
    "lamps": PlacedLamp,
    "placement": Placement,
    "course": Course,
    "release": Release,
    "confirm": Confirm,
    "protocol": Protocol,
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
    return case_of(content, path.name, folder=path.parent)


def case_of(
    document: Mapping[str, Any], name: str = "case", *, today: dt.date | None = None, folder: Path | None = None
) -> Case:
    """Check one case that is already a mapping, such as JSON out of a database; it is not changed.

    name : the document that every problem names
    today : the day from which its dates are plausible or not; this computer's own where it is left out
    folder : from which a lamp may name its photometric file; None, as over a network, lets it name none
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
        if _tells_history(raw):
            from openpbm.case.history import read_history

            # Before the sweeping no, which answers what was not answered.
            read_history(raw, problems)
        _answer_the_rest(raw, problems)
        _name_the_lamps(raw, problems, folder)
        if "protocol" in raw:
            from openpbm.case.own_protocol import name_the_protocol

            name_the_protocol(raw, problems)
        case, found = validate(raw, Case, _SECTIONS, "docs/case-file.md")
        if raw.get("lamps"):
            # The first of them stands in there, and its problems are named where it was written.
            found = [problem for problem in found if problem.key.partition(".")[0] != "device"]
        problems.extend(problem for problem in found if not _already_named(problem, problems))
        if case is not None:
            problems.extend(_contradictions(case, today or dt.date.today()))
            if not problems:
                return _with_settled_output(_with_targets(case))
    raise BadInput(problem.within(name) for problem in _once_each(problems))


def _once_each(problems: Iterable[Problem]) -> list[Problem]:
    """The problems without repetitions, told by their text, since a value may be a list that has no hash."""
    return list({str(problem): problem for problem in problems}.values())


# Sections within sections; a case needs four.
_DEEPEST = 20
# No float is larger. Beyond 4300 digits, a little more than so many bits, Python writes no number either.
_MOST_BITS, _MOST_WRITTEN_BITS = 1023, 14_000


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
        problems.append(_too_large(where, value))
    elif value is not None and not isinstance(value, str | int | float | dt.date | dt.time):
        kind = type(value).__name__
        remedy = "give text, a number, true, false, a list or a section with keys"
        problems.append(Problem(key=where, message=f"holds a {kind}", remedy=remedy))
    return value


def _too_large(where: str, value: int) -> Problem:
    if value.bit_length() > _MOST_WRITTEN_BITS:
        return Problem(key=where, message="a number has thousands of digits", remedy="correct the value")
    digits = str(abs(value))
    message = f"{digits[:6]}... has {len(digits)} digits, and nothing is computed with more than 308"
    return Problem(key=where, message=message, remedy="correct the value")


def _inside(where: str, key: str) -> str:
    return f"{where}.{key if key.isidentifier() else quote(key)}".lstrip(".")


def _tells_history(raw: JsonObject) -> bool:
    complaint, person = raw.get("condition"), raw.get("person")
    felt = isinstance(complaint, dict) and "sensations" in complaint
    return felt or (isinstance(person, dict) and not person.keys().isdisjoint(("treatments", "workup")))


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
        # A sweeping no is no answer to what the diagnosis itself speaks of: there silence stays silence.
        kept_open = _implied_findings(raw)
        asked = (rule.when.finding for rule in rules if rule.when.finding)
        # What was answered stands on the right and wins over the sweeping no.
        person["findings"] = dict.fromkeys((code for code in asked if code not in kept_open), False) | findings


def _implied_findings(raw: JsonObject) -> set[str]:
    """The findings that the complaint and the answers speak of; the complaint may still be anything."""
    complaint = raw.get("condition")
    given = complaint if isinstance(complaint, dict) else {}
    diagnosis, programme = given.get("diagnosis"), given.get("programme")
    return {row.finding for row in implied_by(diagnosis, programme, raw["person"]["findings"])}


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


def _name_the_lamps(raw: JsonObject, problems: list[Problem], folder: Path | None) -> None:
    """Each lamp of the case, or the one that it has."""
    if isinstance(raw.get("lamps"), list) and raw["lamps"]:
        from openpbm.case.lamps_together import name_lamps

        name_lamps(raw, partial(_name_the_lamp, folder=folder), problems)
        return
    _name_the_lamp(raw, problems, folder)


def _name_the_lamp(raw: JsonObject, problems: list[Problem], folder: Path | None) -> None:
    """Put the catalogue's lamp in place of its id, or name the person's own lamp."""
    device, placement = raw.get("device"), raw.get("placement")
    in_inches = isinstance(placement, dict) and any(key.endswith("_in") for key in placement)
    if isinstance(placement, dict) and (in_inches or not isinstance(placement.get("distance_mm"), int | float)):
        from openpbm.case.own_lamp import spell_out_inches

        problems.extend(spell_out_inches(placement, "placement"))
    if not isinstance(device, dict):
        return
    if device.keys() - {"id"}:
        from openpbm.case.own_lamp import spell_out_lamp

        problems.extend(spell_out_lamp(device, folder))
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
    return any(f"{said.key}.".startswith(f"{problem.key}.") for said in problems)


def _contradictions(case: Case, today: dt.date) -> list[Problem]:
    def of_one(one: Case) -> list[Problem]:
        return [*contradictions(one), *implausible(one, today)]

    if case.placement.sites and not case.lamps:
        message = "is of one of several [[lamps]], and this lamp lights every place of the case"
        on_page = "One lamp alone lights every place. Take the ticks away, or add the other lamp."
        named, remedy = list(case.placement.sites), "leave it out, or list the lamps"
        return [Problem("placement.sites", named, message, remedy, on_page=on_page)]
    if not case.lamps and case.placement.is_plain and all(one.stand is None for one in case.device.emitters):
        return of_one(case)
    from openpbm.case.lamps_together import contradictions_of_lamps

    return contradictions_of_lamps(case, of_one)


def _with_settled_output(case: Case) -> Case:
    supervised = case.course.supervision == "clinician"
    settled = _settled(case.device, case.placement, supervised)
    lamps = tuple(
        dataclasses.replace(one, device=_settled(one.device, one.placement, supervised)) for one in case.lamps
    )
    case = dataclasses.replace(case, device=settled, lamps=lamps)
    if not lamps and case.placement.is_plain:
        return case
    from openpbm.case.lamps_together import lamps_as_one

    return lamps_as_one(case)


def _settled(lamp: Lamp, placement: Placement, supervised: bool) -> Lamp:
    settled = settled_output(lamp, supervised=supervised)
    if placement.mode is None:
        return settled
    from openpbm.device.modes import in_mode

    return in_mode(settled, placement.mode)


def _with_targets(case: Case) -> Case:
    # Places nobody knows are left only where the case refers and no light is planned on any of them.
    known = [choice for choice in case.sites if choice.site in sites]
    chosen = tuple(dataclasses.replace(choice, target=case.target_of(choice)) for choice in known)
    return dataclasses.replace(case, sites=chosen)
