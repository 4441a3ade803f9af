"""What is wrong with a file a person wrote, one line a fault: key, value, limit, way out."""

from __future__ import annotations

import dataclasses
import difflib
import json
import math
import re
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

__all__ = ["checked", "nearest", "not_finite"]

Noun = TypeVar("Noun")

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


def not_finite(value: Any, where: str = "") -> list[str]:
    """Faults for every infinity and not-a-number, which no limit would catch."""
    if isinstance(value, dict):
        return [f for key, item in value.items() for f in not_finite(item, f"{where}.{key}".lstrip("."))]
    if isinstance(value, list):
        return [f for number, item in enumerate(value) for f in not_finite(item, f"{where}[{number}]")]
    if isinstance(value, float) and not math.isfinite(value):
        return [f"{where} = {value}: not a finite number; give a number or leave the key out"]
    return []


def nearest(word: str, known: Iterable[str]) -> str:
    """The nearest known word, or all of them."""
    words = sorted(known)
    close = difflib.get_close_matches(word, words, n=1, cutoff=0.5)
    return f"did you mean {close[0]}?" if close else f"known: {', '.join(words)}"


def _fault(item: Any, sections: Mapping[str, type[Any]], document: str) -> str:
    kind, limits, key = item["type"], item.get("ctx", {}), str(item["loc"][-1]) if item["loc"] else ""
    where = _where(item["loc"])
    value = item.get("input")
    shown = (
        where if isinstance(value, dict | list) else f"{where} = {json.dumps(value, ensure_ascii=False, default=str)}"
    )
    if kind == "unexpected_keyword_argument":
        return _unknown_key(shown, key, item["loc"], sections)
    if kind in ("missing", "missing_argument"):
        return f"{where}: needed but not given; add it (see {document})"
    if kind in _BOUNDS:
        name, words = _BOUNDS[kind]
        table = " (the tissue tables cover 600-1000 nm)" if key == "wavelength_nm" else ""
        return f"{shown}: must be {words} {limits[name]:g}{table}; correct the value"
    if kind == "literal_error":
        return f"{shown}: must be one of {limits['expected'].replace(chr(39), '')}; choose one of these"
    if "date" in kind:
        return f"{shown}: not a date that exists; write a day of the calendar as YYYY-MM-DD"
    if "time" in kind:
        return f'{shown}: not a time of day; write it as "21:30"'
    message = item["msg"][0].lower() + item["msg"][1:]
    return f"{shown}: {message}; correct the value (see {document})"


def _where(location: tuple[Any, ...]) -> str:
    text = ""
    for part in location:
        # pydantic also names the branch of a union ("literal['unknown']", "bool"), which no file holds.
        if isinstance(part, int):
            text += f"[{part}]"
        elif re.fullmatch(r"[A-Za-z0-9_-]+", part) and part not in ("bool", "float", "int", "str"):
            text += f".{part}"
    return text.lstrip(".")


def _unknown_key(shown: str, key: str, location: tuple[Any, ...], sections: Mapping[str, type[Any]]) -> str:
    inside = [part for part in location[:-1] if isinstance(part, str) and part in sections]
    known = [field.name for field in dataclasses.fields(sections[inside[-1] if inside else ""])]
    unit = next((name for name in known if name.startswith(f"{key}_")), None)
    if unit is not None:
        return f"{shown}: {key!r} names no unit; write {unit}"
    return f"{shown}: not a known key; {nearest(key, known)}"
