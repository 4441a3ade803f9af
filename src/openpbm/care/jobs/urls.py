"""Where the pages of `jobs` are found."""

from __future__ import annotations

from django.urls import URLPattern, path

from openpbm.care.jobs import views

app_name = "jobs"
urlpatterns: list[URLPattern] = [
    path("reminders/", views.reminders, name="reminders"),
    path("reminders/<uuid:reminder_id>/done/", views.mark_reminder, name="mark"),
    path("<uuid:job_id>/", views.job, name="job"),
    path("<uuid:job_id>/progress/", views.progress, name="progress"),
]
