"""Where the pages of `home` are found."""

from __future__ import annotations

from django.urls import path

from openpbm.care.home import record, views, worklist_page

app_name = "home"
urlpatterns = [
    path("", views.start, name="start"),
    path("people/", worklist_page.worklist, name="worklist"),
    path("people/<uuid:person_id>/", record.record, name="record"),
    path("people/<uuid:person_id>/today/", views.today, name="today"),
]
