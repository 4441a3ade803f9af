"""Files as spectrometers and meters write them: eight of eight common ones were refused."""

from __future__ import annotations

import pytest
from care.conftest import House
from care.plans.planned_people import lamp_of

from openpbm.care.devices.models import Lamp
from openpbm.care.devices.selectors import passport_of
from openpbm.care.devices.spectrum_csv import SpectrumReport, import_spectrum

NM = range(640, 681, 2)


def power(nm: float) -> float:
    return round(max(0.0, 10.0 - abs(nm - 660) / 3.0), 3)


def rows(form: str, order: range = NM) -> str:
    return "\n".join(form.format(nm=nm, p=power(nm)) for nm in order)


def comma(text: str) -> str:
    return text.replace(".", ",")


HPCS = "Types,HPCS-330\nDescribe,panel\nTest Date,2026-01-10\nIntegral Time(ms),12.5\n"
OCEAN = "Data from run.txt Node\n\nDate: Sat Jan 10\nUser: lab\nIntegration Time (sec): 1.0E-1\nNumber of Pixels: 21\n"
THORLABS = "[SpectrumHeader]\nDate;20260110\nTime;14330000\nGMTTime;13330000\nXAxisUnit;nm_air\n[Data]\n"
BWTEK = "File Version;BWSpec4.02_25\nDate;2026-01-10\nintegration times(ms);100\n"
AVANTES = "Integration time [ms]: 10.000\nAveraging Nr. [scans]: 5\n\nWave   ;Sample\n[nm]   ;[counts]\n"
FILES = {
    "descending": "Wavelength (nm),Counts\n" + rows("{nm},{p:.3f}", NM[::-1]),
    "headerless": rows("{nm},{p:.3f}"),
    "hpcs": f"{HPCS}Wavelength(nm),Spectral(uW/cm2/nm)\n{rows('{nm},{p:.3f}')}",
    "ocean": f"{OCEAN}>>>>>Begin Spectral Data<<<<<\n"
    + rows("{nm}.125\t{p:.2f}")
    + "\n>>>>>End Spectral Data<<<<<\n1 2\n",
    "ocean, decimal commas": f"{OCEAN}>>>>>Begin Processed Spectral Data<<<<<\n" + comma(rows("{nm}.25\t{p:.2f}")),
    "thorlabs": THORLABS + rows("{nm}.1;{p:.5f}") + "\n[EndOfFile]\n",
    "b&w tek": f"{BWTEK}Pixel;Wavelength;Raw data;\n"
    + comma("\n".join(f"{i};{nm}.5;{power(nm):.2f};" for i, nm in enumerate(NM))),
    "sekonic": "Date Saved,2026-01-10\nModel Name,C-7000\n" + rows("Spectral Data {nm}[nm],{p:.6f}"),
    "avantes": AVANTES + rows("{nm}.12;{p:.2f}"),
    "avantes, all columns": "Wave   ;Sample   ;Dark     ;Reference;Scope\n[nm]   ;[counts] ;[counts] ;[counts]\n\n"
    + rows("{nm}.12;{p:.2f};0.1;0.0;0"),
    "blanks": "Wavelength   Intensity\n" + rows("  {nm}.5   {p:.4f}"),
    "short heading": "Wavelength,Power\n" + rows("{nm},{p:.3f}"),
}


def take(house: House, content: bytes) -> tuple[Lamp, SpectrumReport]:
    lamp = lamp_of(house)
    return lamp, import_spectrum(lamp=lamp, csv_bytes=content, by=house.clinician)


@pytest.mark.parametrize("name", FILES)
def test_a_file_of_a_common_instrument_is_read(house: House, name: str) -> None:
    lamp, report = take(house, FILES[name].encode())
    assert report.problems == ()
    assert report.rows == len(NM)
    spectrum = passport_of(Lamp.objects.get(pk=lamp.pk)).spectrum
    waves = [nm for nm, _ in spectrum]
    assert waves == sorted(waves)
    assert max(spectrum, key=lambda row: row[1])[0] == pytest.approx(660, abs=0.6)
    assert ("skipped" in report.sentence) is (name not in ("descending", "headerless"))
    assert ("sorted" in report.sentence) is (name == "descending")


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-16", "cp1252"])
def test_its_encoding_is_found_without_a_mark(house: House, encoding: str) -> None:
    _, report = take(house, ("Wavelength (nm),Counts\r\n" + rows("{nm},{p:.3f}")).encode(encoding))
    assert (report.rows, report.problems) == (len(NM), ())


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("a\n" + rows("{nm},{p:.3f},{p:.1f}"), "3 columns of numbers"),
        (rows("{nm}\t{p:.1f}") + "\nbroken\n" + rows("{nm}\t{p:.1f}", range(700, 720, 2)), "not a number"),
        ("x;y\n" + rows("{nm};{p:.1f}").replace("10.0", "10,5"), "decimal points and decimal commas"),
        ("hello\n1,2\n3,4\n", "not a known column"),
        ("only text\nand more\n", "not a known column"),
        (rows("{nm},{p:.3f}").replace("642,", "640,"), "stands twice"),
    ],
)
def test_what_is_not_plain_is_refused_whole(house: House, content: str, said: str) -> None:
    lamp, report = take(house, content.encode())
    assert any(said in str(problem) for problem in report.problems), report
    assert passport_of(Lamp.objects.get(pk=lamp.pk)).spectrum == []
