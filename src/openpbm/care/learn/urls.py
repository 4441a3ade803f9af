"""Where the pages of `learn` are found."""

from __future__ import annotations

from django.urls import path

from openpbm.care.learn import buying_views, mechanism_views, views

app_name = "learn"
urlpatterns = [
    path("", views.index, name="index"),
    path("questions/<slug:id>/", views.question, name="question"),
    path("benefits/", views.benefits, name="benefits"),
    path("buying/", buying_views.buying, name="buying"),
    path("clinic/", buying_views.clinic, name="clinic"),
    path("compare/", views.compare, name="compare"),
    path("claims/", views.claims, name="claims"),
    path("cost/", views.cost, name="cost"),
    path("side-effects/", views.side_effects, name="side_effects"),
    path("how/", mechanism_views.how, name="how"),
    path("one-session/", mechanism_views.one_session, name="one_session"),
    path("how/<slug:arrow>/", mechanism_views.arrow, name="arrow"),
]
