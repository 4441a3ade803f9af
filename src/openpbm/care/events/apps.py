"""The application `events`."""

from __future__ import annotations

from django.apps import AppConfig


class EventsConfig(AppConfig):
    """Django's entry for `openpbm.care.events`."""

    name = "openpbm.care.events"
    label = "events"
