"""What was read, held against the noun it is to become and against what no limit would catch: every problem named."""

from __future__ import annotations

import dataclasses
import functools
import json
import math
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from openpbm.errors import UNPRINTABLE, Problem, quote
from openpbm.files.suggest import suggest

if TYPE_CHECKING:
    from pydantic import TypeAdapter
    from pydantic_core import ErrorDetails

__all__ = ["adapter", "not_finite", "unsupported_values", "validate"]

Noun = TypeVar("Noun")
Sections = Mapping[str, type]

_LONGEST_TEXT = 2000
_CORRECT = "correct the value"

_WANTED = {
    "dataclass_type": "must be a section with keys",
    "dict_type": "must be a section with keys",
    "float_type": "must be a number",
    "int_type": "must be a whole number",
    "int_from_float": "must be a whole number",
    "string_type": "must be text in quotes",
    "tuple_type": "must be a list in square brackets",
    "bool_type": 'must be true, false or "unknown"',
}
_OF_TISSUE = " (the tissue tables cover 600-1000 nm)"
_OF_THE_EYE = " (the tissue tables cover 600-1000 nm, and limits for the eye are held for 400-1100)"
_WHY: dict[tuple[str, object], str] = {
    ("wavelength_nm", 600): _OF_TISSUE,
    ("wavelength_nm", 1000): _OF_TISSUE,
    ("wavelength_nm", 400): _OF_THE_EYE,
    ("wavelength_nm", 1100): _OF_THE_EYE,
}
_BOUNDS = {
    "greater_than_equal": ("ge", "at least"),
    "less_than_equal": ("le", "at most"),
    "greater_than": ("gt", "more than"),
    "less_than": ("lt", "less than"),
}


def validate(
    raw: Mapping[str, object], noun: type[Noun], sections: Sections, document: str
) -> tuple[Noun | None, list[Problem]]:
    """The noun made of `raw`, or None and every problem.

    sections : the class that stands behind each section's name ("" is the top), to name the nearest known key
    document : where the format is described
    """
    from pydantic import ValidationError

    try:
        # JSON mode, strict: lists become tuples and text becomes dates, but "40" never becomes a number.
        text = json.dumps(raw, default=lambda value: value.isoformat())
        return adapter(noun).validate_json(text, strict=True), []
    except ValidationError as error:
        items = error.errors()
        # A list whose only item is wrong is also called too short: say the first, drop the second.
        inner = [item["loc"] for item in items]
        own = [i for i in items if not any(len(at) > len(i["loc"]) and at[: len(i["loc"])] == i["loc"] for at in inner)]
        return None, [_problem(item, sections, document) for item in own]


def adapter(noun: type[Noun]) -> TypeAdapter[Noun]:
    """What checks a value against that noun; built once a process."""
    return _adapter(cast(Any, noun))


# Building one takes a fifth of a second for a plan, a hundred times what it then takes to read one.
@functools.cache
def _adapter(noun: Any) -> TypeAdapter[Any]:
    from pydantic import TypeAdapter

    return TypeAdapter(noun)


def _problem(item: ErrorDetails, sections: Sections, document: str) -> Problem:
    """One error of pydantic in our words."""
    kind, limits, location = item["type"], item.get("ctx", {}), item["loc"]
    key, where = str(location[-1]) if location else "", _where(location)
    # A whole section as a value would hide what is wrong with it.
    given = item.get("input")
    value = None if isinstance(given, dict | list) else given
    if kind == "unexpected_keyword_argument":
        return _unknown_key(where, value, key, location, sections)
    if kind in ("missing", "missing_argument"):
        return Problem(key=where, message="needed but not given", remedy=f"add it (see {document})")
    if kind in _BOUNDS:
        return Problem(where, value, _beyond(kind, key, limits), _CORRECT)
    if kind == "literal_error":
        known = limits["expected"].replace("'", "")
        return Problem(where, value, f"must be one of {known}", "choose one of these")
    if "date" in kind:
        return Problem(where, value, "not a date that exists", "write a day of the calendar as YYYY-MM-DD")
    if "time" in kind:
        return Problem(where, value, "not a time of day", 'write it as "21:30"')
    if kind in ("too_short", "too_long"):
        return Problem(key=where, message=_too_many_or_few(kind, limits), remedy="correct the list")
    # What a noun of ours says of itself stands without the name of the exception.
    message = str(limits["error"]) if kind == "value_error" else item["msg"][0].lower() + item["msg"][1:]
    words = _WANTED.get(kind) or message
    if given is None:
        words = f"is null, {words}"
    return Problem(where, value, words, f"{_CORRECT} (see {document})")


def _beyond(kind: str, key: str, limits: Mapping[str, object]) -> str:
    name, words = _BOUNDS[kind]
    limit = limits[name]
    bound = f"{limit:g}" if isinstance(limit, int | float) else str(limit)
    return f"must be {words} {bound}{_WHY.get((key, limit), '')}"


def _too_many_or_few(kind: str, limits: Mapping[str, object]) -> str:
    if kind == "too_long":
        return f"{limits['actual_length']} given, at most {limits.get('max_length')} needed"
    return f"{limits['actual_length']} given, at least {limits.get('min_length')} needed"


def _where(location: tuple[int | str, ...]) -> str:
    text = ""
    for part in location:
        # pydantic also names the branch of a union ("literal['unknown']", "bool"), which no file holds.
        if isinstance(part, int):
            text += f"[{part}]"
        elif re.fullmatch(r"[A-Za-z0-9_-]+", part):
            text += "" if part in ("bool", "float", "int", "str") else f".{part}"
        elif not part.startswith("literal["):
            text += f".{quote(part)}"
    return text.lstrip(".")


def _unknown_key(where: str, value: object, key: str, location: tuple[int | str, ...], sections: Sections) -> Problem:
    inside = [part for part in location[:-1] if isinstance(part, str) and part in sections]
    noun = sections[inside[-1] if inside else ""]
    # What only the program writes is nobody's to choose.
    known = [field.name for field in dataclasses.fields(noun) if not field.metadata.get("written_by_us")]
    unit = next((name for name in known if name.startswith(f"{key}_")), None)
    if unit is not None:
        return Problem(where, value, f"{key!r} names no unit", f"write {unit}")
    return Problem(where, value, "not a known key", suggest(key, known))


def unsupported_values(value: object, where: str = "") -> list[Problem]:
    """Problems with what no limit would catch: infinity, not-a-number, and text no page or terminal can print."""
    # Hardly ever is there one, and a plan holds six thousand values: only then is asked where it stands.
    return [] if _is_supported(value) else _unsupported(value, where)


def _is_supported(value: object) -> bool:
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            if any(map(UNPRINTABLE.search, one)):
                return False
            waiting.extend(one.values())
        elif isinstance(one, list):
            waiting.extend(one)
        elif isinstance(one, float):
            if not math.isfinite(one):
                return False
        elif isinstance(one, str) and (len(one) > _LONGEST_TEXT or UNPRINTABLE.search(one)):
            return False
    return True


def _unsupported(value: object, where: str) -> list[Problem]:
    if isinstance(value, dict):
        return [problem for key, item in value.items() for problem in _in_entry(key, item, where)]
    if isinstance(value, list):
        return [p for number, item in enumerate(value) for p in _unsupported(item, f"{where}[{number}]")]
    if isinstance(value, float) and not math.isfinite(value):
        return [Problem(where, value, "not a finite number", "give a number or leave the key out")]
    if isinstance(value, str) and UNPRINTABLE.search(value):
        return [Problem(where, value, "holds a control character", "write plain text")]
    if isinstance(value, str) and len(value) > _LONGEST_TEXT:
        return [Problem(where, value, f"{len(value)} characters, at most {_LONGEST_TEXT}", "shorten it")]
    return []


def _in_entry(key: str, item: object, where: str) -> list[Problem]:
    if UNPRINTABLE.search(key):
        name = f"{where}.{quote(key)}".lstrip(".")
        return [Problem(key=name, message="the key holds a control character", remedy="write it in plain letters")]
    return _unsupported(item, f"{where}.{key}".lstrip("."))


def not_finite(value: object, where: str = "") -> list[Problem]:
    """Problems with infinity and not-a-number alone: Python's reader takes them, and JSON has no such numbers."""
    return [problem for problem in unsupported_values(value, where) if isinstance(problem.value, float)]
