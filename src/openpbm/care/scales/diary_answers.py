"""What was sent as answers of the diary, checked by the table of questions, whoever sent it."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from typing import Any

from openpbm.care.scales.diary_questions import QUESTIONS, Question
from openpbm.errors import BadInput
from openpbm.faults import nearest, shown

__all__ = ["checked_answers"]

_LONGEST_WORD = 200
_TABLE = {row.name: row for row in QUESTIONS}


def checked_answers(answers: Mapping[str, Any]) -> dict[str, Any]:
    """The answered questions alone, as they are stored; None and "" are blanks.

    Raises BadInput with one line for each answer that cannot be.
    """
    faults: list[str] = []
    found: dict[str, Any] = {}
    for name, answer in answers.items():
        question = _TABLE.get(name)
        if question is None:
            faults.append(f"diary {shown(name)}: not a question of the diary; {nearest(str(name), _TABLE)}")
        elif answer is not None and answer != "":
            fault = _fault(question, answer)
            if fault:
                faults.append(f"diary {name} = {shown(answer)}: {fault}, or leave it out")
            else:
                found[name] = _stored(question, answer)
    if faults:
        raise BadInput(faults)
    return found


def _fault(question: Question, answer: Any) -> str:
    if question.kind in ("rating", "amount", "count"):
        return _fault_of_number(question, answer)
    if question.kind == "yes_no":
        return "" if isinstance(answer, bool) else "must be true or false"
    if not isinstance(answer, str):
        return "must be text"
    if question.kind == "time":
        return "" if _time(answer) is not None else "must be a time such as 21:30"
    return "" if len(answer) <= _LONGEST_WORD else f"longer than {_LONGEST_WORD} letters; shorten it"


def _fault_of_number(question: Question, answer: Any) -> str:
    span = f"0 to {question.maximum:g}"
    if isinstance(answer, bool) or not isinstance(answer, int | float) or not math.isfinite(answer):
        return f"must be a number from {span}"
    if not 0 <= answer <= question.maximum:
        return f"must be from {span}"
    if question.kind == "count" and answer != int(answer):
        return f"must be a whole number from {span}"
    return ""


def _stored(question: Question, answer: Any) -> Any:
    if question.kind == "time":
        time = _time(answer)
        return None if time is None else time.isoformat("minutes")
    if question.kind in ("rating", "amount", "count"):
        return float(answer)
    return answer.strip() if isinstance(answer, str) else answer


def _time(text: str) -> dt.time | None:
    try:
        time = dt.time.fromisoformat(text)
    except ValueError:
        return None
    return None if time.tzinfo is not None else time
