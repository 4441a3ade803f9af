"""Questions as a list to tick: a tick is yes, "?" is not sure, and one button says no to the lines left blank."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms

from openpbm.care.form_page import CleanedData
from openpbm.care.people.needed_codes import Chosen, answered_alone, needed_codes
from openpbm.care.people.questions import GROUPS, question
from openpbm.care.people.short_questions import SHORT_QUESTIONS
from openpbm.care.people.step_form import StepForm
from openpbm.facts.rules import PREGNANT
from openpbm.files import JsonObject
from openpbm.person import Answer

__all__ = ["TickedQuestionsForm", "codes_of_page"]

#: Page of the path -> the groups of questions on it.
_PAGES = {"signs": ("cannot-wait",), "doctor": ("doctor-first", "complaint-in-detail"), "skin": ("skin",),
          "health": ("nerves", "heart", "health", "illnesses")}  # fmt: skip
_ANSWERS: dict[str, Answer] = {"yes": True, "no": False, "unknown": "unknown"}
_SHOWN = {True: "yes", False: "no", "unknown": "unknown"}
_ALONE = (("yes", "Yes"), ("no", "No"), ("unknown", "?"))
_UNSURE = "unsure_"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the list: the tick for yes, and the one for not being sure."""

    yes: forms.BoundField
    unsure: forms.BoundField
    full: str


def codes_of_page(id: str, document: JsonObject, chosen: Chosen) -> list[str]:
    """The codes that a page of the path asks, in its order. id : "signs", "doctor", "skin" or "health"."""
    wanted = needed_codes(document, chosen)
    first = (PREGNANT,) if id == "health" else ()
    of_groups = (code for group in GROUPS if group.id in _PAGES[id] for code in group.codes)
    return [code for code in (*first, *of_groups) if code in wanted]


class TickedQuestionsForm(StepForm):
    """One page of the list. What may not be answered by the button is asked by itself, and must be.

    page : "signs", "doctor", "skin" or "health"; chosen : where the light goes and from which lamp
    """

    def __init__(self, *args: Any, page: str, chosen: Chosen, **kwargs: Any) -> None:
        document = kwargs["document"]
        self.codes = codes_of_page(page, document, chosen)
        self.alone = [code for code in self.codes if code == PREGNANT or answered_alone(code, document)]
        super().__init__(*args, **kwargs)

    def build(self) -> None:
        """A field for each question that is asked by itself; two ticks for each line of the list."""
        for code in self.codes:
            if code in self.alone:
                self.fields[code] = forms.ChoiceField(
                    label=SHORT_QUESTIONS[code], choices=_ALONE, widget=forms.RadioSelect,
                    error_messages={"required": "Answer this one by itself: yes, no, or ? when you are not sure."},
                )  # fmt: skip
                self.fields[code].in_a_row = True  # type: ignore[attr-defined]
            else:
                self.fields[code] = forms.BooleanField(label=SHORT_QUESTIONS[code], required=False)
                label = f"Not sure: {SHORT_QUESTIONS[code]}"
                self.fields[_UNSURE + code] = forms.BooleanField(label=label, required=False)

    def asked_alone(self) -> list[forms.BoundField]:
        """The questions that the button does not answer."""
        return [self[code] for code in self.alone]

    def lines(self) -> list[Line]:
        """The list, in its order."""
        return [Line(self[code], self[_UNSURE + code], question(code)) for code in self.codes if code not in self.alone]

    def read(self) -> CleanedData:
        """The ticks out of the answers."""
        person = self.document.get("person") or {}
        answers = {**(person.get("findings") or {}), PREGNANT: person.get("pregnant")}
        shown: CleanedData = {code: _SHOWN.get(answers.get(code)) for code in self.alone}
        for code in self.codes:
            if code not in self.alone:
                shown |= {code: answers.get(code) is True, _UNSURE + code: answers.get(code) == "unknown"}
        return shown

    def put(self, document: JsonObject, given: CleanedData) -> None:
        """Every line of the page is answered: it stood there, and the button says no to what was left blank."""
        person = document["person"]
        findings = dict(person.get("findings") or {})
        for code in self.codes:
            answer = self._answer(code, given)
            if code == PREGNANT:
                person["pregnant"] = answer
            elif answer is None:
                findings.pop(code, None)
            else:
                findings[code] = answer
        person["findings"] = findings

    def _answer(self, code: str, given: CleanedData) -> Answer | None:
        if code in self.alone:
            return _ANSWERS.get(given.get(code) or "")
        # Ticked twice, the graver of the two counts.
        if given.get(code):
            return True
        return "unknown" if given.get(_UNSURE + code) else False
