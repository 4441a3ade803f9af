"""Why these minutes: the session chosen and its neighbours, what binds, what limits leave, and what is not known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from annotated_types import Ge, Gt

from openpbm.facts.conditions import Mode, Origin
from openpbm.planning.document.dose import Band, MeasuredName, NotNegative, Range, Share, UnknownName
from openpbm.planning.document.section import SECTION
from openpbm.reason import Level

__all__ = ["Choice", "ChoiceRow", "LimitKept", "Measurement", "ProtocolOption", "Relaxed", "SettingOption", "Unknown"]

Positive = Annotated[float, Gt(0)]
Why = Literal["least_effective", "lowest_dose", "conservative_start", "by_hand", "none_fits"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceRow:
    """One session that may be given at the first place, with what it brings; no leave to give it."""

    __pydantic_config__: ClassVar = SECTION

    mode: Mode
    """Kind of lamp that the protocol was written for."""
    exposure_minutes: Positive
    """Light on one spot [min]."""
    session_minutes: Positive
    """Light at one place, over all its spots [min]."""
    total_minutes: Positive
    """Light over all places [min]."""
    skin_fluence_j_cm2: NotNegative
    """At the skin, stated output [J/cm2]."""
    fluence_j_cm2: Band
    """At the target [J/cm2]."""
    chance_in_window: Share | None
    """Share of the draws within the window at the target, 0-1; null without one, or where it is too dark to tell."""
    skin_temperature_c: float
    """What the skin of one person in twenty passes by the end of it [C]."""
    breaks: tuple[str, ...]
    """Rules of the limits that it does not keep."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Relaxed:
    """A limit that decides the minutes: without it another session would have been chosen."""

    __pydantic_config__: ClassVar = SECTION

    rule: str
    name: str
    """What is limited, in words."""
    value: float
    """Of the session chosen, in the limit's unit."""
    limit: float
    unit: str
    without: ChoiceRow
    """What would be chosen were this limit not there: what it costs, and no offer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitKept:
    """A goal or a limit, and what is left to it."""

    __pydantic_config__: ClassVar = SECTION

    rule: str
    """The rule that speaks where it is missed."""
    name: str
    """What is limited, in words."""
    kind: Literal["goal", "limit"]
    """`goal`: at least so much; `limit`: at most."""
    level: Level
    """What it means to miss it: `absolute` refuses, `relative` needs a clinician, `caution` warns."""
    value: float
    limit: float
    margin: float
    """What is left, in the unit; below 0 where it is missed."""
    unit: str
    kept: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtocolOption:
    """One protocol of the condition by itself, and what this lamp would give by it. Protocols are never merged."""

    __pydantic_config__: ClassVar = SECTION

    id: str
    origin: Origin
    verified: bool
    followed: bool
    """Whether the plan follows it."""
    wavelength_nm: Range
    wavelength_met: bool
    """Whether the lamp has a wavelength of it."""
    session: ChoiceRow | None
    """What would be chosen by it; null where its kind of lamp is another."""
    sessions_per_week: Annotated[int, Ge(1)]
    weeks: Annotated[int, Ge(1)]


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingOption:
    """Another way of using this lamp by the same protocol: what would be chosen there, and no leave to give it."""

    __pydantic_config__: ClassVar = SECTION

    distance_mm: NotNegative
    """Lamp to skin [mm]."""
    lamp_mode: str | None
    """The mode of the lamp, by its name; null as in the plan."""
    places_at_once: Annotated[int, Ge(1)]
    """Places that one head lights at the same time."""
    irradiance_mw_cm2: NotNegative
    """Peak over the site, stated output [mW/cm2]."""
    session: ChoiceRow
    """What would be chosen."""
    breaks: tuple[str, ...]
    """Rules that would speak there: of the session, of the skin's limit and of bare eyes without supervision."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """Something that is not known for sure, how much of the width it makes, and what knowing it would bring."""

    __pydantic_config__: ClassVar = SECTION

    unknown: UnknownName
    share: Share
    """Of the variance of the logarithm of the dose at the target."""
    fold: float
    """95th percentile over 5th of that dose as it is now [-]."""
    fold_if_known: float
    """The same were this known, if the logarithm of the dose is normally distributed [-]."""
    chance_if_known: Share | None
    """Chance in the window where the minutes follow what was measured, on average; null where it is not computed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """One thing that can be measured of this lamp or this person, and what that would bring."""

    __pydantic_config__: ClassVar = SECTION

    measured: MeasuredName
    """`output` of the lamp as a meter reads it, with the error of such readings; thickness of the `fat` and `depth` of
    the target as ultrasound shows them; `melanin` of the skin."""
    share: Share
    """Of the variance of the logarithm of the dose at the target that it takes away; fat and depth share some of it."""
    fold_if_measured: float
    """95th percentile over 5th of that dose were it measured, if the logarithm is normally distributed [-]."""
    chance_if_measured: Share | None
    """Chance in the window where the minutes follow what was measured, on average; null without a window."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """How the minutes were chosen at the first place."""

    __pydantic_config__: ClassVar = SECTION

    why: Why
    """`least_effective`: the fewest minutes whose chance comes near the best; `lowest_dose`: the fewest that reach the
    protocol's lowest dose, without a window; `none_fits`: the shortest stand in, and the plan is refused."""
    chosen: ChoiceRow
    shorter: ChoiceRow | None
    """The next shorter session of the table; null where there is none."""
    longer: ChoiceRow | None
    best: ChoiceRow | None
    """The session of the protocol with the highest chance; null without a window."""
    binds: tuple[Relaxed, ...]
    """The limits that decide the minutes; empty where none does."""
    protocols: tuple[ProtocolOption, ...]
    """Brief's, trials' and guidelines' side by side."""
    settings: tuple[SettingOption, ...] = ()
    """Other distances, modes and places at once: those that break nothing first, then those of the best chance, then
    the least dose at the target; empty in plans of before they were kept."""
    quality: tuple[LimitKept, ...]
    """Every goal and limit, with what is left to it."""
    unknowns: tuple[Unknown, ...]
    """What makes the width of the dose, the largest share first; empty where nothing was left open."""
    measurements: tuple[Measurement, ...] = ()
    """What one measurement more would bring, the most telling first; what is measured already is left out, and plans of
    before this was kept have none."""
