"""Where the pages of `home` are found."""

from __future__ import annotations

from django.urls import path

from openpbm.care.home import audit_page, my_record, record, views, worklist_page

app_name = "home"
urlpatterns = [
    path("", views.start, name="start"),
    path("clinic/audit/", audit_page.audit, name="audit"),
    path("people/", worklist_page.worklist, name="worklist"),
    path("people/<uuid:person_id>/", record.record, name="record"),
    path("people/<uuid:person_id>/today/", views.today, name="today"),
    path("people/<uuid:person_id>/my-record/", my_record.my_record, name="my_record"),
]
