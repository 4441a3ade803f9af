"""A form as it was filled in, the licensed words of a site, and what must stand beside questions about mood."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openpbm.errors import BadInput, Problem, quote
from openpbm.facts.crisis import crisis_lines, crisis_message
from openpbm.facts.scales import Scale, ScaleItem
from openpbm.files import JsonObject, read_json, read_toml, suggest, unsupported_values
from openpbm.outcomes.measures.scoring import chosen_version

__all__ = [
    "Answers",
    "Wording",
    "askable_items",
    "crisis_text",
    "crisis_text_needed",
    "read_answers",
    "read_wording",
]

_DOCUMENT = "docs/scales.md"
_ANSWERS_KEYS = {"answers", "version"}
_WORDING_KEYS = ("scale", "version", "licensee", "items")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """One filled-in form. `version` "" is the current edition; `answers` is not yet checked against any scale."""

    version: str
    answers: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """Licensed words of one edition of one scale, loaded by the site that holds the licence; item id to text."""

    licensee: str
    items: Mapping[str, str]


def crisis_text_needed(scale: Scale, items: Iterable[str] | None = None) -> bool:
    """Whether the crisis text must stand beside these items of a scale; None is the whole scale.

    BadInput when an item is not one of the scale's.
    """
    known = [item.id for item in scale.items]
    asked = set(known if items is None else items)
    unknown = sorted(asked - set(known))
    if unknown:
        raise BadInput(
            Problem(key=scale.id, message=f"no item {', '.join(unknown)}", remedy=f"known: {', '.join(known)}")
        )
    return bool(asked & set(scale.mood_items))


def askable_items(scale: Scale, *, crisis_text_shown: bool) -> tuple[ScaleItem, ...]:
    """The items that may be asked: without the crisis text all but those about mood, which then stay unanswered."""
    return tuple(item for item in scale.items if crisis_text_shown or item.id not in scale.mood_items)


def crisis_text(country: str | None = None) -> str:
    """The text itself, with the lines of one country (ISO 3166 code) where it is known and listed."""
    lines = [f"{line.country_name}: {line.name}, {line.number}." for line in crisis_lines(country)]
    return " ".join([crisis_message(), *lines])


def read_answers(path: Path) -> Answers:
    """The answers of a JSON file: `{"1": 3}` or `{"version": "2.0", "answers": {"1": 3}}`.

    Raises BadInput for a file that is unreadable, too big, not JSON, not an object, or names an item twice.
    """
    content = read_json(path, remedy=f"see {_DOCUMENT}", unreadable="give the path of answers in JSON")
    if problems := unsupported_values(content):
        raise BadInput(problem.within(path.name) for problem in problems)
    if not _ANSWERS_KEYS & set(content):
        return Answers(version="", answers=content)
    unknown = sorted(set(content) - _ANSWERS_KEYS)
    if unknown:
        raise BadInput(
            Problem(
                message=f"{quote(unknown[0])} stands beside version and answers",
                remedy="move it into answers",
                document=path.name,
            )
        )
    answers, version = content.get("answers"), content.get("version", "")
    if not isinstance(answers, dict):
        raise BadInput(
            Problem(key="answers", value=answers, message="must be an object of item and answer", document=path.name)
        )
    if version is not None and not isinstance(version, str):
        raise BadInput(
            Problem(
                key="version",
                value=version,
                message='must be text in quotes, or "" for the current one',
                document=path.name,
            )
        )
    return Answers(version=version or "", answers=answers)


def read_wording(path: Path, scale: Scale, version: str = "") -> Wording:
    """The wording of a site's TOML file, refused unless it names this scale, this edition and a licensee.

    Raises BadInput with a problem for each thing that is wrong.
    """
    content = read_toml(path, remedy=f"see {_DOCUMENT}", unreadable="give the path of a wording in TOML")
    edition = chosen_version(scale, version)
    problems = [*unsupported_values(content), *_problems_of_wording(content, scale, edition)]
    if problems:
        raise BadInput(problem.within(path.name) for problem in problems)
    return Wording(licensee=content["licensee"].strip(), items=content["items"])


def _problems_of_wording(content: JsonObject, scale: Scale, version: str) -> list[Problem]:
    problems = [
        Problem(key=key, message="not a known key", remedy=suggest(key, _WORDING_KEYS))
        for key in content
        if key not in _WORDING_KEYS
    ]
    form = f"the form is {scale.id} {version}"
    problems += [
        Problem(key, content.get(key) or "", form, "load its own wording")
        for key, wanted in (("scale", scale.id), ("version", version))
        if content.get(key) != wanted
    ]
    licensee = content.get("licensee")
    if not isinstance(licensee, str) or not licensee.strip():
        remedy = "name who holds the licence to show these words"
        problems.append(Problem(key="licensee", message="not given", remedy=remedy))
    items = content.get("items")
    if not isinstance(items, dict) or not items:
        remedy = 'add [items] with lines like 1 = "text"'
        return [*problems, Problem(key="items", message="not given", remedy=remedy)]
    return [*problems, *_problems_of_items(items, scale)]


def _problems_of_items(items: JsonObject, scale: Scale) -> Iterator[Problem]:
    known = {item.id for item in scale.items}
    for id, text in items.items():
        if id not in known:
            yield Problem(key=f"items.{id}", message=f"not an item of {scale.id}", remedy=suggest(id, known))
        elif not isinstance(text, str) or not text.strip():
            yield Problem(f"items.{id}", text, "must be text in quotes", "write the item's words")
