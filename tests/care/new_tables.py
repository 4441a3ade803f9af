"""The tables of a test's database in half of the time: Django makes all related tables again for each new model."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db.migrations.state import ModelState, ProjectState

__all__ = ["each_model_made_once"]


@contextmanager
def each_model_made_once() -> Iterator[None]:
    """While migrations run in it, a model that is new is made by itself, as it is where a program imports its models.

    Nothing refers to it yet, so that no other has to be made again. A test holds the tables that come of it to the
    models.
    """
    djangos = ProjectState.add_model

    def add_model(self: ProjectState, model_state: ModelState) -> None:
        key = model_state.app_label, model_state.name_lower
        if "apps" not in self.__dict__ or key in self.models:
            djangos(self, model_state)
            return
        rendered = self.__dict__.pop("apps")
        djangos(self, model_state)
        self.apps = rendered
        rendered.render_multiple([model_state])

    ProjectState.add_model = add_model  # type: ignore[method-assign]
    try:
        yield
    finally:
        ProjectState.add_model = djangos  # type: ignore[method-assign]
