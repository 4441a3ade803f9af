"""Where the pages of `accounts` are found."""

from __future__ import annotations

from django.urls import URLPattern, path

from openpbm.care.accounts import views

app_name = "accounts"
urlpatterns: list[URLPattern] = [
    path("staff/", views.staff, name="staff"),
    path("staff/<int:membership_id>/role/", views.change_member, name="change_member"),
    path("staff/<int:membership_id>/password/", views.first_password, name="first_password"),
    path("staff/<int:membership_id>/end/", views.end_member, name="end_member"),
]
