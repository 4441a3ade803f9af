"""The tables of a database: those of one that is still empty in a third of the time that Django's own command takes."""

from __future__ import annotations

from collections.abc import Sequence

from django.apps import apps
from django.core.management import call_command
from django.core.management.sql import emit_post_migrate_signal
from django.db import connection
from django.db.migrations import Migration
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import ModelState, ProjectState

__all__ = ["LibrariesFirst", "NewTables", "bring_up_to_date", "make_tables_at"]


class NewTables(ProjectState):
    """The models as far as the migrations have made them; Django makes all related ones again for each new one.

    Nothing refers to a new model yet: it is made by itself, as it is where a program imports its models. A test holds
    the tables that come of it to the models.
    """

    def add_model(self, model_state: ModelState) -> None:
        """Add a model to those that are there."""
        key = model_state.app_label, model_state.name_lower
        if "apps" not in self.__dict__ or key in self.models:
            super().add_model(model_state)
            return
        rendered = self.__dict__.pop("apps")
        super().add_model(model_state)
        self.__dict__["apps"] = rendered
        rendered.render_multiple([model_state])


class LibrariesFirst(MigrationExecutor):
    """Makes the tables of libraries first.

    Libraries change what they made. A change makes the models again that are related to it, and of ours all are.
    """

    def migration_plan(
        self, targets: Sequence[tuple[str, str | None]] | set[tuple[str, str]], clean_start: bool = False
    ) -> list[tuple[Migration, bool]]:
        """The migrations in the order in which they are made."""
        ours_last = sorted(targets, key=lambda target: apps.get_app_config(target[0]).name.startswith("openpbm."))
        return super().migration_plan(ours_last, clean_start)


def bring_up_to_date() -> None:
    """Bring the database to this version, whatever it has. Safe to repeat.

    Where nothing is to be changed the models of all migrations need not be made, only what Django does after them:
    permissions, kinds of content, our guards.
    """
    executor = MigrationExecutor(connection)
    if not executor.loader.applied_migrations:
        make_tables_at(None)
    elif executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", verbosity=0, interactive=False)
        return
    emit_post_migrate_signal(verbosity=0, interactive=False, db=connection.alias)


def make_tables_at(targets: Sequence[tuple[str, str]] | None) -> ProjectState:
    """Bring an empty database to those migrations, or to all; gives the models as they are then."""
    executor = LibrariesFirst(connection)
    wanted = executor.loader.graph.leaf_nodes() if targets is None else targets
    made: ProjectState = executor.migrate(wanted, state=NewTables(real_apps=executor.loader.unmigrated_apps))
    return made
