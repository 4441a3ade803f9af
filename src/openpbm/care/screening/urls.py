"""Where the pages of `screening` are found."""

from __future__ import annotations

from django.urls import path

from openpbm.care.screening import views

app_name = "screening"
_ONE = "people/<uuid:person_id>/screening/<uuid:screening_id>/"
urlpatterns = [
    path("people/<uuid:person_id>/screening/new/", views.new, name="new"),
    path("people/<uuid:person_id>/referral/", views.referral_letter, name="referral"),
    path("people/<uuid:person_id>/referral.pdf", views.referral_pdf, name="referral_pdf"),
    path(_ONE, views.show, name="show"),
    path(f"{_ONE}release/", views.release, name="release"),
    path(f"{_ONE}request/", views.clinician_request, name="request"),
]
