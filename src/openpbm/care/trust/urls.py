"""Where the pages of `trust` are found."""

from __future__ import annotations

from django.urls import URLPattern

app_name = "trust"
urlpatterns: list[URLPattern] = []
