"""A session from its begin to its record, on the server's clock: what its light can have been, and what that takes.

What people write of a session is kept as they write it. What it may have given is bounded by the clock as well: a start
takes its day whatever is written of it, and minutes that have passed count as light where fewer were written.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from openpbm.care.sessions.models import SessionRecord, SessionStart
from openpbm.delivery.place import Place

__all__ = [
    "LEFT_AFTER", "MOST_PARTS", "Phase", "Sitting", "is_lit", "light_so_far", "newest_light", "parts_of", "sittings",
]  # fmt: skip

#: begun: the lamp can hardly be on yet; abandoned: its minutes are long over, and nothing is written.
Phase = Literal["begun", "running", "written", "abandoned"]

#: Longer than its minutes by so much, a session was left rather than paused.
LEFT_AFTER = dt.timedelta(minutes=30)
#: Broken off and gone on with: so many parts a session can have in all.
MOST_PARTS = 3
_BEFORE_THE_LAMP_IS_ON = dt.timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitting:
    """One start, as the server's clock saw it.

    began : the earliest moment at which its light can have been on, whatever the sender's clock said
    taken_at : when the server let it begin · written_at : when something was first written of it, None before
    positions : places lit at once, and the minutes there [min]
    """

    id: uuid.UUID
    resumes: uuid.UUID | None
    began: dt.datetime
    taken_at: dt.datetime
    written_at: dt.datetime | None
    positions: tuple[tuple[tuple[Place, ...], float], ...]

    @property
    def minutes(self) -> float:
        """Its light in all, one position after the other [min]."""
        return sum(minutes for _, minutes in self.positions)

    def passed_min(self, now: dt.datetime) -> float:
        """The longest its light can have been on [min]: up to its first record, or up to now."""
        return max(0.0, ((self.written_at or now) - self.began).total_seconds() / 60)

    def phase(self, now: dt.datetime) -> Phase:
        """Where it stands at that moment."""
        if self.written_at is not None:
            return "written"
        ran_for = now - self.began
        if ran_for <= _BEFORE_THE_LAMP_IS_ON:
            return "begun"
        return "abandoned" if ran_for > dt.timedelta(minutes=self.minutes) + LEFT_AFTER else "running"

    def light_min(self, written: Mapping[Place, float], now: dt.datetime) -> dict[Place, float]:
        """The most light at each of its places [min]: what was written, or what has passed where that is more."""
        passed, light = self.passed_min(now), dict[Place, float]()
        for places, minutes in self.positions:
            # The lamp is at one position at a time: what the others are known to have had, this one cannot have had.
            # More than was planned there counts for that place alone: a slip of the pen must not free this one.
            elsewhere = sum(
                min(planned, max((written.get(place, 0.0) for place in other), default=0.0))
                for other, planned in self.positions
                if other != places
            )
            possible = min(minutes, max(0.0, passed - elsewhere))
            light |= {place: max(written.get(place, 0.0), possible) for place in places}
        return light


def sittings(starts: Iterable[SessionStart]) -> tuple[Sitting, ...]:
    """Starts, each with `written_at` beside it, as the clock saw them."""
    return tuple(
        Sitting(
            id=start.pk,
            resumes=start.resumes_id,
            began=min(start.started_at, start.created_at),
            taken_at=start.created_at,
            written_at=getattr(start, "written_at", None),
            positions=tuple(
                (tuple((site, side) for site, side in one["places"]), float(one["minutes"])) for one in start.positions
            ),
        )
        for start in starts
    )


def parts_of(sitting: uuid.UUID, among: Sequence[Sitting]) -> tuple[Sitting, ...]:
    """All parts of the session that this one belongs to, in the order of `among`.

    Whichever of them is gone on with: two can go on with the same one, and all their light is one session's.
    """
    by_id = {one.id: one for one in among}

    def first_of(part: Sitting) -> Sitting:
        while part.resumes in by_id:
            part = by_id[part.resumes]
        return part

    if sitting not in by_id:
        return ()
    first = first_of(by_id[sitting])
    return tuple(one for one in among if first_of(one) is first)


def light_so_far(parts: Iterable[Sitting], records: Sequence[SessionRecord], now: dt.datetime) -> dict[Place, float]:
    """The most light each place can have had in these parts of one session [min]."""
    total: dict[Place, float] = {}
    for part in parts:
        mine = [record for record in records if record.start_id == part.id]
        written = {(record.site, record.side): record.minutes or 0.0 for record in mine}
        for place, minutes in part.light_min(written, now).items():
            total[place] = total.get(place, 0.0) + minutes
    return total


def newest_light(
    starts: Iterable[Sitting],
    records: Iterable[SessionRecord],
    zone: dt.tzinfo,
    *,
    but: Iterable[Sitting] = (),
) -> dt.datetime | None:
    """The last moment at which light began, or can have; None without any.

    A start counts whatever was written of it. Of light that was only written down the time is believed, but never a
    time after it was written; without a time it may have been as late as that, or as its day's end.
    """
    left_out = {part.id for part in but}
    moments = [one.taken_at for one in starts if one.id not in left_out]
    for record in records:
        if record.start_id is None and is_lit(record):
            latest = dt.datetime.combine(record.date, record.time or dt.time.max, zone)
            moments.append(min(latest, record.created_at))
    return max(moments, default=None)


def is_lit(record: SessionRecord) -> bool:
    """Whether it says that there was light, or that nobody knows how much."""
    return record.status != "missed" and record.minutes != 0
