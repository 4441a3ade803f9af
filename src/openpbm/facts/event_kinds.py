"""Kinds of events in a course: the listed ones, and every red flag and referral of the screening.

A word is found whatever its case, spaces, hyphens and underscores, and only as a whole: "no headache" is no headache.
"""

from __future__ import annotations

import dataclasses
import functools
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from annotated_types import Ge, Le, MinLen

from openpbm.errors import FactsError
from openpbm.facts.alias_table import plain, rows_by_alias
from openpbm.facts.rules import Rule, Urgency, rules
from openpbm.facts.table import Table, read_list

__all__ = ["EventKind", "What", "event_kind", "event_kinds", "gravity"]

What = Literal["adverse_event", "red_flag", "stop_everywhere", "augmentation", "relapse", "none", "other"]


@dataclass(frozen=True, slots=True, kw_only=True)
class EventKind:
    """One kind of event.

    kind_only : further aliases, too common in a sentence to mean this kind; read where they are the kind that was given
    exceptions : phrases that hold a word of this kind and are something else, such as "fell asleep" of a fall
    grade : 0-5 in the manner of CTCAE, where the line gives none, and the least it can be; None is not graded
    general : a heading rather than an event; the detail of the line may name the event itself
    finding : the screening rule that this is, whose message, urgency and route are taken
    skin : an injury of the lit skin
    stops_light : ends the light until somebody has decided
    seen_first : a clinician looks at it before more light falls there, whatever its grade; it does not judge the course
    """

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    id: str
    what: What
    aliases: tuple[str, ...] = ()
    kind_only: tuple[str, ...] = ()
    exceptions: tuple[str, ...] = ()
    grade: Annotated[int, Ge(0), Le(5)] | None = None
    general: bool = False
    finding: str | None = None
    skin: bool = False
    stops_light: bool = False
    seen_first: bool = False
    urgency: Urgency | None = None
    route: str | None = None
    message: str = ""
    source: Annotated[str, MinLen(1)]
    verified: bool


def _read() -> tuple[EventKind, ...]:
    """The listed kinds, then each red flag and referral of the screening without a row of its own."""
    screened = {rule.id: rule for rule in rules if rule.level in ("red_flag", "refer_before")}
    listed = [_completed(row, screened) for row in read_list("outcomes/event_kinds.toml", "kinds", EventKind)]
    named = {row.finding for row in listed}
    # Every warning sign of the screening is also an event: what forbids a start also stops a course.
    rest = [_from_rule(rule) for rule in screened.values() if rule.id not in named]
    return (*listed, *rest)


event_kinds: Table[EventKind] = Table("kind of event", _read)


def event_kind(word: str) -> EventKind | None:
    """The kind of event of that id or alias; None when it is not listed.

    >>> event_kind("Open_sore on-foot").route
    'diabetic foot or wound team, within 24 hours'
    >>> event_kind("no headache") is None
    True
    """
    return _event_words().get(plain(word))


def gravity(kind: EventKind) -> tuple[int, int, int]:
    """How grave a kind is, to compare: a warning sign, then what stops everywhere, augmentation, then by grade.

    >>> gravity(event_kind("chest pain")) > gravity(event_kind("death")) > gravity(event_kind("blister"))
    True
    """
    urgency = _URGENCIES.index(kind.urgency) if kind.urgency in _URGENCIES else -1
    return _GRAVITY.get(kind.what, 0), urgency if kind.what == "red_flag" else 0, kind.grade or 0


_GRAVITY: dict[What, int] = {"red_flag": 3, "stop_everywhere": 2, "augmentation": 1}
# Rising, so that the place in it can be compared.
_URGENCIES: tuple[Urgency, ...] = ("routine", "urgent", "same_day", "emergency")


def _completed(row: EventKind, screened: dict[str, Rule]) -> EventKind:
    if row.finding is None:
        if not row.message:
            raise FactsError(
                f"facts/data/outcomes/event_kinds.toml: {row.id} has neither message nor finding; give one"
            )
        return dataclasses.replace(row, stops_light=row.stops_light or row.what == "stop_everywhere")
    if row.finding not in screened:
        raise FactsError(f"facts/data/outcomes/event_kinds.toml: {row.id}: no screening rule {row.finding!r}")
    rule = screened[row.finding]
    return dataclasses.replace(
        row, message=rule.text, urgency=rule.urgency, route=rule.route, stops_light=row.what == "red_flag"
    )


def _from_rule(rule: Rule) -> EventKind:
    return EventKind(
        id=rule.id,
        what="red_flag",
        finding=rule.id,
        stops_light=True,
        urgency=rule.urgency,
        route=rule.route,
        message=rule.text,
        source=rule.source,
        verified=rule.verified,
    )


@functools.cache
def _event_words() -> dict[str, EventKind]:
    return rows_by_alias(event_kinds, ("id",), "event_kinds.toml")
