"""What else happened during a course: kinds of events, changes beside the light, opioids, and help in a crisis.

A word is found whatever its case, spaces, hyphens and underscores, and only as a whole: "no headache" is no headache.
Inside a sentence every kind is found that is not denied directly before.
"""

from __future__ import annotations

import dataclasses
import functools
import re
from collections.abc import Container, Iterable, Sequence
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
    "Severity",
    "TimelineAction",
    "TimelineKind",
    "What",
    "crisis_lines",
    "crisis_message",
    "event_kind",
    "event_kinds",
    "gravity",
    "kinds_named_in",
    "opioid",
    "opioids",
    "severity_named_in",
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

    kind_only : further aliases, too common in a sentence to mean this kind; read where they are the kind that was given
    spared : phrases that hold a word of this kind and are something else, such as "fell asleep" of a fall
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
    kind_only: tuple[str, ...] = ()
    spared: tuple[str, ...] = ()
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
class Severity:
    """A word for how bad an event was, and the least grade 1-5 that it means."""

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    word: Annotated[str, MinLen(2)]
    aliases: tuple[str, ...] = ()
    grade: Annotated[int, Ge(1), Le(5)]
    source: Annotated[str, MinLen(1)]
    verified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Denial:
    """Words that deny what follows, and words that may stand between."""

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    words: tuple[str, ...]
    between: tuple[str, ...]
    carried_by: tuple[str, ...]
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

    denial: _Denial
    severities: tuple[Severity, ...]
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


Row = TypeVar("Row", bound=EventKind | Severity | TimelineKind | TimelineAction | Opioid)


@functools.cache
def event_kinds() -> tuple[EventKind, ...]:
    """Every kind of event: the listed ones, then each red flag and referral of the screening without a row of its own.

    FactsError when a row names a screening rule that is not there, or says nothing.
    """
    screened = {rule.id: rule for rule in rules() if rule.level in ("red_flag", "refer_before")}
    listed = tuple(_completed(row, screened) for row in _events().kinds)
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


def gravity(kind: EventKind) -> tuple[int, int, int]:
    """How grave a kind is, to compare: a warning sign, then what stops everywhere, augmentation, then by grade.

    >>> gravity(event_kind("chest pain")) > gravity(event_kind("death")) > gravity(event_kind("blister"))
    True
    """
    urgency = _URGENCIES.index(kind.urgency) if kind.urgency in _URGENCIES else -1
    return _GRAVITY.get(kind.what, 0), urgency if kind.what == "red_flag" else 0, kind.grade or 0


def kinds_named_in(text: str) -> tuple[EventKind, ...]:
    """Every kind of event named inside a text and not denied there, in the order of the text, each once.

    Whole words, in any number; what lies inside a longer name of something as grave does not count by itself.
    `none`, `other`, the end of the light and the bare heading "adverse event" are no finding and are not looked for.

    >>> [kind.id for kind in kinds_named_in("headache; chest pains at night, no blister")]
    ['headache', 'chest_pain']
    """
    words = _clauses(text)
    table = _words_inside()
    places = [place for place in _spans(words, table) if not _spared(words, place, table[_at(words, place)])]
    denied = _denied(words, places)
    named = [place for place in places if not any(_within(place, other) for other in denied)]
    outer = [place for place in named if not any(_named_better(place, other, words) for other in named)]
    return tuple(dict.fromkeys(table[_at(words, place)] for place in outer))


def severity_named_in(text: str) -> Severity | None:
    """The gravest word for how bad it was that is not denied; None where there is none.

    >>> severity_named_in("a severe headache").grade, severity_named_in("not severe")
    (3, None)
    """
    words = _clauses(text)
    table = _severity_words()
    places = _spans(words, table)
    denied = _denied(words, places)
    found = (table[_at(words, place)] for place in places if place not in denied)
    return max(found, key=lambda row: row.grade, default=None)


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


_GRAVITY: dict[What, int] = {"red_flag": 3, "stop_everywhere": 2, "augmentation": 1}
_URGENCIES: tuple[Urgency, ...] = ("routine", "urgent", "same_day", "emergency")
Place = tuple[int, int]
_LONGEST = 8  # words of the longest alias


def _clauses(text: str) -> tuple[tuple[str, int], ...]:
    """Every word in plain letters with the number of its clause: a denial does not reach past a comma."""
    found: list[tuple[str, int]] = []
    clause = 0
    for token in re.findall(r"[^\W_]+|[.,;:!?()\[\]/|+&\n–—]|(?<=\s)-(?=\s)", text.casefold()):
        if token[0].isalnum():
            found.append((token, clause))
        else:
            clause += 1
    return tuple(found)


def _at(words: Sequence[tuple[str, int]], place: Place) -> str:
    return " ".join(word for word, _ in words[place[0] : place[1]])


def _spans(words: Sequence[tuple[str, int]], table: Container[str]) -> list[Place]:
    ends = ((i, j) for i in range(len(words)) for j in range(i + 1, min(i + _LONGEST, len(words)) + 1))
    return [place for place in ends if _at(words, place) in table]


def _denied(words: Sequence[tuple[str, int]], places: Sequence[Place]) -> set[Place]:
    """The places directly behind a denial of the same clause, or joined by "or" to one that is."""
    denial = _events().denial
    found: set[Place] = set()
    for first, last in sorted(places):
        before = first - 1
        joined = before >= 0 and words[before][0] in denial.carried_by
        if joined and any(end == before and words[end - 1][1] == words[first][1] for _, end in found):
            found.add((first, last))
        while before >= 0 and words[before][1] == words[first][1] and words[before][0] in denial.between:
            before -= 1
        if before >= 0 and words[before][1] == words[first][1] and words[before][0] in denial.words:
            found.add((first, last))
    return found


def _spared(words: Sequence[tuple[str, int]], place: Place, kind: EventKind) -> bool:
    phrases = {_plain(phrase) for phrase in kind.spared}
    around = (wide for wide in _spans(words, phrases) if _within(place, wide))
    return any(words[wide[0]][1] == words[wide[1] - 1][1] for wide in around)


def _within(place: Place, other: Place) -> bool:
    return other[0] <= place[0] and place[1] <= other[1]


def _named_better(place: Place, other: Place, words: Sequence[tuple[str, int]]) -> bool:
    """Whether a place lies within a longer one that is at least as grave: "ulcer" within "foot ulcer"."""
    table = _words_inside()
    kind, longer = table[_at(words, place)], table[_at(words, other)]
    return place != other and _within(place, other) and gravity(longer) >= gravity(kind)


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
        for word in {_plain(text) for text in (*own, *row.aliases, *getattr(row, "kind_only", ()))}:
            if word in found:
                raise FactsError(f"facts/data/outcomes/{file}: {word!r} stands in two rows; keep one")
            found[word] = row
    return found


@functools.cache
def _event_words() -> dict[str, EventKind]:
    return _by_word(event_kinds(), ("id",), "event_kinds.toml")


@functools.cache
def _words_inside() -> dict[str, EventKind]:
    """What a kind may be called inside a sentence, in the singular and the plural."""
    found: dict[str, EventKind] = {}
    for row in event_kinds():
        if row.what in ("none", "other") or (row.general and row.what == "adverse_event"):
            continue
        for word in (_plain(text) for text in (row.id, *row.aliases)):
            # "not worse at rest" is an answer of the screening; in a sentence it says that something is better.
            if word.split()[0] not in _events().denial.words:
                found[word] = row
    for word, row in tuple(found.items()):
        for other in _in_the_other_number(word):
            found.setdefault(other, row)
    return found


def _in_the_other_number(word: str) -> tuple[str, ...]:
    if word.endswith("s"):
        return () if word.endswith(("ss", "is", "us")) else (word[:-1],)
    return (f"{word}s", f"{word}es", f"{word[:-1]}ies") if word.endswith("y") else (f"{word}s", f"{word}es")


@functools.cache
def _severity_words() -> dict[str, Severity]:
    return _by_word(_events().severities, ("word",), "event_kinds.toml")


@functools.cache
def _events() -> _EventFile:
    return read_toml("outcomes/event_kinds.toml", _EventFile)


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
