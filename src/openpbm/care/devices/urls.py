"""Where the pages of `devices` are found."""

from __future__ import annotations

from django.urls import path

from openpbm.care.devices import cleaning_page, commission_page, entry_pages, views

app_name = "devices"
urlpatterns = [
    path("", views.lamp_list, name="list"),
    path("new/", entry_pages.new, name="new"),
    path("catalogue/", views.catalogue, name="catalogue"),
    path("cleaning/", cleaning_page.cleaning, name="cleaning"),
    path("<uuid:lamp_id>/", views.lamp, name="lamp"),
    path("<uuid:lamp_id>/passport/", views.passport, name="passport"),
    path("<uuid:lamp_id>/measure/", views.measure, name="measure"),
    path("<uuid:lamp_id>/commission/", commission_page.commission_lamp, name="commission"),
    path("<uuid:lamp_id>/import/", views.import_file, name="import"),
    path("<uuid:lamp_id>/spectrum/", views.spectrum, name="spectrum"),
    path("<uuid:lamp_id>/measurements.csv", views.export, name="export"),
    path("<uuid:lamp_id>/retire/", views.retire, name="retire"),
]
