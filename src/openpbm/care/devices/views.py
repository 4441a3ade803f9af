"""The pages of lamps."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from openpbm.care.devices import actions
from openpbm.care.devices.decay_chart import chart, points, sentence
from openpbm.care.devices.forms import (
    CatalogueLampForm,
    EmittersFormSet,
    FileForm,
    OwnLampForm,
    PassportForm,
    ReadingForm,
)
from openpbm.care.devices.measurement_csv import COLUMNS, import_measurements, measurements_as_csv
from openpbm.care.devices.models import Lamp
from openpbm.care.devices.passport import lamp_of
from openpbm.care.devices.selectors import (
    device_section,
    eye_safe,
    lamp_for,
    lamps_for,
    measurements_of,
    output_state,
    passport_of,
    with_readings,
)
from openpbm.care.devices.spectrum_csv import SPECTRUM_COLUMNS, import_spectrum, peaks
from openpbm.care.form_page import posted, render_form
from openpbm.care.trust.models import Role, User
from openpbm.errors import BadInput
from openpbm.facts.lamps import lamp_catalogue
from openpbm.facts.measurement_rules import measurement_rules
from openpbm.facts.references import references

__all__: list[str] = []

_A_PAGE = 50


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


@require_GET
def catalogue(request: HttpRequest) -> HttpResponse:
    """The lamps that ship, for everybody: typical of their class, and not verified where they are not."""
    lamps = [{"lamp": lamp, "citation": references[lamp.source].citation} for lamp in lamp_catalogue]
    staff = isinstance(request.user, User) and request.user.is_member
    return render(request, "devices/catalogue.html", {"lamps": lamps, "in_cm": not staff})


@require_GET
def lamp_list(request: HttpRequest) -> HttpResponse:
    """The lamps one may see, with what is known of their output."""
    today = timezone.now().date()
    seen = with_readings(lamps_for(_user(request)).filter(retired_at=None))
    page = Paginator(seen, _A_PAGE).get_page(request.GET.get("page"))
    rows = [{"lamp": lamp, "state": output_state(lamp, today), "wavelengths": _wavelengths(lamp)} for lamp in page]
    return render(request, "devices/list.html", {"rows": rows, "page": page, "may_add": _owner_of_new(request)})


def _wavelengths(lamp: Lamp) -> str:
    waves = sorted({emitters["wavelength_nm"] for emitters in passport_of(lamp).document["emitters"]})
    return " and ".join(f"{wave:g}" for wave in waves) + " nm"


def _owner_of_new(request: HttpRequest) -> dict[str, Any] | None:
    """Whose a new lamp will be: the clinic's for its staff, else one's own; None for whoever keeps no lamps."""
    user = _user(request)
    for row in user.member_of():
        if row.role in (Role.CLINICIAN, Role.ADMIN):
            return {"clinic": row.clinic}
    return {"owner": user} if getattr(user, "person", None) is not None else None


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Add a lamp: one of the catalogue's, or one of one's own (`?own=1`)."""
    whose = _owner_of_new(request)
    if whose is None:
        raise PermissionDenied("Lamps are added by their owner, or by a clinician or administrator of the clinic.")
    own = "own" in request.GET
    form = (OwnLampForm if own else CatalogueLampForm)(posted(request))
    emitters = EmittersFormSet(posted(request), prefix="emitters") if own else None
    if form.is_valid() and (emitters is None or emitters.is_valid()):
        try:
            lamp = actions.add_lamp(
                by=_user(request),
                id=form.cleaned_data["id"],
                name=form.cleaned_data["name"],
                serial=form.cleaned_data["serial"],
                passport=_passport(form, emitters),
                **whose,
            )
        except BadInput as error:
            form.add_problems(error.faults)
        else:
            messages.success(request, f"{lamp.name} was added. Its output counts as claimed until it is measured.")
            return redirect("devices:lamp", lamp_id=lamp.pk)
    return render_form(request, "devices/new.html", {"form": form, "emitters": emitters, "own": own})


def _passport(form: Any, emitters: Any) -> dict[str, Any]:
    said = form.cleaned_data
    if emitters is None:
        document = form.document()
    else:
        document = form.document([each.document() for each in emitters if each.has_changed()])
    return {"document": document} | {key: said[key] for key in ("eye_class", "clearance", "indication", "wearable")}


@require_GET
def lamp(request: HttpRequest, lamp_id: uuid.UUID) -> HttpResponse:
    """One lamp: passport, readings, decay, and when to measure again."""
    row = lamp_for(_user(request), lamp_id)
    today, passport = timezone.now().date(), passport_of(row)
    noun = lamp_of(passport.document)
    found = points(noun, measurements_of(row))
    context = {
        "lamp": row,
        "passport": passport,
        "noun": noun,
        "used": lamp_of(device_section(row, today)),
        "state": output_state(row, today),
        "eye_safe": eye_safe(row, today),
        "points": found,
        "chart": chart(found),
        "sentence": sentence(found),
        "peaks": peaks(passport.spectrum, sorted({e.wavelength_nm for e in noun.emitters}))
        if passport.spectrum
        else [],
        "spectrum_chart": _spectrum_chart(passport.spectrum),
        "rules": measurement_rules,
        "in_cm": not _user(request).is_member,
    }
    return render(request, "devices/lamp.html", context)


def _spectrum_chart(spectrum: list[list[float]]) -> dict[str, Any]:
    return {
        "tooltip": {"trigger": "axis"},
        "xAxis": {"type": "value", "name": "nm", "min": "dataMin", "max": "dataMax"},
        "yAxis": {"type": "value", "name": "relative"},
        "series": [{"name": "spectrum", "type": "line", "showSymbol": False, "data": spectrum}],
    }


@require_http_methods(["GET", "POST"])
def passport(request: HttpRequest, lamp_id: uuid.UUID) -> HttpResponse:
    """Say anew what the label and the regulator say; what the light is stays."""
    row = lamp_for(_user(request), lamp_id)
    before = passport_of(row)
    kept = {"eye_class": before.eye_class, "clearance": before.clearance, "indication": before.indication}
    form = PassportForm(posted(request), initial=kept | {"wearable": before.wearable})
    if form.is_valid():
        said = {key: form.cleaned_data[key] for key in ("eye_class", "clearance", "indication", "wearable")}
        try:
            actions.new_passport(
                lamp=row,
                by=_user(request),
                id=form.cleaned_data["id"],
                passport={"document": before.document, "spectrum": before.spectrum} | said,
            )
        except BadInput as error:
            form.add_problems(error.faults)
        else:
            messages.success(request, "The passport was written anew; the one before is kept.")
            return redirect("devices:lamp", lamp_id=row.pk)
    return render_form(request, "devices/passport.html", {"lamp": row, "form": form})


@require_http_methods(["GET", "POST"])
def measure(request: HttpRequest, lamp_id: uuid.UUID) -> HttpResponse:
    """Write down a reading, or correct one (`?corrects=<id>`)."""
    row = lamp_for(_user(request), lamp_id)
    noun = lamp_of(passport_of(row).document)
    corrected = _corrected(row, request.POST.get("corrects") or request.GET.get("corrects"))
    form = ReadingForm(
        posted(request), lamp=noun, initial=_initial(noun, corrected), in_cm=not _user(request).is_member
    )
    if form.is_valid():
        said = {key: value for key, value in form.cleaned_data.items() if key not in ("wavelength", "corrects")}
        try:
            actions.record_measurement(
                lamp=row,
                by=_user(request),
                wavelength_nm=form.cleaned_data["wavelength"],
                supersedes=corrected,
                **said,
            )
        except BadInput as error:
            form.add_problems(error.faults)
        else:
            messages.success(request, "The reading was written down.")
            return redirect("devices:lamp", lamp_id=row.pk)
    return render_form(request, "devices/measure.html", {"lamp": row, "form": form, "corrected": corrected})


def _corrected(row: Lamp, given: str | None) -> Any:
    try:
        wanted = uuid.UUID(given) if given else None
    except ValueError:
        raise BadInput("corrects: not the id of a reading; follow the link beside the reading") from None
    if wanted is None:
        return None
    found = next((reading for reading in row.measurements.all() if reading.pk == wanted), None)
    if found is None:
        raise BadInput("corrects: not a reading of this lamp; follow the link beside the reading")
    return found


def _initial(noun: Any, corrected: Any) -> dict[str, Any]:
    if corrected is None:
        stated = next((e.at_distance_mm for e in noun.emitters if e.at_distance_mm is not None), None)
        distance = noun.default_distance_mm if stated is None else stated
        return {"distance_mm": distance, "measured_on": timezone.now().date()}
    names = ("measured_on", "irradiance_mw_cm2", "distance_mm", "uncertainty_percent", "meter", "meter_calibrated_on")
    kept = {name: getattr(corrected, name) for name in (*names, "note")}
    wavelength = "" if corrected.wavelength_nm is None else f"{corrected.wavelength_nm:g}"
    return kept | {"corrects": corrected.pk, "wavelength": wavelength}


@require_http_methods(["GET", "POST"])
def import_file(request: HttpRequest, lamp_id: uuid.UUID) -> HttpResponse:
    """Readings from a CSV file: all of it, or nothing and a list of what is wrong."""
    row = lamp_for(_user(request), lamp_id)
    return _from_file(request, row, "devices/import.html", COLUMNS, import_measurements)


@require_http_methods(["GET", "POST"])
def spectrum(request: HttpRequest, lamp_id: uuid.UUID) -> HttpResponse:
    """A spectrum from a CSV file."""
    row = lamp_for(_user(request), lamp_id)
    return _from_file(request, row, "devices/spectrum.html", SPECTRUM_COLUMNS, import_spectrum)


def _from_file(request: HttpRequest, row: Lamp, template: str, columns: Any, take: Any) -> HttpResponse:
    form = FileForm(posted(request), request.FILES or None)
    context: dict[str, Any] = {"lamp": row, "form": form, "columns": columns}
    if request.method == "GET":
        return render(request, template, context)
    if form.is_valid():
        try:
            report = take(lamp=row, csv_bytes=form.cleaned_data["file"], by=_user(request))
        except BadInput as error:
            form.add_problems(error.faults)
        else:
            if not report.faults:
                messages.success(request, _taken(report))
                return redirect("devices:lamp", lamp_id=row.pk)
            context["report"] = report
    return render(request, template, context, status=422)


def _taken(report: Any) -> str:
    if hasattr(report, "rows"):
        return f"The spectrum was taken: {report.rows} rows."
    there = f"; {report.there} were there already" if report.there else ""
    return f"{report.written} readings were written down{there}."


@require_GET
def export(request: HttpRequest, lamp_id: uuid.UUID) -> HttpResponse:
    """The readings as CSV."""
    row = lamp_for(_user(request), lamp_id)
    answer = HttpResponse(measurements_as_csv(row), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="measurements.csv"'
    return answer


@require_POST
def retire(request: HttpRequest, lamp_id: uuid.UUID) -> HttpResponse:
    """Put a lamp away."""
    row = actions.retire_lamp(lamp=lamp_for(_user(request), lamp_id), by=_user(request))
    messages.success(request, f"{row.name} was put away; it stays in every record.")
    return redirect("devices:list")
