"""The pages of yes/no questions, one form a group."""

from __future__ import annotations

from typing import ClassVar

from django import forms

from openpbm.care.form_page import CleanedData
from openpbm.care.people.questions import GROUPS, QuestionGroup, asked_codes, implied_of, question
from openpbm.care.people.step_form import StepForm
from openpbm.facts.rules import PREGNANT
from openpbm.files import JsonObject
from openpbm.safety import could_be_pregnant

__all__ = ["QUESTION_FORMS", "QuestionsForm"]

_YES_NO = (("yes", "Yes"), ("no", "No"), ("unknown", "I don’t know"))
_TO_ANSWER = {"yes": True, "no": False, "unknown": "unknown"}
_FROM_ANSWER = {True: "yes", False: "no", "unknown": "unknown"}


class QuestionsForm(StepForm):
    """One group of yes/no questions. A question left open stays unknown, unless the reader says the rest is no."""

    group: ClassVar[QuestionGroup]

    def build(self) -> None:
        """One field a question that matters to this complaint."""
        if self.asks_pregnancy():
            self._ask("pregnant", "Are you pregnant, or could you be?")
        for code in self.codes():
            self._ask(code, question(code))
        if self.group.rest_is_no:
            self.fields["rest_is_no"] = forms.BooleanField(
                label="I have read every question on this page. To each one I left open, my answer is no.",
                required=False,
            )

    def codes(self) -> list[str]:
        """The codes of this page, in its order."""
        asked = asked_codes(self.document)
        return [code for code in self.group.codes if code in asked]

    def asks_pregnancy(self) -> bool:
        """Whether this page asks for pregnancy: the page on health does, of whom it could concern."""
        person = self.document.get("person", {})
        return self.group.id == "health" and could_be_pregnant(person.get("sex"), person.get("age_years"))

    def _ask(self, name: str, text: str) -> None:
        self.fields[name] = forms.ChoiceField(label=text, required=False, choices=_YES_NO, widget=forms.RadioSelect)

    def read(self) -> CleanedData:
        """The page's fields out of the answers."""
        person = self.document.get("person", {})
        answers = {**person.get("findings", {}), "pregnant": person.get("pregnant")}
        return {name: _FROM_ANSWER[answer] for name, answer in answers.items() if answer is not None}

    def put(self, document: JsonObject, given: CleanedData) -> None:
        """The page's fields into the answers."""
        person = document["person"]
        findings = dict(person.get("findings", {}))
        # What was left open is unknown and asked again: silence is no answer where a tumour is asked for (hazard L3).
        rest = False if given.get("rest_is_no") else None
        spoken_of = {row.finding for row in implied_of(document)}
        for code in self.codes():
            answer = _TO_ANSWER.get(given.get(code) or "", None if code in spoken_of else rest)
            # An answer that was taken back has to go: left in place, the earlier yes or no would still be judged.
            findings.pop(code, None)
            if answer is not None:
                findings[code] = answer
        person["findings"] = findings
        if self.asks_pregnancy():
            person["pregnant"] = _TO_ANSWER.get(given.get("pregnant") or "", None if PREGNANT in spoken_of else rest)


def _form_of(group: QuestionGroup) -> type[QuestionsForm]:
    """The form of one group."""
    return type("QuestionsForm", (QuestionsForm,), {"group": group})


QUESTION_FORMS = {group.id: _form_of(group) for group in GROUPS}
