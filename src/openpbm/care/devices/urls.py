"""Where the pages of `devices` are found."""

from __future__ import annotations

from django.urls import URLPattern

app_name = "devices"
urlpatterns: list[URLPattern] = []
