"""The application `people`."""

from __future__ import annotations

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Django's entry for `openpbm.care.people`."""

    name = "openpbm.care.people"
    label = "people"
