"""What every page of the intake does: read its part out of the answers, put it back, let the core check."""

from __future__ import annotations

import copy
import re
from typing import Any, ClassVar

from django import forms

from openpbm.care.form_page import CleanedData
from openpbm.care.people.actions.intake import check_answers
from openpbm.errors import BadInput, Problem
from openpbm.files import JsonObject

__all__ = ["StepForm", "said"]


# Begins the name of the field that confirms the value of another.
_TICK = "confirm_"
# Values computed from two fields of a page, in words.
_OF_TWO_FIELDS = {"body_mass_index": "Height and weight"}
_PARTS = {"body_mass_index": ("height_cm", "weight_kg")}


class StepForm(forms.Form):
    """One page of the intake.

    document : the answers so far; `section` of it is what the page is about
    age_on_file : the age in them follows from the date of birth on file, so no page asks for it
    """

    #: stands in for what other pages ask, so that the core can check this page alone
    _rest: ClassVar[JsonObject] = {"condition": {"programme": "rls"}, "person": {}}

    def __init__(self, *args: Any, document: JsonObject, age_on_file: bool = False, **kwargs: Any) -> None:
        self.age_on_file = age_on_file
        self.document: JsonObject = copy.deepcopy(dict(document))
        super().__init__(*args, **(kwargs | {"initial": self.read()}))
        self.build()
        self._offer_confirmations()

    def _offer_confirmations(self) -> None:
        """A tick for every value of this page that was confirmed before, or is being confirmed now."""
        confirmed = (self.document.get("confirm") or {}).get("values", ())
        for name in (*self.fields, *_OF_TWO_FIELDS):
            if self._asked_at(name) in self.fields and (name in confirmed or _TICK + name in self.data):
                self._offer(name, ticked=name in confirmed)

    def _offer(self, name: str, *, ticked: bool = False) -> None:
        """A tick that carries the value it confirms: of another value it says nothing."""
        label = _OF_TWO_FIELDS.get(name) or self.fields[name].label
        text = f"{label}: right as written here"
        widget = forms.CheckboxInput(attrs={"value": self._written(name)})
        if self.is_bound and not self._is_of_this_value(name):
            # Asked again, about another value, it is not ticked beforehand.
            widget.check_test = lambda _: False
        self.fields[_TICK + name] = forms.BooleanField(label=text, required=False, initial=ticked, widget=widget)

    def _written(self, name: str) -> str:
        """What stands in the field or fields that a tick is about, as it was sent or is shown."""
        parts = [self._raw(field) for field in _PARTS.get(name, (name,))]
        return "|".join(parts)

    def _raw(self, field: str) -> str:
        sent = self.is_bound and not self.fields[field].disabled
        value = self.data.get(field) if sent else self.initial.get(field)
        text = "" if value is None else str(value).strip()
        try:
            return f"{float(text.replace(',', '.')):g}"
        except ValueError:
            return text

    def _is_of_this_value(self, name: str) -> bool:
        """Whether the tick that was sent confirms what was sent with it.

        One without a value, of a sender who writes forms by hand, counts where nothing else was confirmed before.
        """
        sent = self.data.get(_TICK + name, "")
        if sent != "on":
            return bool(sent == self._written(name))
        confirmed = (self.document.get("confirm") or {}).get("values", ())
        before = "|".join(_plain(self.initial.get(field)) for field in _PARTS.get(name, (name,)))
        return name not in confirmed or before == self._written(name)

    def _asked_at(self, name: str) -> str:
        """The field at which a value is asked about."""
        return "height_cm" if name in _OF_TWO_FIELDS else name

    def _keep_confirmations(self, document: JsonObject, given: CleanedData) -> None:
        """Take the ticks of this page into the answers; those of other pages stay."""
        here = {name.removeprefix(_TICK) for name in self.fields if name.startswith(_TICK)}
        kept = [name for name in (document.get("confirm") or {}).get("values", ()) if name not in here]
        ticked = [name for name in sorted(here) if given.get(_TICK + name) and self._is_of_this_value(name)]
        document["confirm"] = {"values": [*kept, *ticked]} if kept or ticked else {}

    def build(self) -> None:
        """Add fields that depend on the answers so far."""

    def read(self) -> CleanedData:
        """The page's fields out of the answers."""
        return {}

    def put(self, document: JsonObject, given: CleanedData) -> None:
        """The page's fields into the answers; None leaves a thing unknown."""

    def clean(self) -> CleanedData:
        """Let the core look at what this page makes of the answers."""
        given: CleanedData = super().clean() or {}
        # A page that does not validate must leave the answers as they were; so it works on a copy.
        document = copy.deepcopy(self.document)
        document.setdefault("person", {})
        document.setdefault("condition", {})
        self.put(document, given)
        self._keep_confirmations(document, given)
        document = {section: said(content) for section, content in document.items()}
        try:
            # Empty sections give way to the stand-ins, or a page would be refused for what later ones ask.
            check_answers({**self._rest, **{key: content for key, content in document.items() if content}})
        except BadInput as error:
            for problem in error.problems:
                self._add_problem(problem)
        self.document = document
        return given

    def _add_problem(self, problem: Problem) -> None:
        name = self.field_of(problem.key)
        if problem.confirm and self._asks_to_confirm(problem):
            return
        if name in self.fields and name not in self.errors:
            self.add_error(name, problem.text)
        elif name not in self.fields:
            # A problem in what another page asks has no field here that could carry it: it is said at the top.
            self.add_error(None, f"{problem.key.split('.')[-1]}: {problem.text}" if problem.key else problem.text)

    def _asks_to_confirm(self, problem: Problem) -> bool:
        """Ask about a value that hardly can be, with a tick for it; False where this page has no such field."""
        asked = self._asked_at(problem.confirm)
        if asked not in self.fields:
            return False
        self.add_error(asked, f"{problem.message} Correct it, or say below that it is right.")
        self._offer(problem.confirm)
        return True

    def field_of(self, key: str) -> str:
        """The field behind a key of the answers."""
        return re.sub(r"\[\d+\]", "", key).split(".")[-1]


def _plain(value: Any) -> str:
    if isinstance(value, (int, float)):
        return f"{value:g}"
    return "" if value is None else str(value)


def said(content: JsonObject) -> JsonObject:
    """Only what was said: a key without a value is left out, an empty list of medicines is an answer."""
    return {key: value for key, value in content.items() if value is not None and value != {}}
