"""The intake page by page: which pages there are for these answers."""

from __future__ import annotations

from dataclasses import dataclass

from openpbm.care.people.intake_forms import AboutForm, ComplaintForm, IronForm, MedicinesForm
from openpbm.care.people.question_forms import QUESTION_FORMS, QuestionsForm
from openpbm.care.people.questions import GROUPS, asked_codes, complaint_of
from openpbm.care.people.step_form import StepForm
from openpbm.care.people.treatments_form import TreatmentsForm
from openpbm.care.people.workup_form import WorkupForm
from openpbm.files import JsonObject

__all__ = ["CHECK", "FURTHER", "Step", "steps_for"]

CHECK = "check"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One page of the intake."""

    id: str
    title: str
    intro: str
    form: type[StepForm]

    @property
    def asks_questions(self) -> bool:
        """Whether the page is a group of yes/no questions."""
        return issubclass(self.form, QuestionsForm)


_ABOUT = Step(id="about", title="About you", intro="Leave open what you do not know.", form=AboutForm)
_COMPLAINT = Step(
    id="complaint",
    title="What is treated",
    intro="The questions after this one depend on it.",
    form=ComplaintForm,
)
_QUESTIONS = tuple(
    Step(id=group.id, title=group.title, intro=group.intro, form=QUESTION_FORMS[group.id]) for group in GROUPS
)
_MEDICINES = Step(
    id="medicines",
    title="Your medicines",
    intro="One a line: name, or the code on the pack. Creams, drops, herbs and supplements count too. Some of them make"
    " skin react to light.",
    form=MedicinesForm,
)
_IRON = Step(
    id="iron",
    title="Your iron values",
    intro="Low iron is a common cause of restless legs, and it can be treated. Leave it open if there was no test.",
    form=IronForm,
)


#: Pages that nobody has to go through: they are offered beside the answers and before these are recorded.
FURTHER = (
    Step(
        id="treatments",
        title="What was tried before",
        intro="What helped, what did not, and why it was stopped. It shows what light would have to add. Leave out what"
        " you do not remember.",
        form=TreatmentsForm,
    ),
    Step(
        id="workup",
        title="Tests and results",
        intro="What was tested before light, and when. Some causes can be treated, and that comes first. Leave out"
        " what you do not know; your clinician can fill it in.",
        form=WorkupForm,
    ),
)


def steps_for(document: JsonObject) -> tuple[Step, ...]:
    """The pages that matter to these answers, in their order; the last look at all of it is not among them."""
    asked = asked_codes(document)
    pages = [step for step, group in zip(_QUESTIONS, GROUPS, strict=True) if asked & set(group.codes)]
    condition = complaint_of(document)
    # Low iron is looked for where legs are restless; it is asked for and never blocks the light (hazard C7).
    iron = (_IRON,) if condition is not None and condition.programme == "rls" else ()
    return (_ABOUT, _COMPLAINT, *pages, _MEDICINES, *iron)
