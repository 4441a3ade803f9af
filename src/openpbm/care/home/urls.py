"""Where the pages of `home` are found."""

from __future__ import annotations

from django.urls import path

from openpbm.care.home import (
    account_page,
    audit_page,
    forgotten_password,
    front_page,
    installable,
    my_record,
    push_page,
    record,
    views,
    worklist_page,
)
from openpbm.care.home.first_path.views import path_step

app_name = "home"
urlpatterns = [
    path("", views.start, name="start"),
    path("about/", front_page.front, name="front"),
    path("service-worker.js", installable.service_worker, name="service_worker"),
    path("offline/", installable.offline, name="offline"),
    path("clinic/audit/", audit_page.audit, name="audit"),
    path("people/", worklist_page.worklist, name="worklist"),
    path("people/<uuid:person_id>/", record.record, name="record"),
    path("people/<uuid:person_id>/start/", path_step, name="path"),
    path("people/<uuid:person_id>/start/<slug:step>/", path_step, name="path"),
    path("people/<uuid:person_id>/today/", views.today, name="today"),
    path("account/", account_page.account, name="account"),
    path("account/address/link/", account_page.send_address_link, name="send_address_link"),
    path("account/letters/", account_page.set_letters, name="set_letters"),
    path("account/devices/add/", push_page.add_device, name="add_push_device"),
    path("account/devices/<int:push_device_id>/end/", push_page.end_device, name="end_push_device"),
    path("account/address/confirm/<str:token>/", account_page.confirm_address, name="confirm_address"),
    path("account/sign-ins/others/end/", account_page.end_other_sign_ins, name="end_other_sign_ins"),
    path("account/sign-ins/<int:sign_in_id>/end/", account_page.end_sign_in, name="end_sign_in"),
    path("account/password/forgotten/", forgotten_password.forgotten_password, name="forgotten_password"),
    path(
        "account/password/choose/<slug:uidb64>/<slug:token>/",
        forgotten_password.choose_password,
        name="choose_password",
    ),
    path("people/<uuid:person_id>/my-record/", my_record.my_record, name="my_record"),
]
