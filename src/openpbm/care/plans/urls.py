"""Where the pages of `plans` are found."""

from __future__ import annotations

from django.urls import path

from openpbm.care.plans import views

app_name = "plans"
_PLAN = "people/<uuid:person_id>/plans/<uuid:plan_id>/"
urlpatterns = [
    path("people/<uuid:person_id>/plans/order/<uuid:screening_id>/", views.order, name="order"),
    path("people/<uuid:person_id>/plans/compare/", views.compare, name="compare"),
    path("people/<uuid:person_id>/plans/sheet/", views.released_sheet, name="sheet"),
    path("people/<uuid:person_id>/plans/report/", views.released_report, name="report"),
    path("people/<uuid:person_id>/holds/<uuid:hold_id>/", views.lift, name="lift_hold"),
    path(_PLAN, views.workbench, name="workbench"),
    path(f"{_PLAN}linear/", views.linear, name="linear"),
    path(f"{_PLAN}another/", views.another, name="another"),
    path(f"{_PLAN}release/", views.release, name="release"),
    path(f"{_PLAN}release-rule/", views.release_rule, name="release_rule"),
    path(f"{_PLAN}sheet/", views.sheet, name="sheet"),
    path(f"{_PLAN}report/", views.report, name="report"),
]
