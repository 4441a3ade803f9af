"""The one reader of plan.json: strict, since many hands may have had the file."""

from __future__ import annotations

import dataclasses
import functools
import typing
from collections.abc import Iterator, Mapping
from dataclasses import is_dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from openpbm.errors import BadInput, Problem
from openpbm.files import JsonObject, adapter, json_object, read_json, suggest, unsupported_values, validate
from openpbm.planning.document.plan import FORMAT, AllowedPlan, Plan, RefusedPlan
from openpbm.safety import Verdict

if TYPE_CHECKING:
    from pydantic import TypeAdapter

__all__ = ["load_allowed_plan", "load_outline", "load_plan", "plan_schema"]

_MAKE_AGAIN = "make the plan again with openpbm plan"


def load_plan(source: Path | str | Mapping[str, Any]) -> Plan:
    """Read a plan back: from a file, from its text, or from JSON already parsed.

    Raises BadInput with a problem for each wrong key: an unknown or missing one, a value of another kind, another
    format, a key that stands twice, a number that is none. Nothing is filled in and nothing is dropped.

    >>> load_plan(Path("examples/courses/calf_evening/plan.json")).verdict
    'allowed'
    """
    name = source.name if isinstance(source, Path) else "plan.json"
    try:
        return _plan(_content(source, name))
    except BadInput as error:
        raise BadInput(dataclasses.replace(problem, document=name) for problem in error.problems) from error


def load_allowed_plan(source: Path | str | Mapping[str, Any] | Plan) -> AllowedPlan:
    """Read the plan of a course; BadInput repeats the first reason of one that is not allowed."""
    plan = source if isinstance(source, Plan) else load_plan(source)
    if isinstance(plan, AllowedPlan):
        return plan
    because = f" ({plan.reasons[0].text})" if plan.reasons else ""
    raise BadInput(
        Problem(
            document=source.name if isinstance(source, Path) else "plan.json",
            key="verdict",
            value=plan.verdict,
            message=f"this plan was not released{because}",
            remedy="a course needs one whose verdict is allowed",
        )
    )


def load_outline(text: str) -> AllowedPlan:
    """The plan of `AllowedPlan.outline`, in a fiftieth of the time that a whole plan.json takes.

    Only for text that this program wrote and kept itself: what is wrong with it is a fault of ours, and is not put
    into words.
    """
    return _outlines().validate_json(text, strict=True)


@functools.cache
def _outlines() -> TypeAdapter[AllowedPlan]:
    return adapter(AllowedPlan)


def _plan(content: JsonObject) -> Plan:
    shape = _shape(content)
    problems = unsupported_values(content)
    if problems:
        raise BadInput(problems)
    plan, problems = validate(content, shape, _sections(shape.__name__), "docs/plan.md")
    if plan is None:
        raise BadInput(problems)
    return plan


def plan_schema() -> dict[str, Any]:
    """The JSON schema of plan.json: what `load_plan` accepts."""
    from openpbm.planning.document.schema import schema_of

    return schema_of(AllowedPlan, RefusedPlan)


def _content(source: Path | str | Mapping[str, Any], name: str) -> JsonObject:
    # A str is the text itself and never a path; whoever means a file gives a Path.
    if isinstance(source, str):
        if not source.lstrip().startswith("{"):
            remedy = "give its text, or for a file a pathlib.Path"
            raise BadInput(Problem(key="plan", value=source[:80], message="not the text of a plan.json", remedy=remedy))
        return json_object(source, name, remedy=_MAKE_AGAIN)
    if not isinstance(source, Path):
        return dict(source)
    if not source.exists():
        where = f"not in {source.parent}"
        raise BadInput(Problem(message=where, remedy="put the plan.json of the released plan there"))
    return read_json(source, remedy=_MAKE_AGAIN)


def _shape(content: JsonObject) -> type[AllowedPlan] | type[RefusedPlan]:
    """The shape that format and verdict ask for; another format is said alone, since all of its keys would be wrong."""
    written, verdict = content.get("format"), content.get("verdict")
    for key in ("format", "verdict"):
        if content.get(key) is None:
            raise BadInput(Problem(key=key, message="needed but not given", remedy=_MAKE_AGAIN))
    if isinstance(written, bool) or written != FORMAT:
        raise BadInput(Problem(key="format", value=written, message=f"must be {FORMAT}", remedy=_MAKE_AGAIN))
    if verdict not in get_args(Verdict):
        remedy = suggest(str(verdict), get_args(Verdict))
        raise BadInput(Problem(key="verdict", value=verdict, message="not a verdict", remedy=remedy))
    return AllowedPlan if verdict == "allowed" else RefusedPlan


# Once a shape: what the hints of all sections are takes ten times as long as reading a plan by them.
@functools.cache
def _sections(shape_name: str) -> dict[str, type[Any]]:
    """Every section's class by the key it stands under, "" for the plan itself: for the nearest known key."""
    shape: type[Plan] = {one.__name__: one for one in (AllowedPlan, RefusedPlan)}[shape_name]
    found: dict[str, type[Any]] = {"": shape}
    waiting = [shape]
    while waiting:
        hints = typing.get_type_hints(waiting.pop())
        for key, hint in hints.items():
            for noun in _nouns_in(hint):
                if found.setdefault(key, noun) is noun and noun not in waiting:
                    waiting.append(noun)
    return found


def _nouns_in(hint: Any) -> Iterator[type[Any]]:
    if is_dataclass(hint) and isinstance(hint, type):
        yield hint
    for part in typing.get_args(hint):
        yield from _nouns_in(part)
