"""Where the pages of `checkpoints` are found."""

from __future__ import annotations

from django.urls import path

from openpbm.care.checkpoints.views import aftercare, calendar, care_plan, case_report, checkpoint, course, export

app_name = "checkpoints"
_PERSON = "people/<uuid:person_id>/"
_WEEK = f"{_PERSON}checkpoints/<int:week>/"
_REPORT = f"{_PERSON}case-report/"
urlpatterns = [
    path(f"{_PERSON}course/", course.my_course, name="my_course"),
    path(f"{_PERSON}progress/", course.progress, name="progress"),
    path(_WEEK, checkpoint.show, name="show"),
    path(f"{_WEEK}judge/", checkpoint.judge, name="judge"),
    path(f"{_WEEK}decide/", checkpoint.decide, name="decide"),
    path(f"{_PERSON}after/", aftercare.after, name="after"),
    path(f"{_PERSON}after/pause/", aftercare.pause, name="pause"),
    path(f"{_PERSON}after/next/", aftercare.next_course, name="next_course"),
    path(f"{_PERSON}care-plan/", care_plan.care_plan, name="care_plan"),
    path(f"{_PERSON}care-plan/<slug:stage>/", care_plan.stage, name="stage"),
    path(f"{_PERSON}team/<slug:role>/", care_plan.team_member, name="team_member"),
    path(f"{_PERSON}goals/", care_plan.goal, name="goal"),
    path(_REPORT, case_report.case_report, name="case_report"),
    path(f"{_REPORT}<uuid:report_id>/", case_report.report_page, name="report_page"),
    path(f"{_REPORT}<uuid:report_id>/json/", case_report.report_json, name="report_json"),
    path(f"{_PERSON}export/", export.export, name="export"),
    path(f"{_PERSON}for-my-doctor.pdf", export.doctor_pdf, name="doctor_pdf"),
    path(f"{_PERSON}calendar/", calendar.calendar, name="calendar"),
    path(f"{_PERSON}calendar/course.ics", calendar.calendar_file, name="calendar_file"),
    # The one page of a person that needs no signing in: the address itself is the secret.
    path("calendar/<str:token>.ics", calendar.feed, name="feed"),
]
