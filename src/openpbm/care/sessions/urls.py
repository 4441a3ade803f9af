"""Where the pages of `sessions` are found."""

from __future__ import annotations

from django.urls import URLPattern

app_name = "sessions"
urlpatterns: list[URLPattern] = []
