"""A file of readings is taken whole or not at all, whatever it is, and what is wrong is said line by line."""

from __future__ import annotations

import csv
import io
import uuid
from typing import Any

import pytest
from care.conftest import House, signed_in
from care.plans.planned_people import lamp_of
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import reverse
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from openpbm.care.audit.models import AuditEntry
from openpbm.care.devices.actions import record_measurement
from openpbm.care.devices.measurement_csv import COLUMNS, import_measurements, measurements_as_csv
from openpbm.care.devices.models import Measurement
from openpbm.care.people.models import Person
from openpbm.errors import BadInput

FEW = settings(
    max_examples=60, database=None, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)  # fmt: skip
SEED = 20261121
HEADER = [column.name for column in COLUMNS]
SOUND = ["2026-01-10", "850", "20.5", "150", "8", "Bench meter", "2025-09-01", ""]

# Cells that a meter, a spreadsheet or an attacker writes, beside anything at all.
STRANGE = ["20,5", "1e999", "-0", "NaN", "inf", "2026-02-30", "=1+1", "'=1+1", "9" * 30, "\u0663", "0x1", ""]
CELLS = st.sampled_from([*SOUND, *STRANGE]) | st.text(max_size=12)
ROWS = st.lists(
    st.just(SOUND)
    | st.tuples(st.integers(0, len(SOUND) - 1), CELLS).map(
        lambda change: [*SOUND[: change[0]], change[1], *SOUND[change[0] + 1 :]]
    )
    | st.lists(CELLS, max_size=10),
    max_size=5,
)
HEADERS = st.just(HEADER) | st.permutations(HEADER) | st.lists(CELLS | st.sampled_from(HEADER), max_size=9)


def written(header: list[str], rows: list[list[str]], delimiter: str, encoding: str) -> bytes:
    room = io.StringIO()
    csv.writer(room, delimiter=delimiter).writerows([header, *rows])
    return room.getvalue().encode(encoding, errors="surrogatepass" if encoding.startswith("utf") else "replace")


TABLES = st.builds(
    written, HEADERS, ROWS, st.sampled_from(",;\t|"), st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"])
)


@pytest.mark.parametrize("files", [TABLES, st.binary(max_size=400)], ids=["tables", "bytes"])
def test_the_page_takes_a_file_whole_or_tells_every_line(house: House, files: Any) -> None:
    lamp = lamp_of(house)
    client = signed_in(house.clinician)
    where = reverse("devices:import", args=[lamp.pk])

    @seed(SEED)
    @FEW
    @given(files)
    def sent(content: Any) -> None:
        with transaction.atomic():
            entries = AuditEntry.objects.count()
            answer = client.post(where, {"file": SimpleUploadedFile("readings.csv", content)})
            kept = Measurement.objects.filter(lamp=lamp).count()
            assert answer.status_code in (302, 422)
            assert (kept > 0) == (answer.status_code == 302)
            assert AuditEntry.objects.count() - entries == kept
            if answer.status_code == 422:
                report = answer.context.get("report")
                told = report.problems if report else answer.context["form"].errors
                assert told, "refused without a reason"
            transaction.set_rollback(True)

    sent()


def test_one_wrong_row_among_sound_ones_and_none_is_kept(house: House) -> None:
    """A number with all its digits, as we export it ourselves, was once refused."""
    lamp = lamp_of(house)

    @seed(SEED)
    @FEW
    @given(st.lists(st.floats(0.01, 1000), min_size=1, max_size=8), st.integers(0, 8))
    def imported(values: Any, bad: Any) -> None:
        rows = [[*SOUND[:2], repr(value), *SOUND[3:]] for value in values]
        spoilt = bad < len(rows)
        if spoilt:
            rows[bad][3] = "150 furlongs"
        with transaction.atomic():
            report = import_measurements(lamp=lamp, csv_bytes=written(HEADER, rows, ",", "utf-8"), by=house.clinician)
            kept = Measurement.objects.filter(lamp=lamp).count()
            if spoilt:
                assert [problem.line for problem in report.problems] == [bad + 2]
                assert (kept, report.written) == (0, 0)
            else:
                assert kept == report.written == len(set(values))
                assert report.written + report.known == len(values)
            transaction.set_rollback(True)

    imported()


def test_readings_leave_as_plain_cells_and_come_back_the_same(house: House) -> None:
    lamp, other = lamp_of(house), lamp_of(house)
    text = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=40)

    @seed(SEED)
    @FEW
    @given(st.sampled_from(["", "=", "+", "-", "@", "\t=", "'", "'=", "＝", " -"]), text)
    def exported(start: Any, rest: Any) -> None:
        with transaction.atomic():
            try:
                kept, _ = record_measurement(
                    id=uuid.uuid4(), lamp=lamp, by=house.clinician, measured_on=Person.today(house.alice),
                    wavelength_nm=850, irradiance_mw_cm2=20.0, distance_mm=150, uncertainty_percent=8,
                    meter=start + rest, meter_calibrated_on=None, note=start + rest,
                )  # fmt: skip
            except BadInput:
                return  # nothing but blanks is no name of a meter
            told = measurements_as_csv(lamp)
            for row in csv.reader(io.StringIO(told, newline="")):
                for cell in row:
                    assert not cell.lstrip().startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠")), cell
            report = import_measurements(lamp=other, csv_bytes=told.encode(), by=house.clinician)
            assert report.problems == ()
            back = Measurement.objects.get(lamp=other)
            assert (back.meter, back.note) == (kept.meter, kept.note)
            transaction.set_rollback(True)

    exported()
