"""Lines of the timeline read as medicines: which one, what was done with it, and whether it forbids light."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from openpbm.course.records import Course, TimelineChange
from openpbm.facts.medicine_text import medicines_in
from openpbm.facts.medicines import Medicine
from openpbm.facts.timeline_kinds import ActionId, timeline_action
from openpbm.facts.treatments import treatments

__all__ = ["lines_of_tried", "medicines_of", "read_action", "stop_reasons"]

#: The longest wait after a photosensitiser of tier 1 in our table of medicines (porfimer).
LONGEST_WAIT_DAYS = 90


def medicines_of(row: TimelineChange) -> tuple[Medicine, ...]:
    """The medicines that the name, else the kind, of a line points to; empty where neither names one we know."""
    return medicines_in(row.name) or medicines_in(row.kind)


def stop_reasons(timeline: Iterable[TimelineChange], as_of: dt.date) -> tuple[str, ...]:
    """Why the light stops: each medicine that takes up red or near-infrared light and stands in a line by `as_of`.

    That it was stopped lifts the reason only after 90 days, the longest wait among such medicines: it stays in the
    skin, and before that the prescriber says when.
    """
    rows = [row for row in timeline if row.date <= as_of]
    found = []
    for row in sorted(rows, key=lambda row: (row.date, row.name, row.kind)):
        for medicine in medicines_of(row):
            if medicine.tier != 1 or _left_the_skin(medicine, rows, as_of):
                continue
            hold = f" ({medicine.hold})" if medicine.hold else ""
            found.append(
                f"{row.date.isoformat()}: {medicine.name} takes up the lamp's light. No light until the prescriber or a"
                f" pharmacist says how long to wait{hold}; the medicine comes first."
            )
    return tuple(dict.fromkeys(found))


def _left_the_skin(medicine: Medicine, rows: list[TimelineChange], as_of: dt.date) -> bool:
    """Whether the last line about this medicine is a stop, long enough ago; one that also goes on has not left."""
    about = [row for row in rows if medicine in medicines_of(row)]
    latest = max(row.date for row in about)
    stopped = all(read_action(row)[0] == "stop" for row in about if row.date == latest)
    return stopped and (as_of - latest).days > LONGEST_WAIT_DAYS


def lines_of_tried(course: Course, began: dt.date) -> tuple[TimelineChange, ...]:
    """Opioids and dopamine medicines tried before and still taken, as lines of the timeline on the day before light.

    One that the timeline names stands there already. `line` is 0: it is none of timeline.csv.
    """
    named = {medicine for row in course.timeline for medicine in medicines_of(row)}
    day = began - dt.timedelta(days=1)
    found = []
    for row in course.treatments:
        taken = row.still_taken is True and treatments[row.treatment].watched is not None
        if taken and not named.intersection(medicines_in(row.name)):
            name = row.name or row.treatment.replace("_", " ")
            line = TimelineChange(line=0, date=day, kind="medicine", name=name, action="continue", dose=row.dose)
            found.append(line)
    return tuple(found)


def read_action(row: TimelineChange) -> tuple[ActionId, bool, str]:
    """The action of a line, whether it changes anything, and what is doubtful; an unknown one is read as a change."""
    action = timeline_action(row.action)
    if action is not None:
        return action.id, action.changes, ""
    return "change", True, f"action {row.action!r} is not listed and is read as a change"
