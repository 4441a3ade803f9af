"""Several lamps that shine at once as one: all their emitters, each where its own lamp stands."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from openpbm.facts.lamps import Emitters, Lamp, LampKind, LaserClass, Stand

__all__ = ["StandingLamp", "join_lamps"]

Value = TypeVar("Value")
_CLASSES: tuple[LaserClass, ...] = ("1", "1M", "2", "2M", "3R", "3B", "4")


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingLamp:
    """One lamp of a session: how far from the skin [mm], and its stand, whose `beyond_mm` is not told yet."""

    lamp: Lamp
    distance_mm: float
    stand: Stand


def join_lamps(standing: Sequence[StandingLamp]) -> Lamp:
    """All lamps as one, used at the distance of the first; what one of them lacks, none of them has.

    Its output is as little known as that of the least known. Several wavelengths of several lamps are wrong together,
    as those of one are.
    """
    lamps = [one.lamp for one in standing]
    if len(lamps) == 1 and standing[0].stand.is_plain:
        return lamps[0]
    first_mm = standing[0].distance_mm

    def placed(emitters: Callable[[Lamp], tuple[Emitters, ...]]) -> tuple[Emitters, ...]:
        return tuple(
            replace(emitter, stand=replace(one.stand, beyond_mm=one.distance_mm - first_mm))
            for one in standing
            for emitter in emitters(one.lamp)
        )

    in_modes = any(lamp.whole_emitters for lamp in lamps)
    classes = [lamp.laser_class for lamp in lamps if lamp.laser_class is not None]
    areas = [lamp.lit_area_m2 for lamp in lamps if lamp.lit_area_m2 is not None]
    off = [lamp.auto_off_minutes for lamp in lamps if lamp.auto_off_minutes is not None]
    return replace(
        lamps[0],
        id=" + ".join(lamp.id for lamp in lamps),
        name=" and ".join(lamp.name for lamp in lamps),
        kind=_kind(lamps),
        output_status="measured" if all(lamp.output_status == "measured" for lamp in lamps) else "claimed",
        emitters=placed(lambda lamp: lamp.emitters),
        whole_emitters=placed(lambda lamp: lamp.whole_emitters or lamp.emitters) if in_modes else (),
        modes=(),
        contact=all(lamp.contact for lamp in lamps),
        pulsed=any(lamp.pulsed for lamp in lamps),
        lit_area_m2=sum(areas) if areas else None,
        auto_off_minutes=max(off) if len(off) == len(lamps) else None,
        laser_class=max(classes, key=_CLASSES.index, default=None),
        last_reading=_first(lamp.last_reading for lamp in lamps),
        last_read_on=_first(lamp.last_read_on for lamp in lamps),
        reading_over_claim=_first(lamp.reading_over_claim for lamp in lamps),
        claim_missing=any(lamp.claim_missing for lamp in lamps),
        beam_misplaced=_largest(lamp.beam_misplaced for lamp in lamps),
        beam_uneven=_largest(lamp.beam_uneven for lamp in lamps),
        verified=all(lamp.verified for lamp in lamps),
    )


def _first(values: Iterable[Value | None]) -> Value | None:
    return next((value for value in values if value is not None), None)


def _largest(values: Iterable[float | None]) -> float | None:
    return max((value for value in values if value is not None), default=None)


def _kind(lamps: Sequence[Lamp]) -> LampKind:
    """That of all, or of the one that lights the whole body."""
    kinds = {lamp.kind for lamp in lamps}
    if "whole_body" in kinds:
        return "whole_body"
    return kinds.pop() if len(kinds) == 1 else "other"
