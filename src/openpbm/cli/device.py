"""`openpbm device`: a lamp of your own, and what it truly gives, from readings of it with a meter."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from openpbm.cli.new_lamp import new
from openpbm.cli.terminal import print_json

if TYPE_CHECKING:
    from openpbm.device.commission import Commissioning
    from openpbm.device.lamp_fit import Band
    from openpbm.facts.lamps import Lamp

__all__ = ["app"]

DEFAULT_FOLDER = Path("openpbm-commissioning")
_FILES = ("residuals.png", "lamp.toml")
_CONDITION = (
    "The interval holds for a lamp that is as described but for its output and half angle, read with a meter of the"
    " kind that is named. Readings cannot tell output and bias of the meter apart: what is known of such meters does."
)

app = typer.Typer(no_args_is_help=True, help="Lamps: one of your own, and what it truly gives.")


app.command("new")(new)


@app.command("commission")
def commission(
    readings: Annotated[
        Path,
        typer.Argument(
            metavar="READINGS.csv",
            help="Columns distance, reading (each with its unit), meter; offset x, offset y, date, wavelength, lamp"
            " hours, lamp (on or off) may be added.",
        ),
    ],
    device: Annotated[str, typer.Option(help="A lamp that ships (openpbm devices), or a TOML file with [device].")],
    out: Annotated[
        Path | None,
        typer.Option("--out", help="Folder for the picture of the residuals and the lamp as a case file takes it."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON alone on standard output.")] = False,
) -> None:
    """What a lamp truly gives, from readings of it: output over the stated one with its 90 % interval."""
    from openpbm.case.read_lamp import claimed_lamp
    from openpbm.device.commission import commission as fit
    from openpbm.device.readings import read_readings

    lamp = claimed_lamp(device)
    found = fit(lamp, read_readings(readings, lamp, dt.date.today()))
    folder = out if out is not None or as_json else DEFAULT_FOLDER
    if folder is not None:
        _publish(found, lamp, folder)
    if as_json:
        print_json(_answer(found))
    else:
        _print(found, lamp, folder)


def _publish(found: Commissioning, lamp: Lamp, folder: Path) -> None:
    from openpbm.device.commission import measured_lamp
    from openpbm.device.lamp_file import lamp_toml
    from openpbm.picture_style import save_picture
    from openpbm.report.commissioning_picture import draw_commissioning
    from openpbm.report.publish import publish_files

    figure, measured = draw_commissioning(found, lamp=lamp.name), measured_lamp(lamp, found)

    def write_all(room: Path) -> None:
        save_picture(figure, room / "residuals.png")
        if measured is not None:
            text = lamp_toml(measured, ("The section for a case file; it stands in place of its [device].",))
            (room / "lamp.toml").write_text(text, encoding="utf-8", newline="\n")

    publish_files(write_all, folder, _FILES)


def _answer(found: Commissioning) -> dict[str, Any]:
    return {
        "output_scale": _rounded(found.output_scale),
        "claimed_inside": found.claimed_inside,
        "residual_rms": round(found.residual_rms, 4),
        "half_angle_deg": None if found.half_angle_deg is None else _rounded(found.half_angle_deg),
        "half_angle_told_by_readings": found.half_angle_told,
        "background_mw_cm2": _rounded(found.background_mw_cm2),
        "noise": _rounded(found.noise),
        "output_after_a_year": None if found.per_year is None else _rounded(found.per_year),
        "output_after_1000_h": None if found.per_1000_h is None else _rounded(found.per_1000_h),
        "by_wavelength": [
            {"wavelength_nm": wavelength, "output_scale": _rounded(band)} for wavelength, band in found.by_wavelength
        ],
        "residuals": [
            {"line": row.reading.line, "fitted_mw_cm2": round(row.fitted_mw_cm2, 3), "relative": round(row.relative, 4)}
            for row in found.residuals
        ],
        "warnings": list(found.warnings),
        "condition": _CONDITION,
        "unverified": list(found.unverified),
    }


def _rounded(band: Band) -> dict[str, float]:
    return {name: round(value, 4) for name, value in asdict(band).items()}


def _print(found: Commissioning, lamp: Lamp, folder: Path | None) -> None:
    count = len(found.residuals)
    typer.echo(f"{lamp.name}: {count} {'reading' if count == 1 else 'readings'}")
    typer.echo(f"Output over the stated one: {_percent(found.output_scale)}")
    for wavelength, band in found.by_wavelength:
        typer.echo(f"  {wavelength:g} nm: {_percent(band)}")
    typer.echo(f"Readings scatter by {100.0 * found.residual_rms:.1f} % around the fitted lamp")
    if found.half_angle_deg is not None:
        told = "told by the readings" if found.half_angle_told else "as stated: the readings do not tell it"
        angle = found.half_angle_deg
        typer.echo(f"Half angle {angle.median:.0f} degrees ({angle.p5:.0f}-{angle.p95:.0f}), {told}")
    for change, age in ((found.per_year, "a year"), (found.per_1000_h, "1000 hours of light")):
        if change is not None:
            typer.echo(f"After {age}: {_percent(change)} of the output before")
    for warning in found.warnings:
        typer.secho(f"Warning: {warning}", fg="yellow")
    typer.echo(_CONDITION)
    if folder is not None:
        typer.echo(f"Written to {folder}: {', '.join(name for name in _FILES if (folder / name).exists())}")


def _percent(band: Band) -> str:
    return f"{100.0 * band.median:.0f} % ({100.0 * band.p5:.0f}-{100.0 * band.p95:.0f} % in nine of ten)"
