"""One line of scores.csv held against its scale: the scale, the version, and the range of value and items."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, cast, get_args

from openpbm.course.records import RecordedScore
from openpbm.errors import BadInput, quote
from openpbm.facts.scales import Scale, problem_of_total, scales
from openpbm.files import Line, json_object, suggest

__all__ = ["SCORE_COLUMNS", "recorded_score"]

SCORE_COLUMNS = ("date", "scale", "version", "value", "items_json", "source")

Source = Literal["app", "paper", "clinician"]


def recorded_score(line: Line) -> RecordedScore | None:
    """The score on one line; None, and problems on the line, where scale, version, value or items cannot be.

    Whether value and items agree is for the scorer to say, since only it knows how the scale adds up.
    """
    date = line.date("date")
    source = line.word("source", get_args(Source))
    known = _scale(line)
    if known is None or date is None:
        return None
    version = line.text("version")
    if version and version not in known.versions:
        line.add_problem(
            "version",
            f"not a version of {known.id}",
            f"{suggest(version, known.versions)}, or leave it blank",
        )
    lowest = 0.0 if known.minimum is None else known.minimum
    highest = 1e9 if known.maximum is None else known.maximum
    value = line.value("value", lowest, highest)
    if value is not None and (wrong := problem_of_total(known)):
        line.add_problem("value", *wrong)
    return RecordedScore(
        line=line.number,
        date=date,
        scale=known.id,
        version=version,
        value=value,
        items=_items(line, known),
        source=cast("Source | None", source),
    )


def _scale(line: Line) -> Scale | None:
    name = line.text("scale", needed=True)
    if not name:
        return None
    try:
        return scales[name]
    except BadInput as error:
        line.problems.extend(problem.within(line.file, line.number) for problem in error.problems)
        return None


def _items(line: Line, known: Scale) -> Mapping[str, float] | None:
    text = line.text("items_json")
    if not text:
        return None
    try:
        content = json_object(text, line.file, remedy='write the items as {"1": 3, "2": 0} or leave it blank')
    except BadInput as error:
        for problem in error.problems:
            line.add_problem("items_json", problem.thing_and_message, problem.remedy)
        return None
    # Sorted, since the order of the items says nothing.
    answered = {key: content[key] for key in sorted(content) if content[key] is not None}
    for key, value in answered.items():
        if wrong := _problem_of_item(key, value, known):
            line.add_problem("items_json", *wrong)
    return answered


def _problem_of_item(key: str, value: object, known: Scale) -> tuple[str, str] | None:
    """Message and remedy where the answer to an item cannot be."""
    item = next((item for item in known.items if item.id == key), None)
    if item is None:
        return f"{known.id} has no item {quote(key)}", suggest(key, [item.id for item in known.items])
    message, remedy = item.problem_of(value)
    if not message:
        return None
    return f"item {key} is {quote(value)}: {message}", remedy
