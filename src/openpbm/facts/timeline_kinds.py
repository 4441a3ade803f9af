"""Changes beside the light during a course: what changed, what was done with it, and how long it confounds."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from annotated_types import Ge, MinLen

from openpbm.facts.alias_table import plain, rows_by_alias
from openpbm.facts.table import Table, read_toml

__all__ = [
    "ActionId",
    "TimelineAction",
    "TimelineKind",
    "timeline_action",
    "timeline_actions",
    "timeline_kind",
    "timeline_kinds",
]

ActionId = Literal["start", "stop", "increase", "decrease", "change", "continue"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineKind:
    """One kind of change beside the light.

    habit : what the lifestyle plan asks of it; "" for what is no habit of every day
    window_days : how long from the change on it confounds [day]; 0 for the light itself, which is what is judged
    """

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    id: str
    name: Annotated[str, MinLen(1)]
    aliases: tuple[str, ...] = ()
    habit: str = ""
    window_days: Annotated[int, Ge(0)]
    lowers_grade: bool
    source: Annotated[str, MinLen(1)]
    verified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineAction:
    """What was done. `word` completes "iron was ..."; `changes` False for what went on as before."""

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    id: ActionId
    word: Annotated[str, MinLen(1)]
    aliases: tuple[str, ...] = ()
    changes: bool
    source: Annotated[str, MinLen(1)]
    verified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _TimelineFile:
    __pydantic_config__: ClassVar = {"extra": "forbid"}

    kinds: tuple[TimelineKind, ...]
    actions: tuple[TimelineAction, ...]


@functools.cache
def _timeline() -> _TimelineFile:
    return read_toml("outcomes/timeline_kinds.toml", _TimelineFile)


timeline_kinds: Table[TimelineKind] = Table("kind of change", lambda: _timeline().kinds)
timeline_actions: Table[TimelineAction] = Table("action", lambda: _timeline().actions)


def timeline_kind(word: str) -> TimelineKind | None:
    """The kind of change of that id or alias; None when it is not listed.

    >>> timeline_kind("Coffee").window_days
    14
    """
    return _kind_words().get(plain(word))


def timeline_action(word: str) -> TimelineAction | None:
    """The action of that id or alias; None when it is not listed.

    >>> timeline_action("STEADY").changes
    False
    """
    return _action_words().get(plain(word))


@functools.cache
def _kind_words() -> dict[str, TimelineKind]:
    return rows_by_alias(_timeline().kinds, ("id",), "timeline_kinds.toml")


@functools.cache
def _action_words() -> dict[str, TimelineAction]:
    return rows_by_alias(_timeline().actions, ("id", "word"), "timeline_kinds.toml")
