"""Where the pages of `home` are found."""

from __future__ import annotations

from django.urls import URLPattern

app_name = "home"
urlpatterns: list[URLPattern] = []
