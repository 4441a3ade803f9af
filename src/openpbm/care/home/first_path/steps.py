"""The screens of the path in their order: the first two and the last two are pages of their own."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["STEPS", "PathStep", "after", "before", "step_of"]


@dataclass(frozen=True, slots=True)
class PathStep:
    """One screen of the path that is asked at its own address."""

    id: str
    title: str
    lead: str = ""


STEPS = (
    PathStep("able", "Can you do this alone?", "On a bad day too I can"),
    PathStep("complaint", "What should the light help?"),
    PathStep("place", "Where on the body?", "Tap one or more."),
    PathStep("lamp", "Which lamp do you have?"),
    PathStep("about", "About you"),
    PathStep("signs", "Any of these now?", "Tick yes; “?” if unsure."),
    PathStep("doctor", "Noticed any of these?"),
    PathStep("skin", "Cancer, skin and light", "“There” is the skin the light falls on."),
    PathStep("health", "Your health"),
    PathStep("medicines", "Your medicines", "Creams, drops, herbs and supplements count too."),
)
_IDS = tuple(step.id for step in STEPS)


def step_of(id: str) -> PathStep | None:
    """The screen of that name, None where there is none."""
    return next((step for step in STEPS if step.id == id), None)


def after(id: str) -> str:
    """The screen after that one; "" after the last.

    >>> after("able"), after("medicines")
    ('complaint', '')
    """
    place = _IDS.index(id) + 1
    return _IDS[place] if place < len(_IDS) else ""


def before(id: str) -> str:
    """The screen before that one; "" before the first."""
    place = _IDS.index(id)
    return _IDS[place - 1] if place else ""
