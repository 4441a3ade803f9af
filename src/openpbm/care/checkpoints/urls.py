"""Where the pages of `checkpoints` are found."""

from __future__ import annotations

from django.urls import URLPattern

app_name = "checkpoints"
urlpatterns: list[URLPattern] = []
