"""`{% course_picture %}`: the one picture of a course, wherever a clinician decides something about a person."""

from __future__ import annotations

from dataclasses import dataclass

from django import template
from django.template.context import Context
from django.utils.safestring import SafeString, mark_safe

from openpbm.care.checkpoints.course_picture import course_picture, judged_words
from openpbm.care.checkpoints.models import Checkpoint
from openpbm.care.people.models import Person
from openpbm.report.course_picture import in_words, zoomed
from openpbm.report.draw_course import draw_course

register = template.Library()

#: Days of each period that can be looked at closer, by its name in the address.
_PERIODS = {"4": 28, "12": 84, "26": 182}


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """One link of the periods. weeks : "" for all of it"""

    weeks: str
    label: str
    current: bool


@register.inclusion_tag("checkpoints/course_picture.html", takes_context=True, name="course_picture")
def course_picture_tag(
    context: Context, person: Person, *, judged: Checkpoint | None = None, periods: bool = True
) -> dict[str, object]:
    """The picture with its words.

    judged : the judgement the page is about; None for the newest
    periods : whether the page can be asked again for a shorter time (`?weeks=`)
    """
    asked = context["request"].GET.get("weeks", "")
    weeks = asked if periods and asked in _PERIODS else ""
    picture = course_picture(person)
    if weeks:
        picture = zoomed(picture, _PERIODS[weeks])
    return {
        "person": person,
        "said": judged_words(person, judged),
        "empty": picture.is_empty,
        "svg": _svg(draw_course(picture)),
        "words": in_words(picture),
        "periods": _periods(weeks) if periods else [],
    }


def _svg(drawn: str) -> SafeString:
    # Every word in it was escaped where it was drawn.
    return mark_safe(drawn)


def _periods(chosen: str) -> list[Period]:
    shown = [Period(weeks=one, label=f"{one} weeks", current=one == chosen) for one in _PERIODS]
    return [*shown, Period(weeks="", label="All", current=not chosen)]
