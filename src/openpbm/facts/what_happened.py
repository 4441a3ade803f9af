"""What else happened during a course: kinds of events, changes beside the light, opioids, and help in a crisis.

A word is found whatever its case, spaces, hyphens and underscores, and only as a whole: "no headache" is no headache.
"""

from __future__ import annotations

import dataclasses
import functools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal, TypeVar

from annotated_types import Ge, Gt, Le, MinLen

from openpbm.errors import FactsError
from openpbm.facts.load import read_toml
from openpbm.facts.rules import Rule, Urgency, rules

__all__ = [
    "ActionId",
    "CrisisLine",
    "EventKind",
    "Opioid",
    "TimelineAction",
    "TimelineKind",
    "What",
    "crisis_lines",
    "crisis_message",
    "event_kind",
    "event_kinds",
    "opioid",
    "opioids",
    "timeline_action",
    "timeline_actions",
    "timeline_kind",
    "timeline_kinds",
]

What = Literal["adverse_event", "red_flag", "stop_everywhere", "augmentation", "relapse", "none", "other"]
ActionId = Literal["start", "stop", "increase", "decrease", "change", "continue"]


@dataclass(frozen=True, slots=True, kw_only=True)
class EventKind:
    """One kind of event.

    grade : 0-5 in the manner of CTCAE, where the line gives none, and the least it can be; None is not graded
    general : a heading rather than an event; the detail of the line may name the event itself
    finding : the screening rule that this is, whose message, urgency and route are taken
    skin : an injury of the lit skin
    stops_light : ends the light until somebody has decided
    """

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    id: str
    what: What
    aliases: tuple[str, ...] = ()
    grade: Annotated[int, Ge(0), Le(5)] | None = None
    general: bool = False
    finding: str | None = None
    skin: bool = False
    stops_light: bool = False
    urgency: Urgency | None = None
    route: str | None = None
    message: str = ""
    source: Annotated[str, MinLen(1)]
    verified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineKind:
    """One kind of change beside the light.

    window_days : how long from the change on it confounds [day]; 0 for the light itself, which is what is judged
    """

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    id: str
    name: Annotated[str, MinLen(1)]
    aliases: tuple[str, ...] = ()
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
class Opioid:
    """One opioid by mouth and its oral morphine equivalent [mg/mg], lower and upper; None is not converted."""

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    name: Annotated[str, MinLen(2)]
    aliases: tuple[str, ...] = ()
    oral_morphine_mg_per_mg_lower: Annotated[float, Gt(0)] | None = None
    oral_morphine_mg_per_mg_upper: Annotated[float, Gt(0)] | None = None
    note: str = ""
    source: Annotated[str, MinLen(1)]
    verified: bool

    def __post_init__(self) -> None:
        lower, upper = self.oral_morphine_mg_per_mg_lower, self.oral_morphine_mg_per_mg_upper
        if (lower is None) != (upper is None) or (lower is not None and upper is not None and lower > upper):
            raise ValueError("give both factors, the lower one first, or neither")


@dataclass(frozen=True, slots=True, kw_only=True)
class CrisisLine:
    """A crisis line of one country (ISO 3166 code); its number is shown to nobody else."""

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    country: Annotated[str, MinLen(2)]
    country_name: Annotated[str, MinLen(2)]
    name: Annotated[str, MinLen(2)]
    number: Annotated[str, MinLen(2)]
    source: Annotated[str, MinLen(1)]
    verified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _CrisisText:
    __pydantic_config__: ClassVar = {"extra": "forbid"}

    message: Annotated[str, MinLen(1)]
    source: Annotated[str, MinLen(1)]
    verified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _EventFile:
    __pydantic_config__: ClassVar = {"extra": "forbid"}

    kinds: tuple[EventKind, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _TimelineFile:
    __pydantic_config__: ClassVar = {"extra": "forbid"}

    kinds: tuple[TimelineKind, ...]
    actions: tuple[TimelineAction, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _OpioidFile:
    __pydantic_config__: ClassVar = {"extra": "forbid"}

    opioids: tuple[Opioid, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _CrisisFile:
    __pydantic_config__: ClassVar = {"extra": "forbid"}

    text: _CrisisText
    lines: tuple[CrisisLine, ...]


Row = TypeVar("Row", bound=EventKind | TimelineKind | TimelineAction | Opioid)


@functools.cache
def event_kinds() -> tuple[EventKind, ...]:
    """Every kind of event: the listed ones, then each red flag and referral of the screening without a row of its own.

    FactsError when a row names a screening rule that is not there, or says nothing.
    """
    screened = {rule.id: rule for rule in rules() if rule.level in ("red_flag", "refer_before")}
    listed = tuple(_completed(row, screened) for row in read_toml("outcomes/event_kinds.toml", _EventFile).kinds)
    named = {row.finding for row in listed}
    rest = tuple(_from_rule(rule) for rule in screened.values() if rule.id not in named)
    return (*listed, *rest)


def event_kind(word: str) -> EventKind | None:
    """The kind of event of that id or alias; None when it is not listed.

    >>> event_kind("Open_sore on-foot").route
    'diabetic foot or wound team, within 24 hours'
    >>> event_kind("no headache") is None
    True
    """
    return _event_words().get(_plain(word))


def timeline_kinds() -> tuple[TimelineKind, ...]:
    """Every kind of change beside the light."""
    return _timeline().kinds


def timeline_kind(word: str) -> TimelineKind | None:
    """The kind of change of that id or alias; None when it is not listed.

    >>> timeline_kind("Coffee").window_days
    14
    """
    return _kind_words().get(_plain(word))


def timeline_actions() -> tuple[TimelineAction, ...]:
    """Everything that can be done with what is in the timeline."""
    return _timeline().actions


def timeline_action(word: str) -> TimelineAction | None:
    """The action of that id or alias; None when it is not listed.

    >>> timeline_action("STEADY").changes
    False
    """
    return _action_words().get(_plain(word))


@functools.cache
def opioids() -> tuple[Opioid, ...]:
    """Every listed opioid."""
    return read_toml("outcomes/opioids.toml", _OpioidFile).opioids


def opioid(text: str) -> Opioid | None:
    """The one opioid named in a text, with its salt, strength or dose; None for none, or for two different ones.

    >>> opioid("Oxycodone 10 mg twice daily").name
    'oxycodone'
    """
    words = _plain(text).split()
    spans = {" ".join(words[i:j]) for i in range(len(words)) for j in range(i + 1, len(words) + 1)}
    found = {_opioid_words()[span].name: _opioid_words()[span] for span in spans if span in _opioid_words()}
    if len(found) > 1:
        found.pop("opioid", None)  # "opioid oxycodone" names one medicine
    return next(iter(found.values())) if len(found) == 1 else None


def crisis_message() -> str:
    """What is said at once beside anything about mood; it names no number, since nobody knows where the reader is."""
    return _crisis().text.message


def crisis_lines(country: str | None = None) -> tuple[CrisisLine, ...]:
    """The crisis lines of one country by its ISO 3166 code; none when the country is unknown or not listed."""
    wanted = (country or "").strip().upper()
    return tuple(line for line in _crisis().lines if line.country == wanted)


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
        row, message=rule.message, urgency=rule.urgency, route=rule.route, stops_light=row.what == "red_flag"
    )


def _from_rule(rule: Rule) -> EventKind:
    return EventKind(
        id=rule.id,
        what="red_flag",
        finding=rule.id,
        stops_light=True,
        urgency=rule.urgency,
        route=rule.route,
        message=rule.message,
        source=rule.source,
        verified=rule.verified,
    )


def _plain(word: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", word.casefold()))


def _by_word(rows: Iterable[Row], names: Sequence[str], file: str) -> dict[str, Row]:
    """Every id, name and alias, in plain letters, with its row; FactsError when two rows share one."""
    found: dict[str, Row] = {}
    for row in rows:
        own = [str(getattr(row, name)) for name in names]
        for word in {_plain(text) for text in (*own, *row.aliases)}:
            if word in found:
                raise FactsError(f"facts/data/outcomes/{file}: {word!r} stands in two rows; keep one")
            found[word] = row
    return found


@functools.cache
def _event_words() -> dict[str, EventKind]:
    return _by_word(event_kinds(), ("id",), "event_kinds.toml")


@functools.cache
def _timeline() -> _TimelineFile:
    return read_toml("outcomes/timeline_kinds.toml", _TimelineFile)


@functools.cache
def _kind_words() -> dict[str, TimelineKind]:
    return _by_word(_timeline().kinds, ("id",), "timeline_kinds.toml")


@functools.cache
def _action_words() -> dict[str, TimelineAction]:
    return _by_word(_timeline().actions, ("id", "word"), "timeline_kinds.toml")


@functools.cache
def _opioid_words() -> dict[str, Opioid]:
    return _by_word(opioids(), ("name",), "opioids.toml")


@functools.cache
def _crisis() -> _CrisisFile:
    return read_toml("outcomes/crisis.toml", _CrisisFile)
