"""The application `events`."""

from __future__ import annotations

import importlib

from django.apps import AppConfig


class EventsConfig(AppConfig):
    """Django's entry for `openpbm.care.events`."""

    name = "openpbm.care.events"
    label = "events"

    def ready(self) -> None:
        """Show what a hold about an effect rests on."""
        importlib.import_module("openpbm.care.events.holding")
