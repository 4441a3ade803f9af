"""Where the pages of `sessions` are found."""

from __future__ import annotations

from django.urls import URLPattern, path

from openpbm.care.sessions import views

app_name = "sessions"
urlpatterns: list[URLPattern] = [
    path("people/<uuid:person_id>/session/", views.guide, name="guide"),
    path("people/<uuid:person_id>/session/<uuid:start_id>/", views.run, name="run"),
    path("people/<uuid:person_id>/session/<uuid:start_id>/state/", views.state, name="state"),
    path("people/<uuid:person_id>/sessions/", views.session_list, name="list"),
    path("people/<uuid:person_id>/sessions/record/", views.record, name="record"),
    path("people/<uuid:person_id>/sessions/record/<uuid:record_id>/", views.correct, name="correct"),
    path("people/<uuid:person_id>/sessions/skin/", views.skin, name="skin"),
    path("people/<uuid:person_id>/lamp/", views.my_lamp, name="my_lamp"),
]
