"""Whether what was gained lasts: once light has stopped, or with fewer sessions than brought it about."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypedDict

from openpbm.course.records import Course, RecordedScore
from openpbm.facts.checkpoint_rules import outcome_limit, outcome_limits
from openpbm.outcomes.harm.adverse_events import GradedEvent
from openpbm.outcomes.measures import Measure, Phases, finite_or_none, score_value
from openpbm.wording import mean_rating

__all__ = ["Lasting", "LastingRow", "LastingWord", "find_lasting"]

LastingWord = Literal["not_asked", "unknown", "nothing_gained", "lasts", "relapse"]
_RULE = "relapse_share"


class LastingRow(TypedDict):
    """Whether a gain lasts, as JSON (docs/checkpoint.md); null is not known."""

    word: LastingWord
    why: str
    scale: str | None
    gained: float | None
    lost: float | None
    share_lost: float | None
    source: str
    verified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Lasting:
    """Whether the gain of the last light lasts.

    word : `not_asked` while the first course is lit; `unknown` where nothing is written since
    why : what the word rests on, in a sentence
    gained, lost : points of the deciding measure by its plain means, positive; nan where not known
    """

    word: LastingWord
    why: str
    scale: str = ""
    gained: float = math.nan
    lost: float = math.nan

    @property
    def known(self) -> bool:
        """Whether anything is written down about the days that tell."""
        return self.word in ("nothing_gained", "lasts", "relapse")

    def to_dict(self) -> LastingRow:
        """As JSON, with the rule's source."""
        share = self.lost / self.gained if self.gained > 0 else math.nan
        return {
            "word": self.word,
            "why": self.why,
            "scale": self.scale or None,
            "gained": finite_or_none(self.gained),
            "lost": finite_or_none(self.lost),
            "share_lost": finite_or_none(share),
            "source": outcome_limits[_RULE].source,
            "verified": outcome_limits[_RULE].verified,
        }


def find_lasting(course: Course, measure: Measure | None, events: Sequence[GradedEvent], phases: Phases) -> Lasting:
    """A relapse is one that is written down, half of the gain lost, or IRLS five points up twice in a row.

    Held against the end of the last light where light has stopped; in a course that follows another, against the end of
    that one. By the plain means: the fitted series ends with the recent days and says nothing of those after the light.
    """
    if _written(events, phases):
        return Lasting(word="relapse", why="that symptoms came back is written down after the last light")
    if phases.off is None and phases.reached is None:
        return Lasting(word="not_asked", why="the first course of light goes on, or ended less than two weeks ago")
    if measure is None:
        return Lasting(word="unknown", why="no measure can decide")
    if twice := _twice_up(course.scores, phases):
        return Lasting(word="relapse", why=twice, scale="irls")
    return _by_means(measure, phases)


def _by_means(measure: Measure, phases: Phases) -> Lasting:
    reached, now, values = _then_and_now(measure, phases)
    gained, lost = measure.sign * (measure.baseline_mean - reached), measure.sign * (now - reached)
    id = measure.scale.id
    if not (_enough(measure, values) and math.isfinite(gained) and math.isfinite(lost)):
        return Lasting(word="unknown", why="too few ratings since then to tell")
    if gained <= 0:
        return Lasting(
            word="nothing_gained",
            why="at the end of the light nothing was gained that could last",
            scale=id,
            gained=gained,
        )
    name, share = measure.scale.name, outcome_limit(_RULE)
    said = f"{mean_rating(gained)} points gained and {mean_rating(max(0.0, lost))} of them lost since ({name})"
    word: LastingWord = "relapse" if lost >= share * gained else "lasts"
    return Lasting(word=word, why=said, scale=id, gained=gained, lost=lost)


def _then_and_now(measure: Measure, phases: Phases) -> tuple[float, float, int]:
    """Mean at the end of the light, mean since, and how many values the second has."""
    if phases.off is not None:
        return measure.recent_mean, measure.off_mean, measure.counts[2]
    assert phases.reached is not None
    first, last = phases.reached
    before = [reading.value for reading in measure.readings if first <= reading.date <= last]
    # The last weeks of a questionnaire may reach back behind the first day of this course.
    recent = [r.value for r in measure.readings if r.phase == "recent" and r.date >= _start(phases)]
    return _mean(before), _mean(recent), len(recent)


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else math.nan


def _start(phases: Phases) -> dt.date:
    return phases.as_of - dt.timedelta(weeks=phases.week)


def _enough(measure: Measure, values: int) -> bool:
    """One bad day is no relapse: a diary needs several days; a questionnaire speaks of a whole week."""
    return values >= (outcome_limit("least_off_days") if measure.source == "diary" else 1)


def _twice_up(rows: Sequence[RecordedScore], phases: Phases) -> str:
    """Why the last two IRLS scores are a relapse by themselves; "" where they are not."""
    if phases.off is not None:
        (first, last), since = phases.recent, phases.off[0]
    else:
        assert phases.reached is not None
        (first, last), since = phases.reached, _start(phases)
    scores = [(row.date, value) for row in rows if row.scale == "irls" and (value := score_value(row)) is not None]
    then = [value for day, value in scores if first <= day <= last]
    level = _mean(then)
    up = [value - level for day, value in scores if since <= day <= phases.as_of][-2:]
    # Without a score at the end of the light nothing is higher than it.
    if len(up) < 2 or not min(up) >= outcome_limit("relapse_points"):
        return ""
    return f"the last two IRLS scores are {up[0]:.3g} and {up[1]:.3g} points above the end of the light ({level:.3g})"


def _written(events: Sequence[GradedEvent], phases: Phases) -> bool:
    """Whether somebody wrote after the last light, or since a course that follows another began, that it came back."""
    last = phases.last_given
    if phases.reached is not None and phases.off is None:
        # What came back before this course began is why it began, and says nothing of it.
        last = _start(phases)
    return last is not None and any(event.what == "relapse" and event.date > last for event in events)
