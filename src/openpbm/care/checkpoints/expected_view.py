"""What a course would be, as a clinician sees it: bands behind the person's scores, and what these say of light."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from openpbm.care.band_chart import BandChart, draw_bands
from openpbm.files import JsonObject
from openpbm.wording import percent_in_words

__all__ = ["ExpectedView", "Outlook", "present_expected"]

_WEEK_SIX = 42
_PER_WEEK = 7.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """One quantity before the person's scores and after them, both in words."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedView:
    """The course in parts. `why` "" where there is one; else it alone says something.

    scores, specific : charts, each with the sentence that says the same
    """

    why: str = ""
    scale: str = ""
    people: str = ""
    start: str = ""
    start_known: bool = False
    scores: BandChart | None = None
    scores_sentence: str = ""
    specific: BandChart | None = None
    specific_sentence: str = ""
    outlooks: tuple[Outlook, ...] = ()
    rests_on: str = ""
    rests_on_enough: bool = False


def present_expected(document: JsonObject) -> ExpectedView:
    """Put the document of an expected course into charts and words."""
    if "why" in document:
        return ExpectedView(why=document["why"])
    course, person = document["course"], document["personal"]
    dots = [(row["day"] / _PER_WEEK, row["points"]) for row in person["scores"]]
    at = min(_WEEK_SIX, len(course["days"]) - 1)
    return ExpectedView(
        scale=course["name"],
        people=f"{document['people']:,}",
        start=f"{course['start']:.1f}",
        start_known=course["start_known"],
        scores=_scores_chart(course, dots),
        scores_sentence=_scores_sentence(course, at),
        specific=_specific_chart(course, person),
        specific_sentence=_specific_sentence(course, person, at),
        outlooks=_outlooks(document),
        rests_on=_rests_on(person, document["people"]),
        rests_on_enough=person["rests_on_enough"],
    )


def _scores_chart(course: JsonObject, dots: list[tuple[float, float]]) -> BandChart:
    weeks = [day / _PER_WEEK for day in course["days"]]
    sham, total = course["sham"], course["total"]
    # Scores before light stand at the start, where they are the start.
    shown = [(max(week, 0.0), points) for week, points in dots]
    return draw_bands(
        weeks,
        across="weeks from the first session",
        bands={"band-sham": (sham["p5"], sham["p95"]), "band-light": (total["p5"], total["p95"])},
        lines={"line-sham": sham["median"], "line-light": total["median"]},
        dots=shown,
        limits=(0.0, course["maximum"]),
    )


def _specific_chart(course: JsonObject, person: JsonObject) -> BandChart:
    weeks = [day / _PER_WEEK for day in course["days"]]
    before, after = course["specific"], person["specific"]
    lines = {"line-light": before["median"], "line-person": after["median"]}
    if course["important_change"] is not None:
        lines["line-important"] = [-course["important_change"]] * len(weeks)
    return draw_bands(
        weeks,
        across="weeks from the first session",
        bands={"band-light": (before["p5"], before["p95"]), "band-person": (after["p5"], after["p95"])},
        lines=lines,
    )


def _scores_sentence(course: JsonObject, at: int) -> str:
    sham, total = _range(course["sham"], at), _range(course["total"], at)
    return f"By week 6, 90 of 100 would be at {sham} points under a lamp without light, and at {total} under this lamp."


def _specific_sentence(course: JsonObject, person: JsonObject, at: int) -> str:
    before, after = _range(course["specific"], at), _range(person["specific"], at)
    return (
        f"By week 6, light itself would change the score by {before} points in 90 of 100 before the person's scores,"
        f" and by {after} with them."
    )


def _range(band: Mapping[str, list[float]], at: int) -> str:
    return f"{_number(band['p5'][at])} to {_number(band['p95'][at])}"


def _number(value: float) -> str:
    # A real minus sign, and no minus before a nought.
    return f"{value + 0.0:.1f}".replace("-0.0", "0.0").replace("-", "−")


def _outlooks(document: JsonObject) -> tuple[Outlook, ...]:
    course, person = document["course"], document["personal"]
    nothing = Outlook(
        name="Weight of “light does nothing at all”",
        before=percent_in_words(course["weight_null"]),
        after=percent_in_words(person["weight_null"]),
    )
    if course["important_change"] is None:
        return (nothing,)
    gain = Outlook(
        name=f"Chance that light itself takes {course['important_change']:g} points or more off by week 6",
        before=percent_in_words(course["chance_of_gain"]),
        after=percent_in_words(person["chance_of_gain"]),
    )
    return (nothing, gain)


def _rests_on(person: JsonObject, people: int) -> str:
    if not any(row["day"] > 0 for row in person["scores"]):
        return f"No score under light is known, so all {people:,} virtual people count alike."
    taken = person["shrinkage"]
    moved = f"took away {100.0 * taken:.0f} %" if taken >= 0.0 else f"added {-100.0 * taken:.0f} %"
    return (
        f"Effective sample size {person['effective_people']:.0f} of {people:,} virtual people. Shrinkage: the scores"
        f" {moved} of the variance of what light itself would change by week 6."
    )
