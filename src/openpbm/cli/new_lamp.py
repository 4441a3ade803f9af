"""`openpbm device new`: a lamp's own file from what stands on its label and page, asked for or given by options."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from openpbm.cli.terminal import print_json
from openpbm.errors import BadInput, Problem

if TYPE_CHECKING:
    from openpbm.facts.product_classes import ProductClass

__all__ = ["new"]

Number = float | None
_KINDS = ("pad", "panel", "wrap", "laser", "whole_body", "other")
#: What is asked of LEDs and of a laser where it was not given: parameter, question, whether it may stay blank.
_OF_LEDS = (
    ("irradiance_mw_cm2", "Irradiance on its page, all wavelengths together, in mW/cm2 (blank: none is said)", True),
    ("at_distance_mm", "At which distance that holds, in mm (0: on the skin; blank: no irradiance)", True),
    ("leds", "How many LEDs (blank: not said)", True),
    ("width_mm", "Width of the face that shines, in mm (blank: not said)", True),
    ("height_mm", "Height of the face that shines, in mm (blank: not said)", True),
    ("viewing_angle_deg", "Angle of its lenses or viewing angle, in degrees (blank: not said)", True),
)
_OF_LASERS = (
    ("spot_mm", "Diameter of the spot on the skin in mm", False),
    ("laser_class", "Class on the label: 1, 1M, 2, 2M, 3R, 3B or 4 (blank: not said)", True),
    ("peak_power_w", "Peak power of a pulse in W (blank: not pulsed)", True),
    ("pulse_width_ns", "Length of a pulse in ns (blank: not pulsed)", True),
    ("pulse_frequency_hz", "Pulses in a second (blank: not pulsed)", True),
    ("diodes", "How many diodes shine at once, each with such a spot (blank: one)", True),
    ("spacing_mm", "From the middle of one spot to the next in mm (blank: one diode)", True),
    ("divergence_mrad", "Full angle by which its beam widens, in mrad (blank: not said)", True),
)
_WORDS = {"laser_class"}
_COUNTS = {"leds", "diodes"}


def new(
    name: Annotated[str | None, typer.Option(help="What stands on it.")] = None,
    kind: Annotated[str | None, typer.Option(help=f"One of {', '.join(_KINDS)}.")] = None,
    product_class: Annotated[
        str | None, typer.Option(help="A class of lamps on sale, as led_pad: in place of --kind, and held against.")
    ] = None,
    wavelength_nm: Annotated[list[float] | None, typer.Option(help="Each wavelength in nm; may be repeated.")] = None,
    irradiance_mw_cm2: Annotated[Number, typer.Option(help="As its page says, all wavelengths together.")] = None,
    at_distance_mm: Annotated[Number, typer.Option(help="Where that holds; 0 is on the skin.")] = None,
    share_percent: Annotated[
        list[float] | None, typer.Option(help="Of each wavelength in it, in their order; even where left out.")
    ] = None,
    leds: Annotated[int | None, typer.Option(help="How many LEDs, with --width-mm and --height-mm.")] = None,
    width_mm: Annotated[Number, typer.Option(help="Of the face that shines.")] = None,
    height_mm: Annotated[Number, typer.Option(help="Of the face that shines.")] = None,
    rows: Annotated[int | None, typer.Option(help="Of one wavelength's LEDs, in place of --leds.")] = None,
    columns: Annotated[int | None, typer.Option(help="Of one wavelength's LEDs.")] = None,
    pitch_mm: Annotated[Number, typer.Option(help="From one of these LEDs to the next.")] = None,
    viewing_angle_deg: Annotated[Number, typer.Option(help="Whole angle of its lenses to half intensity.")] = None,
    led_power_mw: Annotated[Number, typer.Option(help="Optical power of one LED; not the watts on the box.")] = None,
    power_mw: Annotated[
        list[float] | None,
        typer.Option(help="Of a laser, the mean over time; once for each wavelength, in their order."),
    ] = None,
    spot_mm: Annotated[Number, typer.Option(help="Diameter of a laser's spot on the skin.")] = None,
    diodes: Annotated[int | None, typer.Option(help="Of a cluster probe, each power and spot being of one.")] = None,
    spacing_mm: Annotated[Number, typer.Option(help="From the middle of one diode to the next.")] = None,
    divergence_mrad: Annotated[Number, typer.Option(help="Full angle by which a laser's beam widens.")] = None,
    laser_class: Annotated[str | None, typer.Option(help="As on the label.")] = None,
    peak_power_w: Annotated[Number, typer.Option(help="Of a laser's pulse.")] = None,
    pulse_width_ns: Annotated[Number, typer.Option(help="Length of a laser's pulse.")] = None,
    pulse_frequency_hz: Annotated[Number, typer.Option("--pulse-hz", help="Pulses in a second.")] = None,
    duty: Annotated[Number, typer.Option(help="Share of the time in which pulsed LEDs shine, 0-1.")] = None,
    contact: Annotated[bool, typer.Option("--contact", help="It lies on the skin.")] = False,
    heads: Annotated[int, typer.Option(help="Identical applicators.")] = 1,
    default_distance_mm: Annotated[Number, typer.Option(help="Where it is used.")] = None,
    auto_off_minutes: Annotated[Number, typer.Option(help="After which it switches itself off.")] = None,
    out: Annotated[Path, typer.Option("--out", help="The file to write; never one that is there.")] = Path("lamp.toml"),
    as_json: Annotated[bool, typer.Option("--json", help="The section as JSON alone, and no file.")] = False,
) -> None:
    """A lamp of your own as a case file takes it, from its label and page; what is left out is asked at a terminal."""
    given = {key: value for key, value in locals().items() if key not in ("out", "as_json")}
    if not as_json and out.exists():
        raise BadInput(Problem("--out", str(out), "is there already", "name another file, or move it away"))
    product = _of_class(given)
    _write(_answered(given), out, product, as_json=as_json)


def _of_class(given: dict[str, Any]) -> ProductClass | None:
    """The class of lamps that is named, taken out of the answers, with the kind that it says."""
    name = given.pop("product_class")
    if name is None:
        return None
    from openpbm.facts.product_classes import product_classes
    from openpbm.files import suggest

    if name not in product_classes.ids:
        raise BadInput(Problem("--product-class", name, "no such class", suggest(name, product_classes.ids)))
    product = product_classes[name]
    if given["kind"] not in (None, product.kind):
        message = f"is of kind {product.kind}, and --kind says {given['kind']}"
        raise BadInput(Problem("--product-class", name, message, "leave one of the two out"))
    given |= {"kind": product.kind, "contact": given["contact"] or product.contact}
    return product


def _answered(given: dict[str, Any]) -> dict[str, Any]:
    """The answers with the missing ones asked for, where somebody sits at the terminal; else what must be given."""
    asks = _somebody_sits_there()
    missing = [key for key in ("name", "kind", "wavelength_nm") if not given[key]]
    if missing and not asks:
        options = {key: f"--{key.replace('_', '-')}" for key in missing}
        raise BadInput(
            Problem(options[key], message="not given", remedy="give it, or run at a terminal") for key in missing
        )
    if missing:
        given = given | _asked_first(given)
    if given["kind"] not in _KINDS:
        raise BadInput(Problem("--kind", given["kind"], "not a kind of lamp", f"give one of {', '.join(_KINDS)}"))
    if missing:
        questions = _OF_LASERS if given["kind"] == "laser" else _OF_LEDS
        if given["kind"] == "laser" and not given["power_mw"]:
            given = given | {"power_mw": _asked_powers(given["wavelength_nm"])}
        given = given | {key: _ask(key, words, blank=blank) for key, words, blank in questions if given[key] is None}
        given["contact"] = given["contact"] or typer.confirm("Does it lie on the skin?", default=False)
    return given


def _somebody_sits_there() -> bool:
    return sys.stdin.isatty()


def _asked_first(given: Mapping[str, Any]) -> dict[str, Any]:
    waves = given["wavelength_nm"] or [
        _number("--wavelength-nm", text)
        for text in typer.prompt("Wavelengths in nm, with commas").replace(";", ",").split(",")
    ]
    return {
        "name": given["name"] or typer.prompt("What stands on the lamp"),
        "kind": given["kind"] or typer.prompt(f"What kind it is ({', '.join(_KINDS)})"),
        "wavelength_nm": waves,
    }


def _asked_powers(wavelengths_nm: list[float]) -> list[float]:
    """The mean power of each wavelength; none where one stays blank."""
    blank = "(blank: it is pulsed, and the peak is said)"
    asked = [_ask("power_mw", f"Mean optical power at {nm:g} nm in mW {blank}", blank=True) for nm in wavelengths_nm]
    return [] if None in asked else asked


def _ask(key: str, words: str, *, blank: bool) -> Any:
    text = typer.prompt(words, default="", show_default=False) if blank else typer.prompt(words)
    if not text.strip():
        return None
    if key in _WORDS:
        return text.strip()
    number = _number(f"--{key.replace('_', '-')}", text)
    return int(number) if key in _COUNTS else number


def _number(option: str, text: str) -> float:
    from openpbm.files import number_of

    read = number_of(text.strip(), decimal=".")
    if isinstance(read, Problem):
        raise BadInput(Problem(option, text.strip(), read.message, read.remedy))
    return read


def _write(given: dict[str, Any], out: Path, product: ProductClass | None, *, as_json: bool) -> None:
    from openpbm.case.read_lamp import lamp_of_section
    from openpbm.device.label_assumptions import label_assumptions
    from openpbm.device.lamp_file import lamp_toml, section_of
    from openpbm.device.lamp_label import LampLabel, section_from_label
    from openpbm.device.range_of_class import range_problems

    waves, shares, powers = (tuple(given.pop(key) or ()) for key in ("wavelength_nm", "share_percent", "power_mw"))
    label = LampLabel(**given, wavelengths_nm=waves, shares_percent=shares, powers_mw=powers)
    lamp, assumed = lamp_of_section(section_from_label(label), out.name), label_assumptions(label)
    if product is not None:
        assumed = (*assumed, *(f"{problem.message}: read its page again." for problem in range_problems(product, lamp)))
    if as_json:
        print_json({"device": section_of(lamp), "assumptions": assumed})
        return
    comments = ("As its maker describes it, not yet measured. The section stands in a case file.", *assumed)
    text = lamp_toml(lamp, comments)
    try:
        # Never over a file that was made in between.
        with out.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except OSError as error:
        problem = Problem("--out", str(out), f"cannot be written ({error.strerror})", "name another place")
        raise BadInput(problem) from error
    typer.echo(f"{lamp.name} is written to {out}.")
    for sentence in assumed:
        typer.echo(sentence)
    if any(one.spot_diameter_mm is not None for one in lamp.emitters):
        # A meter's window is wider than its spot.
        typer.echo("Have its power read by a meter that catches the whole beam, and write it as power_mw.")
    else:
        typer.echo(f"Measure it: openpbm device commission READINGS.csv --device {out}")
