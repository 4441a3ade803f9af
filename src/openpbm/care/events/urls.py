"""Where the pages of `events` are found."""

from __future__ import annotations

from django.urls import path

from openpbm.care.events import views

app_name = "events"
urlpatterns = [
    path("people/<uuid:person_id>/effects/", views.report, name="report"),
    path("people/<uuid:person_id>/effects/all/", views.list_events, name="list"),
    path("people/<uuid:person_id>/effects/<uuid:event_id>/", views.show, name="show"),
    path("people/<uuid:person_id>/effects/<uuid:event_id>/review/", views.review, name="review"),
]
