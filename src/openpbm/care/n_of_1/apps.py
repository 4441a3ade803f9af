"""The application `n_of_1`."""

from __future__ import annotations

from django.apps import AppConfig


class NOf1Config(AppConfig):
    """Django's entry for `openpbm.care.n_of_1`."""

    name = "openpbm.care.n_of_1"
    label = "n_of_1"
