"""What else changed meanwhile: how long each start, stop or change of dose keeps light from being told apart.

Nothing here tells anybody to end a medicine. It says what the numbers can no longer show.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from openpbm.course.mark import Mark, MarkText, mark_in_folder
from openpbm.course.records import TimelineChange
from openpbm.facts.medicines import Medicine
from openpbm.facts.opioids import opioid
from openpbm.facts.timeline_kinds import ActionId, TimelineKind, timeline_action, timeline_kind
from openpbm.files import JsonObject
from openpbm.outcomes.harm import medicines_of, read_action
from openpbm.wording import date_in_words

__all__ = ["ConfoundedWindow", "confounded_windows"]

_KEEP = " Any change of it is for the prescriber to decide."


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfoundedWindow:
    """Days, first and last included, in which a change beside the light could move the symptoms by itself.

    kind : id of the timeline's kind; name : as written; action : what was done
    lowers_grade : whether the evidence grade goes down one step
    said : what changed and what that means, without the day
    mark : what is doubtful about the line, None when nothing is
    """

    first: dt.date
    last: dt.date
    kind: str
    name: str
    action: ActionId
    lowers_grade: bool
    said: str
    mark: Mark | None = None

    @property
    def text(self) -> str:
        """The same with its day."""
        return f"{date_in_words(self.first)}: {self.said}"

    def to_dict(self, mark_text: MarkText = mark_in_folder) -> JsonObject:
        """Plain JSON content; `mark_text` is how a mark is said, with its file or without."""
        return {
            "first": self.first.isoformat(),
            "last": self.last.isoformat(),
            "kind": self.kind,
            "name": self.name,
            "action": self.action,
            "lowers_grade": self.lowers_grade,
            "text": self.text,
            "mark": "" if self.mark is None else mark_text(self.mark),
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


def _window(row: TimelineChange) -> ConfoundedWindow | None:
    action, changes, doubt = read_action(row)
    kind, doubt_of_kind = _kind(row)
    if not changes or kind.window_days == 0:
        return None
    named_medicines = medicines_of(row)
    named = f"{row.name or (row.kind if doubt_of_kind else '') or kind.name}{_role(named_medicines, kind)}"
    keep = _KEEP if _is_medicine(kind, named_medicines) else ""
    return ConfoundedWindow(
        first=row.date,
        # Both ends belong to the window, hence one day less.
        last=row.date + dt.timedelta(days=kind.window_days - 1),
        kind=kind.id,
        name=row.name,
        action=action,
        lowers_grade=kind.lowers_grade,
        said=(
            f"{named}: {_passive(action)}. For {kind.window_days} days from then on a"
            f" change of symptoms may come from that as well as from light.{keep}"
        ),
        mark=_doubtful(row, (doubt, doubt_of_kind)),
    )


def _doubtful(row: TimelineChange, doubts: Iterable[str]) -> Mark | None:
    """All that is doubtful about a line, as one mark."""
    message = "; ".join(filter(None, doubts))
    return Mark(id="doubtful_line", message=message, file="timeline.csv", lines=(row.line,)) if message else None


def _kind(row: TimelineChange) -> tuple[TimelineKind, str]:
    """The kind of a line: of those that kind, name and medicine point to, the one with the longest window."""
    written = timeline_kind(row.kind)
    # Only "none" and the light itself open no window; a medicine named beside them must not open one for them.
    if written is not None and written.window_days == 0:
        return written, ""
    by_medicine = _kind_of_medicine(row, kind_is_known=written is not None)
    fitting = [kind for kind in (written, timeline_kind(row.name), by_medicine) if kind is not None]
    if fitting:
        # Among equal windows the more telling one: an opioid rather than a medicine.
        return max(fitting, key=lambda kind: (kind.window_days, kind.id == "opioid")), ""
    return _listed("other"), f"kind {row.kind!r} is not listed and is read as other"


def _kind_of_medicine(row: TimelineChange, *, kind_is_known: bool) -> TimelineKind | None:
    named = medicines_of(row)
    roles = {role for medicine in named for role in medicine.roles}
    if "iron" in roles:
        return _listed("iron")
    if "opioid" in roles or opioid(row.name) is not None:
        return _listed("opioid")
    # Caffeine and nicotine are medicines as well: a kind that was written says more than a name that speaks of nothing.
    if kind_is_known:
        named = tuple(medicine for medicine in named if medicine.tier or medicine.roles)
    return _listed("medicine") if named else None


def _listed(identifier: str) -> TimelineKind:
    kind = timeline_kind(identifier)
    assert kind is not None
    return kind


def _role(named: tuple[Medicine, ...], kind: TimelineKind) -> str:
    if kind.id == "opioid":
        return " (an opioid)"
    if any("dopaminergic" in medicine.roles for medicine in named):
        return " (a dopamine medicine)"
    return ""


def _is_medicine(kind: TimelineKind, named: tuple[Medicine, ...]) -> bool:
    return kind.id in ("iron", "medicine", "opioid") or bool(named)


def _passive(action: ActionId) -> str:
    done = timeline_action(action)
    assert done is not None
    return done.word
