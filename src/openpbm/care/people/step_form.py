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


class StepForm(forms.Form):
    """One page of the intake.

    document : the answers so far; `section` of it is what the page is about
    """

    #: stands in for what other pages ask, so that the core can check this page alone
    _rest: ClassVar[JsonObject] = {"condition": {"programme": "rls"}, "person": {}}

    def __init__(self, *args: Any, document: JsonObject, **kwargs: Any) -> None:
        self.document: JsonObject = copy.deepcopy(dict(document))
        super().__init__(*args, **(kwargs | {"initial": self.read()}))
        self.build()

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
        if name in self.fields and name not in self.errors:
            self.add_error(name, problem.text)
        elif name not in self.fields:
            # A problem in what another page asks has no field here that could carry it: it is said at the top.
            self.add_error(None, f"{problem.key.split('.')[-1]}: {problem.text}" if problem.key else problem.text)

    def field_of(self, key: str) -> str:
        """The field behind a key of the answers."""
        return re.sub(r"\[\d+\]", "", key).split(".")[-1]


def said(content: JsonObject) -> JsonObject:
    """Only what was said: a key without a value is left out, an empty list of medicines is an answer."""
    return {key: value for key, value in content.items() if value is not None and value != {}}
