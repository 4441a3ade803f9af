"""Values that no limit would catch: infinity, not-a-number, and text that no page or terminal can print."""

from __future__ import annotations

import math

from openpbm.errors import UNPRINTABLE, Problem, quote

__all__ = ["not_finite", "unsupported_values"]

_LONGEST_TEXT = 2000


def unsupported_values(value: object, where: str = "") -> list[Problem]:
    """Problems with what no limit would catch: infinity, not-a-number, and text no page or terminal can print."""
    if isinstance(value, dict):
        return [problem for key, item in value.items() for problem in _in_entry(key, item, where)]
    if isinstance(value, list):
        return [p for number, item in enumerate(value) for p in unsupported_values(item, f"{where}[{number}]")]
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
    return unsupported_values(item, f"{where}.{key}".lstrip("."))


def not_finite(value: object, where: str = "") -> list[Problem]:
    """Problems with infinity and not-a-number alone: Python's reader takes them, and JSON has no such numbers."""
    return [problem for problem in unsupported_values(value, where) if isinstance(problem.value, float)]
