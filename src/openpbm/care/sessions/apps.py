"""The application `light_sessions`."""

from __future__ import annotations

from django.apps import AppConfig


class SessionsConfig(AppConfig):
    """Django's entry for `openpbm.care.sessions`."""

    name = "openpbm.care.sessions"
    label = "light_sessions"
