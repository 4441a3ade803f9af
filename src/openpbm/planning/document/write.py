"""The one writer of plan.json."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import fields, is_dataclass
from typing import Any

from openpbm.facts.lamps import Emitters
from openpbm.reason import Reason

__all__ = ["as_json", "as_text"]


def as_json(noun: Any) -> Any:
    """A noun of the plan as JSON knows it: objects, lists, text, numbers.

    >>> as_json((dt.date(2026, 12, 1), dt.time(19, 40)))
    ['2026-12-01', '19:40']
    """
    if isinstance(noun, Reason):
        return noun.to_dict()
    if is_dataclass(noun):
        content = {field.name: as_json(getattr(noun, field.name)) for field in fields(noun)}
        # Most of their keys apply to one kind of lamp: null would read as "not known" where it is "does not apply".
        return _without_null(content) if isinstance(noun, Emitters) else content
    if isinstance(noun, tuple | list):
        return [as_json(item) for item in noun]
    if isinstance(noun, dt.date):
        return noun.isoformat()
    if isinstance(noun, dt.time):
        return noun.strftime("%H:%M")
    return noun


def _without_null(content: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in content.items() if value is not None}


def as_text(noun: Any) -> str:
    """The JSON text of a noun; a number that is not finite is a bug and raises ValueError."""
    return json.dumps(as_json(noun), indent=1, ensure_ascii=False, allow_nan=False) + "\n"
