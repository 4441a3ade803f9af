"""What was sent as answers of the diary, checked by the table of questions, whoever sent it."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping

from openpbm.care.scales.diary_questions import QUESTIONS, Question
from openpbm.errors import BadInput, Problem, quote
from openpbm.facts.felt import read_felt, write_felt
from openpbm.files import suggest

__all__ = ["Answer", "validate_answers"]

_LONGEST_WORD = 200
#: Every sensation in every area is shorter.
_LONGEST_FELT = 3000
#: As a row keeps it: a rating or a count, yes or no, a word or a time of day.
Answer = float | bool | str
_TABLE = {row.name: row for row in QUESTIONS}


def validate_answers(answers: Mapping[str, object]) -> dict[str, Answer]:
    """The answered questions alone, as they are stored; None and "" are blanks.

    Raises BadInput with one line for each answer that cannot be.
    """
    problems: list[Problem] = []
    stored: dict[str, Answer] = {}
    for name, answer in answers.items():
        if name not in _TABLE:
            remedy = suggest(str(name), _TABLE)
            problems.append(Problem(key=f"diary.{name}", message="not a question of the diary", remedy=remedy))
        elif answer is not None and answer != "":
            problem = _problem(_TABLE[name], answer)
            if problem:
                problems.append(Problem(key=name, value=answer, message=problem, remedy="or leave it out"))
            else:
                stored[name] = _stored(_TABLE[name], answer)
    if problems:
        raise BadInput(problems)
    return stored


def _problem(question: Question, answer: object) -> str:
    if question.kind in ("rating", "amount", "count"):
        return _number_problem(question, answer)
    if question.kind == "yes_no" and not isinstance(answer, bool):
        return "must be true or false"
    if question.kind == "yes_no":
        return ""
    if not isinstance(answer, str):
        return "must be text"
    if question.kind == "time" and _time(answer) is None:
        return "must be a time such as 21:30"
    if question.kind == "sensations":
        return _felt_problem(answer)
    if len(answer) > _LONGEST_WORD:
        return f"longer than {_LONGEST_WORD} letters; shorten it"
    return ""


def _felt_problem(answer: str) -> str:
    if len(answer) > _LONGEST_FELT:
        return f"longer than {_LONGEST_FELT} letters; shorten it"
    try:
        read_felt(answer)
    except BadInput as error:
        return "; ".join(
            f"{quote(problem.value)} {problem.message}: {problem.remedy}" for problem in error.problems[:3]
        )
    return ""


def _number_problem(question: Question, answer: object) -> str:
    span = f"0 to {question.maximum:g}"
    if isinstance(answer, bool) or not isinstance(answer, int | float) or not math.isfinite(answer):
        return f"must be a number from {span}"
    if not 0 <= answer <= question.maximum:
        return f"must be from {span}"
    if question.kind == "count" and answer != int(answer):
        return f"must be a whole number from {span}"
    return ""


def _stored(question: Question, answer: object) -> Answer:
    """An answer without a problem, in the one form that is kept of it."""
    if isinstance(answer, bool):
        return answer
    if isinstance(answer, int | float):
        return float(answer)
    text = str(answer).strip()
    if question.kind == "time" and (time := _time(text)) is not None:
        # Seconds are dropped: nobody knows them, and one clock time must not be two answers.
        return time.isoformat("minutes")
    if question.kind == "sensations":
        return write_felt(read_felt(text))
    return text


def _time(text: str) -> dt.time | None:
    try:
        time = dt.time.fromisoformat(text)
    except ValueError:
        return None
    if time.tzinfo is not None:
        # A time with a zone is not the person's own clock, which is all a diary holds.
        return None
    return time
