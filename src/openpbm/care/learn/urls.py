"""Where the pages of `learn` are found."""

from __future__ import annotations

from django.urls import URLPattern

app_name = "learn"
urlpatterns: list[URLPattern] = []
