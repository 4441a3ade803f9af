"""Where the pages of `people` are found."""

from __future__ import annotations

from django.urls import path

from openpbm.care.people.views import (
    appointment,
    clinic,
    colleagues,
    consent,
    erasure,
    helper,
    intake,
    lifestyle,
    timeline,
    welcome,
)

app_name = "people"
urlpatterns = [
    path("welcome/", welcome.welcome, name="welcome"),
    path("appointments/", appointment.appointments, name="appointments"),
    path("clinic/colleagues/", colleagues.colleagues, name="colleagues"),
    path("clinic/colleagues/<int:membership_id>/", colleagues.confirm, name="confirm_clinician"),
    path("clinic/erasures/", erasure.erasures, name="erasures"),
    path("clinic/erasures/<uuid:person_id>/", erasure.erase, name="erase"),
    path("people/<uuid:person_id>/erasure/", erasure.erasure, name="erasure"),
    path("people/new/", clinic.new, name="new"),
    path("people/<uuid:person_id>/details/", clinic.details, name="details"),
    path("people/<uuid:person_id>/password/", clinic.password, name="password"),
    path("people/<uuid:person_id>/ready/", welcome.ready, name="ready"),
    path("people/<uuid:person_id>/consent/", consent.consent, name="consent"),
    path("people/<uuid:person_id>/consent/sheet/<slug:purpose>/", consent.consent_sheet, name="consent_sheet"),
    path("people/<uuid:person_id>/consent/<uuid:consent_id>/scan/", consent.consent_scan, name="consent_scan"),
    path("people/<uuid:person_id>/intake/", intake.intake, name="intake"),
    path("people/<uuid:person_id>/intake/<slug:step>/", intake.intake_step, name="intake_step"),
    path("people/<uuid:person_id>/helpers/", helper.helpers, name="helpers"),
    path("people/<uuid:person_id>/helpers/<int:grant_id>/end/", helper.end, name="end_help"),
    path("people/<uuid:person_id>/helpers/<int:grant_id>/password/", clinic.helper_password, name="helper_password"),
    path("people/<uuid:person_id>/timeline/", timeline.timeline, name="timeline"),
    path("people/<uuid:person_id>/lifestyle/", lifestyle.lifestyle, name="lifestyle"),
    path("people/<uuid:person_id>/appointments/", appointment.book, name="book"),
    path(
        "people/<uuid:person_id>/appointments/<int:appointment_id>/state/", appointment.state, name="appointment_state"
    ),
]
