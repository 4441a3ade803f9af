"""Where the pages of `scales` are found."""

from __future__ import annotations

from django.urls import URLPattern

app_name = "scales"
urlpatterns: list[URLPattern] = []
