"""What is wrong with a file a person wrote, one line a fault: key, value, limit, way out."""

from __future__ import annotations

import dataclasses
import difflib
import json
import math
import re
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from openpbm.errors import UNPRINTABLE
from openpbm.errors import quote as shown

__all__ = ["checked", "nearest", "shown", "unusable"]

Noun = TypeVar("Noun")

_LONGEST_TEXT = 2000
_MOST_LISTED = 20

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
_BOUNDS = {
    "greater_than_equal": ("ge", "at least"),
    "less_than_equal": ("le", "at most"),
    "greater_than": ("gt", "more than"),
    "less_than": ("lt", "less than"),
}


def checked(
    raw: dict[str, Any], noun: type[Noun], sections: Mapping[str, type[Any]], document: str
) -> tuple[Noun | None, list[str]]:
    """The noun made of `raw`, or None and every fault.

    sections : the class that stands behind each section's name ("" is the top), to name the nearest known key
    document : where the format is described
    """
    from pydantic import TypeAdapter, ValidationError

    try:
        # JSON mode, strict: lists become tuples and text becomes dates, but "40" never becomes a number.
        text = json.dumps(raw, default=lambda value: value.isoformat())
        return TypeAdapter(noun).validate_json(text, strict=True), []
    except ValidationError as error:
        items = error.errors()
        # A list whose only item is at fault is also called too short: say the first, drop the second.
        inner = [item["loc"] for item in items]
        own = [i for i in items if not any(len(at) > len(i["loc"]) and at[: len(i["loc"])] == i["loc"] for at in inner)]
        return None, [_fault(item, sections, document) for item in own]


def unusable(value: Any, where: str = "") -> list[str]:
    """Faults for what no limit would catch: infinity, not-a-number, and text no page or terminal can print."""
    if isinstance(value, dict):
        return [f for key, item in value.items() for f in _in_entry(key, item, where)]
    if isinstance(value, list):
        return [f for number, item in enumerate(value) for f in unusable(item, f"{where}[{number}]")]
    if isinstance(value, float) and not math.isfinite(value):
        return [f"{where} = {value}: not a finite number; give a number or leave the key out"]
    if isinstance(value, str) and UNPRINTABLE.search(value):
        return [f"{where} = {shown(value)}: holds a control character; write plain text"]
    if isinstance(value, str) and len(value) > _LONGEST_TEXT:
        return [f"{where} = {shown(value)}: {len(value)} characters, at most {_LONGEST_TEXT}; shorten it"]
    return []


def _in_entry(key: str, item: Any, where: str) -> list[str]:
    if UNPRINTABLE.search(key):
        return [f"{where}.{shown(key)}".lstrip(".") + ": the key holds a control character; write it in plain letters"]
    return unusable(item, f"{where}.{key}".lstrip("."))


def nearest(word: str, known: Iterable[str]) -> str:
    """The nearest known word, or all of them."""
    words = sorted(known)
    close = difflib.get_close_matches(word, words, n=1, cutoff=0.5)
    if close:
        return f"did you mean {close[0]}?"
    return f"known: {', '.join(words)}" if len(words) <= _MOST_LISTED else f"nothing like it among {len(words)} known"


def _fault(item: Any, sections: Mapping[str, type[Any]], document: str) -> str:
    kind, limits, key = item["type"], item.get("ctx", {}), str(item["loc"][-1]) if item["loc"] else ""
    where = _where(item["loc"])
    value = item.get("input")
    given = where if isinstance(value, dict | list) else f"{where} = {shown(value)}"
    if kind == "unexpected_keyword_argument":
        return _unknown_key(given, key, item["loc"], sections)
    if kind in ("missing", "missing_argument"):
        return f"{where}: needed but not given; add it (see {document})"
    if kind in _BOUNDS:
        name, words = _BOUNDS[kind]
        table = " (the tissue tables cover 600-1000 nm)" if key == "wavelength_nm" else ""
        limit = limits[name]
        bound = f"{limit:g}" if isinstance(limit, int | float) else str(limit)
        return f"{given}: must be {words} {bound}{table}; correct the value"
    if kind == "literal_error":
        return f"{given}: must be one of {limits['expected'].replace(chr(39), '')}; choose one of these"
    if "date" in kind:
        return f"{given}: not a date that exists; write a day of the calendar as YYYY-MM-DD"
    if "time" in kind:
        return f'{given}: not a time of day; write it as "21:30"'
    if kind in ("too_short", "too_long"):
        least, most = limits.get("min_length"), limits.get("max_length")
        limit_words = f"at most {most}" if kind == "too_long" else f"at least {least}"
        return f"{where}: {limits['actual_length']} given, {limit_words} needed; correct the list"
    message = _WANTED.get(kind) or item["msg"][0].lower() + item["msg"][1:]
    return f"{given}: {message}; correct the value (see {document})"


def _where(location: tuple[Any, ...]) -> str:
    text = ""
    for part in location:
        # pydantic also names the branch of a union ("literal['unknown']", "bool"), which no file holds.
        if isinstance(part, int):
            text += f"[{part}]"
        elif re.fullmatch(r"[A-Za-z0-9_-]+", part):
            text += "" if part in ("bool", "float", "int", "str") else f".{part}"
        elif not part.startswith("literal["):
            text += f".{shown(part)}"
    return text.lstrip(".")


def _unknown_key(given: str, key: str, location: tuple[Any, ...], sections: Mapping[str, type[Any]]) -> str:
    inside = [part for part in location[:-1] if isinstance(part, str) and part in sections]
    known = [field.name for field in dataclasses.fields(sections[inside[-1] if inside else ""])]
    unit = next((name for name in known if name.startswith(f"{key}_")), None)
    if unit is not None:
        return f"{given}: {key!r} names no unit; write {unit}"
    return f"{given}: not a known key; {nearest(key, known)}"
