"""Where the pages of `n_of_1` are found."""

from __future__ import annotations

from django.urls import path

from openpbm.care.n_of_1 import views

app_name = "n_of_1"
urlpatterns = [
    path("people/<uuid:person_id>/blinded/", views.show, name="show"),
    path("people/<uuid:person_id>/blinded/draw/", views.draw, name="draw"),
    path("people/<uuid:person_id>/blinded/guess/", views.guess, name="guess"),
    path("people/<uuid:person_id>/blinded/open/", views.open_period, name="open"),
    path("people/<uuid:person_id>/blinded/stop/", views.stop, name="stop"),
    path("people/<uuid:person_id>/blinded/sheet/", views.sheet, name="sheet"),
    path("people/<uuid:person_id>/blinded/<slug:name>.json", views.file, name="file"),
    path("lamps-kept/", views.kept, name="kept"),
    path("lamps-kept/<uuid:design_id>/", views.keeper_sheet, name="keeper_sheet"),
]
