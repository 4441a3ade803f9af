"""The pages of lamps."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Protocol

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from openpbm.care import clock
from openpbm.care.accounts.models import User
from openpbm.care.accounts.request import SignedInRequest
from openpbm.care.devices import actions
from openpbm.care.devices.decay_chart import decay_chart, decay_of
from openpbm.care.devices.entry_pages import owner_of_new
from openpbm.care.devices.forms import LABEL_FIELDS, FileForm, ReadingForm, WholePassportForm
from openpbm.care.devices.label_words import PREFIX, label_lines
from openpbm.care.devices.lamp_effect import beside_class, lamp_effect
from openpbm.care.devices.measurement_csv import COLUMNS, ImportReport, import_measurements, measurements_as_csv
from openpbm.care.devices.models import Lamp, Measurement
from openpbm.care.devices.passport import lamp_of
from openpbm.care.devices.ruler import cm_of
from openpbm.care.devices.selectors import (
    carried_over,
    device_section,
    eye_safe,
    lamp_for,
    lamps_for,
    may_sign,
    measurements_of,
    output_state,
    passport_of,
    with_readings,
)
from openpbm.care.devices.spectrum_csv import SPECTRUM_COLUMNS, SpectrumReport, import_spectrum, peaks
from openpbm.care.form_page import posted, render_form
from openpbm.care.line_chart import Line, LineChart, draw_lines
from openpbm.errors import BadInput, Problem
from openpbm.facts.lamps import Lamp as LampNoun
from openpbm.facts.lamps import lamp_catalogue
from openpbm.facts.measurement_rules import measurement_rules
from openpbm.facts.product_classes import product_classes
from openpbm.facts.references import references
from openpbm.files import Column

__all__: list[str] = []

_A_PAGE = 50
_KEPT_BY_A_CORRECTION = (
    "measured_on", "irradiance_mw_cm2", "uncertainty_percent", "meter", "meter_calibrated_on", "note",
)  # fmt: skip


class Importer(Protocol):
    """Takes a whole file for a lamp, or nothing and says what is wrong in it."""

    def __call__(self, *, lamp: Lamp, csv_bytes: bytes, by: User) -> ImportReport | SpectrumReport: ...


@login_not_required
@require_GET
def catalogue(request: HttpRequest) -> HttpResponse:
    """The lamps that ship, for everybody: typical of their class, and not verified where they are not."""
    lamps = [{"lamp": lamp, "citation": references[lamp.source].citation} for lamp in lamp_catalogue]
    return render(request, "devices/catalogue.html", {"lamps": lamps})


@require_GET
def lamp_list(request: SignedInRequest) -> HttpResponse:
    """The lamps one may see, with what is known of their output."""
    today = clock.now().date()
    seen = with_readings(lamps_for(request.user).filter(retired_at=None))
    page = Paginator(seen, _A_PAGE).get_page(request.GET.get("page"))
    rows = [{"lamp": lamp, "state": output_state(lamp, today), "wavelengths": _wavelengths(lamp)} for lamp in page]
    return render(request, "devices/list.html", {"rows": rows, "page": page, "may_add": owner_of_new(request.user)})


def _wavelengths(lamp: Lamp) -> str:
    waves = sorted({emitters["wavelength_nm"] for emitters in passport_of(lamp).document["emitters"]})
    return " and ".join(f"{wave:g}" for wave in waves) + " nm"


@require_GET
def lamp(request: SignedInRequest, lamp_id: uuid.UUID) -> HttpResponse:
    """One lamp: passport, readings, decay, and when to measure again."""
    row = lamp_for(request.user, lamp_id)
    today, passport = clock.now().date(), passport_of(row)
    noun = lamp_of(passport.document)
    decay, used = decay_of(noun, measurements_of(row)), lamp_of(device_section(row, today))
    context = {
        "lamp": row,
        "passport": passport,
        "noun": noun,
        "used": used,
        "effect": lamp_effect(used),
        "beside": beside_class(product_classes.get(passport.product_class), noun),
        "state": output_state(row, today),
        "eye_safe": eye_safe(row, today),
        "decay": decay,
        "decay_chart": decay_chart(decay),
        "peaks": peaks(passport.spectrum, sorted({e.wavelength_nm for e in noun.emitters})),
        "spectrum_chart": _spectrum_chart(passport.spectrum),
        "rules": measurement_rules,
        "label": label_lines(passport),
        "staff": request.user.is_member,
        "may_commission": may_sign(request.user, row) and all(e.spot_diameter_mm is None for e in noun.emitters),
    }
    return render(request, "devices/lamp.html", context)


def _spectrum_chart(spectrum: list[list[float]]) -> LineChart | None:
    points = [(wavelength_nm, share) for wavelength_nm, share in spectrum]
    if not points:
        return None
    return draw_lines(
        [Line(name="", look="", points=points)], across="nm", upward="relative", x_ends=(points[0][0], points[-1][0])
    )


@require_http_methods(["GET", "POST"])
def passport(request: SignedInRequest, lamp_id: uuid.UUID) -> HttpResponse:
    """Change what the label and the regulator say; the description of the light itself stays."""
    row = lamp_for(request.user, lamp_id)
    before = passport_of(row)
    # Every field may be left blank, so a request with nothing in it is no form: it must not clear the label.
    initial = {name: getattr(before, name) for name in LABEL_FIELDS}
    initial |= {PREFIX + id: words for id, words in before.on_label.items()}
    form = WholePassportForm(request.POST or None, initial=initial)
    if form.is_valid():
        try:
            actions.new_passport(
                lamp=row,
                by=request.user,
                id=form.cleaned_data["id"],
                passport=carried_over(before) | form.label(),
            )
        except BadInput as error:
            form.add_problems(error)
        else:
            messages.success(request, "The passport was changed; the one before is kept.")
            return redirect("devices:lamp", lamp_id=row.pk)
    return render_form(request, "devices/passport.html", {"lamp": row, "form": form})


@require_http_methods(["GET", "POST"])
def measure(request: SignedInRequest, lamp_id: uuid.UUID) -> HttpResponse:
    """Write down a reading, or correct one (`?corrects=<id>`)."""
    row = lamp_for(request.user, lamp_id)
    noun = lamp_of(passport_of(row).document)
    corrected = _corrected(row, request.POST.get("corrects") or request.GET.get("corrects"))
    signs = may_sign(request.user, row)
    form = ReadingForm(posted(request), lamp=noun, may_sign=signs, initial=_initial(noun, corrected))
    if form.is_valid():
        try:
            actions.record_measurement(lamp=row, by=request.user, supersedes=corrected, **form.reading())
        except BadInput as error:
            form.add_problems(error)
        else:
            messages.success(request, "The reading was written down.")
            return redirect("devices:lamp", lamp_id=row.pk)
    return render_form(request, "devices/measure.html", {"lamp": row, "form": form, "corrected": corrected})


def _corrected(row: Lamp, reading_id: str | None) -> Measurement | None:
    if not reading_id:
        return None
    for reading in row.measurements.all():
        if str(reading.pk) == reading_id:
            return reading
    message = "not a reading of this lamp"
    raise BadInput(Problem(key="corrects", message=message, remedy="follow the link beside the reading"))


def _initial(noun: LampNoun, corrected: Measurement | None) -> dict[str, object]:
    if corrected is None:
        # The claim is known at its own distance, so a reading there can be compared with it.
        stated = [e.at_distance_mm for e in noun.emitters if e.at_distance_mm is not None]
        distance_mm = next(iter(stated), noun.default_distance_mm)
        return {"distance_cm": cm_of(distance_mm), "measured_on": clock.now().date()}
    kept = {name: getattr(corrected, name) for name in _KEPT_BY_A_CORRECTION}
    if corrected.wavelength_nm is not None:
        kept["wavelength"] = f"{corrected.wavelength_nm:g}"
    return kept | {"corrects": corrected.pk, "distance_cm": cm_of(corrected.distance_mm)}


@require_http_methods(["GET", "POST"])
def import_file(request: SignedInRequest, lamp_id: uuid.UUID) -> HttpResponse:
    """Readings from a CSV file: all of it, or nothing and a list of what is wrong."""
    row = lamp_for(request.user, lamp_id)
    return _from_file(request, row, "devices/import.html", COLUMNS, import_measurements)


@require_http_methods(["GET", "POST"])
def spectrum(request: SignedInRequest, lamp_id: uuid.UUID) -> HttpResponse:
    """A spectrum from a CSV file."""
    row = lamp_for(request.user, lamp_id)
    return _from_file(request, row, "devices/spectrum.html", SPECTRUM_COLUMNS, import_spectrum)


def _from_file(
    request: SignedInRequest, row: Lamp, template: str, columns: Sequence[Column], take: Importer
) -> HttpResponse:
    form = FileForm(posted(request), request.FILES or None)
    context: dict[str, object] = {"lamp": row, "form": form, "columns": columns}
    if form.is_valid():
        try:
            report = take(lamp=row, csv_bytes=form.cleaned_data["file"], by=request.user)
        except BadInput as error:
            form.add_problems(error)
        else:
            if not report.problems:
                messages.success(request, report.sentence)
                return redirect("devices:lamp", lamp_id=row.pk)
            context["report"] = report
    return render_form(request, template, context)


@require_GET
def export(request: SignedInRequest, lamp_id: uuid.UUID) -> HttpResponse:
    """The readings as CSV."""
    row = lamp_for(request.user, lamp_id)
    answer = HttpResponse(measurements_as_csv(row), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="measurements.csv"'
    return answer


@require_POST
def retire(request: SignedInRequest, lamp_id: uuid.UUID) -> HttpResponse:
    """Put a lamp away."""
    row = actions.retire_lamp(lamp=lamp_for(request.user, lamp_id), by=request.user)
    messages.success(request, f"{row.name} was put away; it stays in every record.")
    return redirect("devices:list")
