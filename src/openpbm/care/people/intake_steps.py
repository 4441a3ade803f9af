"""The intake page by page: which pages there are for these answers, and the draft that is kept between them."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.sessions.backends.base import SessionBase

from openpbm.care.people.current import latest_intake
from openpbm.care.people.intake_forms import AboutForm, ComplaintForm, IronForm, MedicinesForm
from openpbm.care.people.models import Person
from openpbm.care.people.question_forms import QUESTION_FORMS, QuestionsForm
from openpbm.care.people.questions import GROUPS, asked_codes, complaint_of
from openpbm.care.people.step_form import StepForm

__all__ = ["CHECK", "Draft", "Step", "steps_for"]

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


def steps_for(document: Mapping[str, Any]) -> tuple[Step, ...]:
    """The pages that matter to these answers, in their order; the last look at all of it is not among them."""
    asked = asked_codes(document)
    pages = [step for step, group in zip(_QUESTIONS, GROUPS, strict=True) if asked & set(group.codes)]
    condition = complaint_of(document)
    iron = (_IRON,) if condition is not None and condition.programme == "rls" else ()
    return (_ABOUT, _COMPLAINT, *pages, _MEDICINES, *iron)


class Draft:
    """Answers on their way, kept in the browser session until they are recorded."""

    def __init__(self, session: SessionBase, person: Person) -> None:
        self._session = session
        self._key = f"intake {person.pk}"
        self._person = person

    @property
    def exists(self) -> bool:
        """Whether something was begun."""
        return self._key in self._session

    def document(self) -> dict[str, Any]:
        """The answers so far; those recorded last where nothing was begun."""
        if self.exists:
            return dict(self._session[self._key]["document"])
        newest = latest_intake(self._person)
        return {} if newest is None else dict(newest.document)

    def keep(self, document: dict[str, Any]) -> None:
        """Keep the answers so far."""
        self._session[self._key] = {"id": str(self.id), "document": document}

    @property
    def id(self) -> uuid.UUID:
        """The id under which they will be recorded, the same however often they are sent."""
        return uuid.UUID(self._session[self._key]["id"]) if self.exists else uuid.uuid4()

    def forget(self) -> None:
        """Let go of what was begun."""
        self._session.pop(self._key, None)
