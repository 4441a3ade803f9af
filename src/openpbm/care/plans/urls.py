"""Where the pages of `plans` are found."""

from __future__ import annotations

from django.urls import path

from openpbm.care.plans.views import holds, order, printouts, release, workbench

app_name = "plans"
_PLAN = "people/<uuid:person_id>/plans/<uuid:plan_id>/"
urlpatterns = [
    path("people/<uuid:person_id>/plans/order/<uuid:screening_id>/", order.order, name="order"),
    path("people/<uuid:person_id>/plans/compare/", workbench.compare, name="compare"),
    path("people/<uuid:person_id>/plans/sheet/", printouts.released_sheet, name="sheet"),
    path("people/<uuid:person_id>/plans/report/", printouts.released_report, name="report"),
    path("people/<uuid:person_id>/holds/<uuid:hold_id>/", holds.lift, name="lift_hold"),
    path(_PLAN, workbench.workbench, name="workbench"),
    path(f"{_PLAN}linear/", workbench.linear, name="linear"),
    path(f"{_PLAN}another/", order.another, name="another"),
    path(f"{_PLAN}release/", release.release, name="release"),
    path(f"{_PLAN}release-rule/", release.release_rule, name="release_rule"),
    path(f"{_PLAN}sheet/", printouts.sheet, name="sheet"),
    path(f"{_PLAN}report/", printouts.report, name="report"),
]
