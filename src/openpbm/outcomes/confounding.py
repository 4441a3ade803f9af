"""What else changed meanwhile: how long each start, stop or change of dose keeps light from being told apart.

Nothing here tells anybody to end a medicine. It says what the numbers can no longer show.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from openpbm.course.records import TimelineChange
from openpbm.facts.medicines import Medicine, find_medicine
from openpbm.facts.opioids import opioid
from openpbm.facts.timeline_kinds import ActionId, TimelineKind, timeline_action, timeline_kind

__all__ = ["ConfoundedWindow", "confounded_windows", "read_action", "stop_reasons"]

#: The longest wait after a photosensitiser of tier 1 in our table of medicines (porfimer).
LONGEST_WAIT_DAYS = 90
_KEEP = " Any change of it is for the prescriber to decide."


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfoundedWindow:
    """Days, first and last included, in which a change beside the light could move the symptoms by itself.

    kind : id of the timeline's kind; name : as written; action : what was done
    lowers_grade : whether the evidence grade goes down one step
    mark : what is doubtful about the line, empty when nothing is
    """

    first: dt.date
    last: dt.date
    kind: str
    name: str
    action: ActionId
    lowers_grade: bool
    text: str
    mark: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON content."""
        return {
            "first": self.first.isoformat(),
            "last": self.last.isoformat(),
            "kind": self.kind,
            "name": self.name,
            "action": self.action,
            "lowers_grade": self.lowers_grade,
            "text": self.text,
            "mark": self.mark,
        }


def confounded_windows(
    timeline: Iterable[TimelineChange], first: dt.date, last: dt.date
) -> tuple[ConfoundedWindow, ...]:
    """The windows that reach into the days from `first` to `last`, both included, by date.

    A change from before `first` counts while its window lasts. Iron, opioids and other medicines are recognised by
    name whatever kind was written; the longest window that fits counts. What only went on opens no window.
    """
    windows = [window for row in timeline if (window := _window(row)) is not None]
    reaching = [window for window in windows if window.first <= last and window.last >= first]
    return tuple(sorted(reaching, key=lambda w: (w.first, w.last, w.kind, w.name, w.action, w.text)))


def stop_reasons(timeline: Iterable[TimelineChange], as_of: dt.date) -> tuple[str, ...]:
    """Why the light stops: each medicine that takes up red or near-infrared light and stands in a line by `as_of`.

    That it was stopped lifts the reason only after 90 days, the longest wait among such medicines: it stays in the
    skin, and before that the prescriber says when.
    """
    rows = [row for row in timeline if row.date <= as_of]
    found = []
    for row in sorted(rows, key=lambda row: (row.date, row.name, row.kind)):
        medicine = _medicine(row)
        if medicine is None or medicine.tier != 1 or _left_the_skin(medicine, rows, as_of):
            continue
        hold = f" ({medicine.hold})" if medicine.hold else ""
        found.append(
            f"{row.date.isoformat()}: {medicine.name} takes up the lamp's light. No light until the prescriber or a"
            f" pharmacist says how long to wait{hold}; the medicine comes first."
        )
    return tuple(dict.fromkeys(found))


def _left_the_skin(medicine: Medicine, rows: list[TimelineChange], as_of: dt.date) -> bool:
    """Whether the last line about this medicine is a stop, long enough ago; one that also goes on has not left."""
    about = [row for row in rows if _medicine(row) == medicine]
    latest = max(row.date for row in about)
    stopped = all(read_action(row)[0] == "stop" for row in about if row.date == latest)
    return stopped and (as_of - latest).days > LONGEST_WAIT_DAYS


def read_action(row: TimelineChange) -> tuple[ActionId, bool, str]:
    """The action of a line, whether it changes anything, and what is doubtful; an unknown one is read as a change."""
    action = timeline_action(row.action)
    if action is not None:
        return action.id, action.changes, ""
    return "change", True, f"timeline.csv line {row.line}: action {row.action!r} is not listed and is read as a change"


def _window(row: TimelineChange) -> ConfoundedWindow | None:
    action, changes, doubt = read_action(row)
    kind, doubt_of_kind = _kind(row)
    if not changes or kind.window_days == 0:
        return None
    medicine = _medicine(row)
    named = f"{row.name or (row.kind if doubt_of_kind else '') or kind.name}{_role(medicine, kind)}"
    keep = _KEEP if _is_medicine(kind, medicine) else ""
    return ConfoundedWindow(
        first=row.date,
        last=row.date + dt.timedelta(days=kind.window_days - 1),
        kind=kind.id,
        name=row.name,
        action=action,
        lowers_grade=kind.lowers_grade,
        text=(
            f"{row.date.isoformat()}: {named}: {_passive(action)}. For {kind.window_days} days from then on a"
            f" change of symptoms may come from that as well as from light.{keep}"
        ),
        mark="; ".join(text for text in (doubt, doubt_of_kind) if text),
    )


def _kind(row: TimelineChange) -> tuple[TimelineKind, str]:
    """The kind of a line: of those that kind, name and medicine point to, the one with the longest window."""
    written = timeline_kind(row.kind)
    if written is not None and written.window_days == 0:
        return written, ""
    fitting = [kind for kind in (written, timeline_kind(row.name), _kind_of_medicine(row)) if kind is not None]
    if fitting:
        # Among equal windows the more telling one: an opioid rather than a medicine.
        return max(fitting, key=lambda kind: (kind.window_days, kind.id == "opioid")), ""
    return _listed("other"), f"timeline.csv line {row.line}: kind {row.kind!r} is not listed and is read as other"


def _kind_of_medicine(row: TimelineChange) -> TimelineKind | None:
    medicine = _medicine(row)
    if medicine is not None and "iron" in medicine.roles:
        return _listed("iron")
    if (medicine is not None and "opioid" in medicine.roles) or opioid(row.name) is not None:
        return _listed("opioid")
    return _listed("medicine") if medicine is not None else None


def _medicine(row: TimelineChange) -> Medicine | None:
    return find_medicine(row.name) or find_medicine(row.kind)


def _listed(identifier: str) -> TimelineKind:
    kind = timeline_kind(identifier)
    assert kind is not None
    return kind


def _role(medicine: Medicine | None, kind: TimelineKind) -> str:
    if kind.id == "opioid":
        return " (an opioid)"
    if medicine is not None and "dopaminergic" in medicine.roles:
        return " (a dopamine medicine)"
    return ""


def _is_medicine(kind: TimelineKind, medicine: Medicine | None) -> bool:
    return kind.id in ("iron", "medicine", "opioid") or medicine is not None


def _passive(action: ActionId) -> str:
    done = timeline_action(action)
    assert done is not None
    return done.word
