"""A file is taken whole or not at all, whatever wrote it; what leaves runs in no spreadsheet."""

from __future__ import annotations

import contextlib
import csv
import io
from typing import Any

import pytest
from care.conftest import House, signed_in
from care.plans.planned_people import lamp_of
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from openpbm.care.devices.measurement_csv import COLUMNS, ImportReport, import_measurements, measurements_as_csv
from openpbm.care.devices.models import Lamp
from openpbm.care.devices.selectors import measurements_of, passport_of
from openpbm.care.devices.spectrum_csv import import_spectrum
from openpbm.care.devices.uploaded_table import LARGEST_BYTES, MOST_ROWS, uploaded_lines
from openpbm.care.documents.csv_export import safe_rows
from openpbm.errors import BadInput, Problem
from openpbm.files import unguarded

HEADER = "measured_on,wavelength_nm,irradiance_mw_cm2,distance_mm,uncertainty_percent,meter,meter_calibrated_on,note"
ROW = "2026-01-10,850,20.5,150,8,Thermopile 12,2025-09-01,"


def take(house: House, lamp: Lamp, text: str) -> ImportReport:
    content = text if isinstance(text, bytes) else text.encode()
    return import_measurements(lamp=lamp, csv_bytes=content, by=house.clinician)


def values(lamp: Lamp) -> list[Any]:
    lamp = type(lamp).objects.get(pk=lamp.pk)
    return [(row.irradiance_mw_cm2, row.distance_mm, row.uncertainty_percent) for row in measurements_of(lamp)]


@pytest.mark.parametrize(
    "content",
    [
        f"{HEADER}\n{ROW}\n",
        f"\ufeff{HEADER}\r\n{ROW}\r\n",
        f"{HEADER}\n{ROW}\n".encode("utf-16"),
        "Date;Wavelength (nm);Irradiance [W/m²];Distance (cm);Uncertainty (%);Meter;Calibration date\n"
        "10.1.2026;850;205,0;15;8;Thermopile 12;1.9.2025\n",
        "Date;Wavelength (nm);Irradiance [W/m²];Distance (cm);Uncertainty (%);Meter;Calibration date\n"
        "10.1.2026;850;205,0;15;8;Messgerät 12;1.9.2025\n".encode("cp1252"),
        "date\twavelength nm\tpower density (mW/cm2)\tdistance mm\tuncertainty %\tmeter\n"
        "2026-01-10\t0,85e3\t20,5\t150\t8\tThermopile 12\n",
    ],
    ids=["plain", "BOM and CRLF", "UTF-16", "semicolon, comma, units", "Windows-1252", "tabs"],
)
def test_the_same_reading_out_of_many_hands(house: House, content: Any) -> None:
    lamp = lamp_of(house)
    report = take(house, lamp, content)
    assert report.problems == ()
    assert report.written == 1
    assert values(lamp) == [(pytest.approx(20.5), pytest.approx(150.0), 8.0)]


@pytest.mark.parametrize(
    ("bad", "column", "said"),
    [
        ("2026-01-10,850,NaN,150,8,M,2025-09-01,", "irradiance_mw_cm2", "not a number"),
        ("2026-01-10,850,inf,150,8,M,2025-09-01,", "irradiance_mw_cm2", "not a number"),
        ("2026-01-10,850,1e308,150,8,M,2025-09-01,", "irradiance_mw_cm2", "must be from"),
        ("2026-01-10,850,1e400,150,8,M,2025-09-01,", "irradiance_mw_cm2", "too large"),
        ("2026-01-10,850,-3,150,8,M,2025-09-01,", "irradiance_mw_cm2", "must be above 0"),
        ('2026-01-10,850,"20,5",150,8,M,2025-09-01,', "", "a decimal comma in"),
        ("2026-01-10,850,20,5,150,8,M,2025-09-01,", "", "write decimals with a point"),
        ("2026-02-31,850,20,150,8,M,2025-09-01,", "measured_on", "not a day"),
        ("3/4/2026,850,20,150,8,M,2025-09-01,", "measured_on", "month before day"),
        ("46273,850,20,150,8,M,2025-09-01,", "measured_on", "a spreadsheet's number of a day"),
        ("2026-01-10,532,20,150,8,M,2025-09-01,", "wavelength_nm", "this lamp has 850"),
        ("2026-01-10,850,20,150,8,,2025-09-01,", "meter", "blank"),
        ("2026-01-10,850,20,,8,M,2025-09-01,", "distance_mm", "blank"),
        ("2026-01-10,850,20,150,8,M,2026-09-01,", "meter_calibrated_on", "after the reading"),
    ],
)
def test_one_wrong_cell_and_nothing_is_taken(house: House, bad: str, column: str, said: str) -> None:
    lamp = lamp_of(house)
    report = take(house, lamp, f"{HEADER}\n{ROW}\n{bad}\n")
    problem = report.problems[0]
    assert (problem.line, problem.key) == (3, column)
    assert said in str(problem)
    assert values(lamp) == []


@pytest.mark.parametrize(
    ("header", "said"),
    [
        (HEADER.replace("meter,", "metre,"), "not a known column"),
        (HEADER.replace("distance_mm", "distance (furlong)"), "this unit is not known"),
        (HEADER.replace("irradiance_mw_cm2", "irradiance"), "the heading names no unit"),
        (HEADER.replace("distance_mm", "Distance"), "the heading names no unit"),
        (HEADER.replace("uncertainty_percent", "Uncertainty"), "the heading names no unit"),
        (HEADER.replace("wavelength_nm", "wavelength"), "the heading names no unit"),
        (HEADER.replace("irradiance_mw_cm2", "irradiance (MW/cm2)"), "this unit is not known"),
        (HEADER.replace("note", "meter"), "stands twice"),
        (HEADER.removesuffix(",note").replace("distance_mm,", ""), "no column distance_mm"),
    ],
)
def test_a_wrong_header_is_told_with_what_is_known(house: House, header: Any, said: str) -> None:
    report = take(house, lamp_of(house), f"{header}\n{ROW}\n")
    assert any(problem.line == 1 and said in str(problem) for problem in report.problems), report.problems


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"\x00\x01\x02", "not text"),
        (b"PK\x03\x04\x00\x00zip", "not text"),
        (b"x" * (LARGEST_BYTES + 1), "at most"),
        (f"{HEADER}\n{ROW}\n".encode() + (ROW + "\n").encode() * MOST_ROWS, "more than"),
        (f"{HEADER}\n".encode() + b'"' + b"a" * 200_000, "CSV"),
    ],
    ids=["empty", "binary", "zip", "too large", "too many rows", "endless cell"],
)
def test_what_is_no_table_is_refused_in_one_line(house: House, content: Any, said: str) -> None:
    lamp = lamp_of(house)
    with pytest.raises(BadInput, match=said):
        take(house, lamp, content)
    assert values(lamp) == []


def test_the_same_file_again_writes_nothing_new(house: House) -> None:
    lamp = lamp_of(house)
    assert take(house, lamp, f"{HEADER}\n{ROW}\n").written == 1
    again = take(house, type(lamp).objects.get(pk=lamp.pk), f"{HEADER}\n{ROW}\n2026-02-10,850,20,150,8,M,2025-09-01,\n")
    assert (again.written, again.known) == (1, 1)


def test_what_was_exported_is_read_back_as_it_was(house: House) -> None:
    lamp, other = lamp_of(house), lamp_of(house)
    take(house, lamp, f'{HEADER}\n2026-01-10,,20.25,150,8,"=HYPERLINK(""x"")",2025-09-01,-2+3\n')
    lamp = type(lamp).objects.get(pk=lamp.pk)
    text = measurements_as_csv(lamp)
    cells = list(csv.reader(io.StringIO(text)))[1]
    assert cells[5] == '\'=HYPERLINK("x")'
    assert cells[7] == "'-2+3"
    assert take(house, other, text).written == 1
    other = type(lamp).objects.get(pk=other.pk)
    assert measurements_as_csv(other) == text
    assert measurements_of(other)[0].meter == '=HYPERLINK("x")'


@given(st.text(max_size=20))
def test_no_cell_begins_a_formula_and_each_is_read_back(text: str) -> None:
    safe = next(safe_rows([[text]]))[0]
    assert not safe.lstrip().startswith(("=", "+", "-", "@"))
    assert unguarded(safe) == text


@pytest.mark.parametrize("content", [b'"', b'""', b'"\n"', b",,"])
def test_a_file_of_empty_cells_is_refused_in_words(content: bytes) -> None:
    with pytest.raises(BadInput):
        uploaded_lines(content, COLUMNS, [])


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300) | st.text(max_size=300).map(lambda tail: f"{HEADER}\n{tail}".encode()))
def test_no_file_ends_in_a_traceback(content: Any) -> None:
    with contextlib.suppress(BadInput):
        problems: list[Problem] = []
        assert uploaded_lines(content, COLUMNS, problems) or problems


def test_a_spectrum_is_kept_in_a_new_passport(house: House) -> None:
    lamp = lamp_of(house)
    rows = "\n".join(f"{nm};{max(0, 10 - abs(nm - 848) / 4):.1f}".replace(".", ",") for nm in range(800, 900, 4))
    report = import_spectrum(lamp=lamp, csv_bytes=f"Wavelength (nm);Counts\n{rows}\n".encode(), by=house.clinician)
    lamp = type(lamp).objects.get(pk=lamp.pk)
    passport = passport_of(lamp)
    assert report.rows == len(passport.spectrum) == 25
    assert max(power for _, power in passport.spectrum) == 1.0
    page = signed_in(house.clinician).get(reverse("devices:lamp", args=[lamp.pk])).content.decode()
    assert "its middle is at 848.0 nm" in page


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("850,1\n850,2\n860,1\n870,1\n880,1", "stands twice"),
        ("850,0\n860,0\n870,0\n880,0\n890,0", "no light"),
        ("850,1\n860,1", "at least 5 rows"),
        ("850,1\n99999,1\n", "200 to 2500 nm"),
    ],
)
def test_a_spectrum_that_cannot_be_is_refused_whole(house: House, rows: str, said: str) -> None:
    lamp = lamp_of(house)
    report = import_spectrum(lamp=lamp, csv_bytes=f"wavelength_nm,power\n{rows}".encode(), by=house.clinician)
    assert any(said in str(problem) for problem in report.problems)
    assert passport_of(type(lamp).objects.get(pk=lamp.pk)).spectrum == []


def test_the_page_lists_line_column_value_and_limit(house: House) -> None:
    lamp = lamp_of(house)
    client = signed_in(house.clinician)
    where = reverse("devices:import", args=[lamp.pk])
    bad = SimpleUploadedFile("m.csv", f"{HEADER}\n{ROW}\n{ROW.replace('20.5', '<b>')}".encode())
    page = client.post(where, {"file": bad})
    assert page.status_code == 422
    assert "Nothing was taken" in page.content.decode()
    assert "&lt;b&gt;" in page.content.decode()
    good = SimpleUploadedFile("m.csv", f"{HEADER}\n{ROW}\n".encode())
    assert client.post(where, {"file": good}).status_code == 302
    assert len(values(lamp)) == 1
    export = client.get(reverse("devices:export", args=[lamp.pk]))
    written = list(csv.reader(io.StringIO(export.content.decode())))
    assert written[0] == HEADER.split(",")
    assert written[1][:5] == ["2026-01-10", "850.0", "20.5", "150.0", "8.0"]
