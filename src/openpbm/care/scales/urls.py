"""Where the pages of `scales` are found."""

from __future__ import annotations

from django.urls import path

from openpbm.care.scales import diary_page, spasm_page, views

app_name = "scales"
urlpatterns = [
    path("people/<uuid:person_id>/diary/", diary_page.diary, name="diary"),
    path("people/<uuid:person_id>/diary/days/", diary_page.days, name="days"),
    path("people/<uuid:person_id>/spasms/", spasm_page.spasms, name="spasms"),
    path("people/<uuid:person_id>/scales/", views.list_scales, name="list"),
    path("people/<uuid:person_id>/scales/<str:scale>/", views.fill, name="fill"),
    path("people/<uuid:person_id>/scores/<uuid:score_id>/", views.score_page, name="score"),
]
