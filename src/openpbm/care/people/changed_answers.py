"""Which answers were given before and are given otherwise now; an answer that was missing before changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from openpbm.care.people.questions import question
from openpbm.errors import BadInput
from openpbm.files import JsonObject

__all__ = ["ChangedAnswer", "changed_answers", "value_at", "with_value"]

#: Sections of the answers that say something about the person.
_SECTIONS = ("person", "condition")
_LABELS = {
    "pregnant": "Pregnant", "medications": "Medicines", "age_years": "Age", "height_cm": "Height",
    "weight_kg": "Weight", "skin_type": "Skin", "sex": "Sex", "diagnosis": "What is treated",
    "confirmed_by": "Confirmed by", "usual_onset": "Usually begins at",
    "treatments": "Tried before", "workup": "Tests and results", "sensations": "What it feels like",
}  # fmt: skip
_WORDS = {True: "yes", False: "no", "unknown": "I don’t know", None: "no answer"}

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedAnswer:
    """One answer, as it was and as it is."""

    path: Path
    before: Any
    now: Any

    @property
    def label(self) -> str:
        """What was asked."""
        code = self.path[-1]
        try:
            return question(code)
        except (KeyError, BadInput):
            return _LABELS.get(code, code.replace("_", " ").capitalize())

    @property
    def was(self) -> str:
        """The earlier answer in words."""
        return _in_words(self.before)

    @property
    def says(self) -> str:
        """The answer of now in words."""
        return _in_words(self.now)


def changed_answers(before: JsonObject, now: JsonObject) -> tuple[ChangedAnswer, ...]:
    """Every answer of before that is another now, or gone; what was not known then is no change.

    >>> [(one.path[-1], one.was, one.says) for one in changed_answers(
    ...     {"person": {"pregnant": True, "medications": ["amiodarone"]}},
    ...     {"person": {"pregnant": False, "medications": ["amiodarone", "zinc"]}})]
    [('pregnant', 'yes', 'no')]
    """
    found = []
    for section in _SECTIONS:
        for path, value in _answers(before.get(section) or {}, (section,)):
            later = value_at(now, path)
            if later != value and not _only_added(value, later):
                found.append(ChangedAnswer(path=path, before=value, now=later))
    return tuple(found)


def value_at(document: JsonObject, path: Path) -> Any:
    """The answer there; None where there is none."""
    value: Any = document
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def with_value(document: JsonObject, path: Path, value: Any) -> JsonObject:
    """The answers with another one there."""
    key, rest = path[0], path[1:]
    if not rest:
        return document | {key: value}
    return document | {key: with_value(document.get(key) or {}, rest, value)}


def _answers(answers: JsonObject, path: Path) -> Iterator[tuple[Path, Any]]:
    for key, value in answers.items():
        if isinstance(value, dict):
            yield from _answers(value, (*path, key))
        elif value is not None and value != "unknown":
            yield (*path, key), value


def _only_added(before: Any, now: Any) -> bool:
    return isinstance(before, list) and isinstance(now, list) and all(one in now for one in before)


def _in_words(value: Any) -> str:
    if isinstance(value, list):
        value = [row.get("treatment", row.get("test")) if isinstance(row, dict) else row for row in value]
        return ", ".join(map(str, value)) or "none"
    if value is None or isinstance(value, (bool, str)):
        return str(_WORDS.get(value, value))
    return f"{value:g}" if isinstance(value, (int, float)) else str(value)
