"""Where the pages of `sessions` are found."""

from __future__ import annotations

from django.urls import URLPattern, path

from openpbm.care.sessions.views import arrived, overview, record, run, skin, start

app_name = "sessions"
urlpatterns: list[URLPattern] = [
    path("people/<uuid:person_id>/session/", start.guide, name="guide"),
    path("people/<uuid:person_id>/session/<uuid:start_id>/", run.run, name="run"),
    path("people/<uuid:person_id>/session/<uuid:start_id>/state/", run.state, name="state"),
    path("people/<uuid:person_id>/session/<uuid:start_id>/arrived/", arrived.arrived, name="arrived"),
    path("people/<uuid:person_id>/sessions/", overview.session_list, name="list"),
    path("people/<uuid:person_id>/sessions/record/", record.record, name="record"),
    path("people/<uuid:person_id>/sessions/record/<uuid:record_id>/", record.correct, name="correct"),
    path("people/<uuid:person_id>/sessions/skin/", skin.skin, name="skin"),
    path("people/<uuid:person_id>/lamp/", overview.my_lamp, name="my_lamp"),
]
