"""The choice of a session: all that may be given as a table, which row is taken, what decides it and what it costs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openpbm.facts.conditions import Protocol
from openpbm.facts.lamps import Lamp
from openpbm.planning.document import (
    Band,
    Choice,
    ChoiceRow,
    ProtocolOption,
    Relaxed,
    SettingOption,
    SpreadShares,
    Unknown,
)
from openpbm.planning.document.choice import Why
from openpbm.planning.prescription import GRID_MINUTES, SessionLength, Setting, fluence_j_cm2
from openpbm.planning.protocol_bounds import Bound, reasons_of, session_bounds
from openpbm.planning.schedule import course_length
from openpbm.planning.window import Target, chance_if_known, measurements
from openpbm.reason import Reason

__all__ = ["CAREFUL", "MIN_CHANCE_GAIN", "Candidates", "explain", "protocol_option"]

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
# Beside the protocol's own sessions stand shorter and longer ones, which say what its limits cost.
_SHORTER, _LONGER = 0.5, 2.0
#: Minutes are not stretched for a gain in chance smaller than this: the least dose that serves is the aim.
MIN_CHANCE_GAIN = 0.05
_NO_DOSE = "no_dose_within_limits"
#: The rule of a course that begins with less.
CAREFUL = "override_minutes_above_conservative_start"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Candidates:
    """Sessions at one setting, one row each, the shortest first; every column has a value for each row.

    exposure_minutes : light on one spot [min]
    own : the protocol holds such a session, in steps that a clock shows, and it does not give too much light
    skin_j_cm2 : fluence at the skin, stated output [J/cm2]
    target_j_cm2 : (row, 3) 5th percentile, median and 95th of the fluence at the target, over all scenarios [J/cm2]
    chance : share of the scenarios in the window [-]; not a number without a window
    heat : the highest temperature of the skin of one person in twenty against its limit [C], where it feels no warmth
        also while nobody switches the lamp off, then heat in the body of a lamp that lights all of it [kJ/kg]
    bounds : every limit that more or fewer minutes keep or break, heat among them
    by_hand : the row that somebody chose; None where the plan chooses
    """

    setting: Setting
    target: Target
    exposure_minutes: Floats
    own: Bools
    skin_j_cm2: Floats
    target_j_cm2: Floats
    chance: Floats
    heat: tuple[Bound, ...]
    bounds: tuple[Bound, ...]
    by_hand: int | None = None

    @classmethod
    def listed(
        cls,
        setting: Setting,
        target: Target,
        heat: Callable[[Floats, Floats], tuple[Bound, ...]],
        by_hand: float | None = None,
    ) -> Candidates:
        """Every session of the protocol, shorter and longer ones, and one of minutes chosen by hand.

        heat : of (row,) minutes of light on one spot, and over all places
        by_hand : light on one spot [min]
        """
        extra = [each for each in (setting.start_minutes, by_hand) if each is not None]
        minutes = np.unique([*setting.fitting_minutes, *_beside(setting), *extra])
        hot = heat(minutes, minutes * setting.points * target.positions)
        return cls(
            setting=setting,
            target=target,
            exposure_minutes=minutes,
            own=np.isin(minutes, setting.fitting_minutes),
            skin_j_cm2=setting.skin_j_cm2(minutes),
            target_j_cm2=fluence_j_cm2(np.quantile(target.rates, [0.05, 0.5, 0.95]), minutes[:, None]),
            chance=target.chance_of(minutes),
            heat=hot,
            bounds=(*session_bounds(setting, minutes), *hot),
            by_hand=None if by_hand is None else int(np.searchsorted(minutes, by_hand)),
        )

    def chosen(self) -> int:
        """The row that is planned: chosen by hand, a careful start, or the fewest minutes that serve."""
        if self.by_hand is not None:
            return self.by_hand
        low = self.setting.start_minutes
        # The shortest minutes stand in where none fit, so that the refusal can say how much even those would give.
        stand_in = self.setting.protocol.minutes[0] if low is None else low
        if low is None and self.own.any():
            return self.least_serving(self.own)
        return int(np.searchsorted(self.exposure_minutes, stand_in))

    def length(self, row: int) -> SessionLength:
        """How long the session of a row lasts."""
        setting, overridden = self.setting, row == self.by_hand
        careful = setting.start_minutes is not None and not overridden
        return SessionLength(
            exposure_minutes=float(self.exposure_minutes[row]),
            points=setting.points,
            within_protocol=bool(setting.fitting_minutes) or overridden,
            overridden=overridden,
            instead_of_minutes=setting.fitting_minutes[0] if careful else None,
        )

    def least_serving(self, rows: Bools, *, without: str = "") -> int:
        """The least effective dose among the rows: the fewest minutes whose chance comes within 5 % of the best.

        A session that warms neither skin nor body too much goes before one that does, and one that reaches the
        protocol's lowest dose before one that does not; without a window it is all that is asked.
        `without` : a rule that is left out.
        """
        for bound in self.heat:
            if without != bound.rule:
                rows = _preferred(rows, bound.passed)
        enough = rows & self._reaches_lowest(without)
        if np.isnan(self.chance).all():
            # A lamp too weak for the lowest dose shines as long as the protocol allows, and a caution says so.
            return int(np.flatnonzero(enough)[0] if enough.any() else np.flatnonzero(rows)[-1])
        rows = _preferred(rows, enough)
        serving = rows & (self.chance >= self.chance[rows].max() - MIN_CHANCE_GAIN)
        return int(np.flatnonzero(serving)[0])

    def relaxed(self, rule: str) -> int | None:
        """The row that would be planned were one rule not there; None where no session is left all the same."""
        if self.by_hand is not None:
            return self.by_hand
        if self.setting.start_minutes is not None:
            return self.least_serving(self.own) if rule == CAREFUL else self.chosen()
        rows = self.own | self.passed(without=rule)
        return self.least_serving(rows, without=rule) if rows.any() else None

    def usual(self, row: int) -> int:
        """The row by which reach is judged: a careful start tries the skin, and a later plan may give the usual."""
        careful = self.setting.start_minutes is not None and row != self.by_hand
        return self.least_serving(self.own) if careful else row

    def described(self, row: int | None) -> ChoiceRow | None:
        """A row as a plan says it."""
        if row is None or not 0 <= row < self.exposure_minutes.size:
            return None
        length, window = self.length(row), self.target.window
        low, middle, high = self.target_j_cm2[row].tolist()
        return ChoiceRow(
            mode=self.setting.protocol.mode,
            exposure_minutes=length.exposure_minutes,
            session_minutes=length.session_minutes,
            total_minutes=length.session_minutes * self.target.positions,
            skin_fluence_j_cm2=float(self.skin_j_cm2[row]),
            fluence_j_cm2=Band(p5=low, median=middle, p95=high),
            # A share inside a window of next to no light would read as a chance of enough.
            chance_in_window=None if window is None or window.negligible else float(self.chance[row]),
            skin_temperature_c=float(self.heat[0].value[row]),
            breaks=tuple(bound.rule for bound in self.bounds if not bound.passed[row]),
        )

    def shown(self, row: int) -> ChoiceRow:
        """A row that there is."""
        shown = self.described(row)
        assert shown is not None, "the row is one of the table"
        return shown

    def protocol_limits(self) -> tuple[Reason, ...]:
        """What minutes chosen by hand are held against; nothing where the plan chooses."""
        if self.by_hand is None:
            return ()
        return reasons_of((bound for bound in self.bounds if bound not in self.heat), self.by_hand)

    def passed(self, *, without: str) -> Bools:
        """(row,) whether every limit is kept, that of one rule left out."""
        kept = [bound.passed for bound in self.bounds if bound.rule not in (without, _NO_DOSE)]
        return np.asarray(np.all(kept, axis=0))

    def _reaches_lowest(self, without: str) -> Bools:
        """(row,) whether it reaches the protocol's lowest dose at the skin; a point's sessions are made for it."""
        rule = "override_skin_dose_below_protocol"
        kept = [bound.passed for bound in self.bounds if bound.rule == rule != without]
        return kept[0] if kept else np.ones_like(self.own)


def _preferred(rows: Bools, wanted: Bools) -> Bools:
    """The wanted ones of the rows, or all where there are none."""
    return rows & wanted if (rows & wanted).any() else rows


def _beside(setting: Setting) -> list[float]:
    """Sessions shorter and longer than those of the protocol, which say what its limits cost."""
    if setting.spots is not None:
        shortest, longest = setting.fitting_minutes[0], setting.fitting_minutes[-1]
        return [shortest * _SHORTER, *(factor * longest for factor in (1.25, 1.5, _LONGER))]
    low, high = setting.protocol.minutes
    return [low, *GRID_MINUTES[(low * _SHORTER <= GRID_MINUTES) & (high * _LONGER >= GRID_MINUTES)].tolist()]


def explain(
    candidates: Candidates,
    row: int,
    *,
    beside: Iterable[Bound],
    protocols: tuple[ProtocolOption, ...],
    settings: tuple[SettingOption, ...],
    spread: SpreadShares | None,
) -> Choice:
    """Why that row, in values.

    beside : limits that minutes do not change, as one row
    spread : where the width of the dose at the target comes from
    """
    chosen, has_window = candidates.shown(row), not np.isnan(candidates.chance).all()
    best = int(np.argmax(np.where(candidates.own, candidates.chance, -1.0))) if has_window else None
    return Choice(
        why=_why(candidates, has_window=has_window),
        chosen=chosen,
        shorter=candidates.described(row - 1),
        longer=candidates.described(row + 1),
        best=candidates.described(best),
        binds=tuple(_binding(candidates, row)),
        protocols=protocols,
        settings=settings,
        quality=(*(bound.kept(row) for bound in candidates.bounds), *(bound.kept() for bound in beside)),
        unknowns=_unknowns(candidates, chosen.fluence_j_cm2, spread),
        measurements=measurements(candidates.target, candidates.exposure_minutes[candidates.own], chosen.fluence_j_cm2),
    )


def _why(candidates: Candidates, *, has_window: bool) -> Why:
    if candidates.by_hand is not None:
        return "by_hand"
    if not candidates.own.any():
        return "none_fits"
    if candidates.setting.start_minutes is not None:
        return "conservative_start"
    return "least_effective" if has_window else "lowest_dose"


def _binding(candidates: Candidates, row: int) -> Iterator[Relaxed]:
    """The limits without which another row would be taken."""
    for bound in candidates.bounds:
        other = candidates.relaxed(bound.rule)
        if other is not None and other != row and bound.rule != _NO_DOSE:
            yield Relaxed(
                rule=bound.rule,
                name=bound.name,
                value=float(bound.value[row]),
                limit=float(bound.limit[row]),
                unit=bound.unit,
                without=candidates.shown(other),
            )


def _unknowns(candidates: Candidates, dose: Band, spread: SpreadShares | None) -> tuple[Unknown, ...]:
    """What makes the width, the largest share first; what is left of a width of independent parts without one."""
    if spread is None or not dose.p5 > 0.0:
        return ()
    fold, minutes, target = dose.p95 / dose.p5, candidates.exposure_minutes[candidates.own], candidates.target
    found = [
        Unknown(
            unknown=name,
            share=share,
            fold=fold,
            fold_if_known=float(fold ** np.sqrt(1.0 - share)),
            chance_if_known=chance_if_known(target.rates, minutes, target.window, target.depth_mm, unknown=name),
        )
        for name, share in spread.shares().items()
    ]
    return tuple(sorted(found, key=lambda unknown: -unknown.share))


def protocol_option(protocol: Protocol, lamp: Lamp, candidates: Candidates | None, *, followed: bool) -> ProtocolOption:
    """One protocol by itself. candidates : its sessions under this lamp; None where it is for another kind of lamp."""
    (low, high), (per_week, weeks) = protocol.wavelength_nm, course_length(protocol)
    return ProtocolOption(
        id=protocol.id,
        origin=protocol.origin,
        verified=protocol.verified,
        followed=followed,
        wavelength_nm=protocol.wavelength_nm,
        wavelength_met=any(low <= emitters.wavelength_nm <= high for emitters in lamp.emitters),
        session=None if candidates is None else candidates.described(candidates.chosen()),
        sessions_per_week=per_week,
        weeks=weeks,
    )
