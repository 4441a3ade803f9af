"""A form filled one question a screen: the answers so far travel with the page, and nothing is saved before the end."""

from __future__ import annotations

from dataclasses import dataclass

from django import forms
from django.http import QueryDict

from openpbm.care.scales.forms import ScaleForm

__all__ = ["FillStep", "step_of"]

_AT, _GO = "at", "go"


@dataclass(frozen=True, slots=True, kw_only=True)
class FillStep:
    """One screen. number : from 1 to `count`;  carried : name and answer of every other question so far"""

    number: int
    count: int
    field: forms.BoundField
    carried: tuple[tuple[str, str], ...]
    mood: bool

    @property
    def at(self) -> int:
        """Where it stands among the items, from 0."""
        return self.number - 1

    @property
    def last(self) -> bool:
        """Whether the form is saved from here."""
        return self.number == self.count


def step_of(form: ScaleForm, sent: QueryDict | None) -> FillStep | None:
    """The screen to show next; None where all is sent to be saved at once.

    form : unbound, so that nothing is complained about before the end
    """
    if sent is not None and sent.get(_GO) not in ("next", "back"):
        return None
    names = [f"item_{item.id}" for item in form.of.items]
    at = _moved(sent, len(names))
    answered = {name: sent.get(name, "") for name in names} if sent is not None else {}
    form.initial.update({name: answer for name, answer in answered.items() if answer})
    if sent is not None:
        form.initial.update({name: sent[name] for name in ("score_id", "date") if sent.get(name)})
    return FillStep(
        number=at + 1,
        count=len(names),
        field=form[names[at]],
        carried=tuple((name, answer) for name, answer in answered.items() if answer and name != names[at]),
        mood=form.of.items[at].id in form.of.mood_items,
    )


def _moved(sent: QueryDict | None, count: int) -> int:
    if sent is None:
        return 0
    said = sent.get(_AT, "")
    at = int(said) if said.isascii() and said.isdecimal() and len(said) < 4 else 0
    step = 1 if sent.get(_GO) == "next" else -1
    return min(max(at + step, 0), count - 1)
