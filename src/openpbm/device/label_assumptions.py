"""What is assumed where a lamp's label is silent, and where it says more than such lamps are known to give."""

from __future__ import annotations

from collections.abc import Iterator

from openpbm.device.lamp_label import LampLabel, even_grid
from openpbm.facts.product_classes import product_classes

__all__ = ["label_assumptions"]

_NEAR_MM = 50.0


def label_assumptions(label: LampLabel) -> tuple[str, ...]:
    """One plain sentence each, to stand in the lamp's file and on the terminal.

    >>> label = LampLabel(name="a", kind="panel", wavelengths_nm=(660.0, 850.0), irradiance_mw_cm2=60.0,
    ...                   at_distance_mm=150.0)
    >>> label_assumptions(label)[0][:66]
    'Assumed: the 60 mW/cm2 of its page are shared evenly, 30 mW/cm2 at'
    """
    return (*_shares(label), *_places(label), *_beyond_such_lamps(label))


def _shares(label: LampLabel) -> Iterator[str]:
    count, total = len(label.wavelengths_nm), label.irradiance_mw_cm2
    if count > 1 and total is not None and not label.shares_percent:
        yield (
            f"Assumed: the {total:g} mW/cm2 of its page are shared evenly, {total / count:.3g} mW/cm2 at each of"
            f" {count} wavelengths; give --share-percent where the maker or a meter tells."
        )


def _places(label: LampLabel) -> Iterator[str]:
    if label.leds is None or label.width_mm is None or label.height_mm is None:
        return
    waves = len(label.wavelengths_nm)
    grid = even_grid(label.leds, label.width_mm, label.height_mm, wavelengths=waves)
    rows, columns = grid["rows"], grid["columns"]
    shared = f", as many of each of {waves} wavelengths" if waves > 1 else ""
    yield f"Assumed: its {label.leds} LEDs are spread evenly over the face{shared}, in {rows} rows of {columns}."
    if rows * columns * waves != label.leds:
        yield (
            f"The grid has {rows * columns * waves} places for {label.leds} LEDs: each place gives"
            f" {label.leds / (rows * columns * waves):.3g} times the light of one, so that none is lost."
        )


def _beyond_such_lamps(label: LampLabel) -> Iterator[str]:
    """Where the page claims more than lamps of its kind do, or more than meters show of them."""
    total, at_mm = label.irradiance_mw_cm2, label.at_distance_mm
    if total is None or at_mm is None:
        return
    alike = [row for row in product_classes if row.kind == label.kind and abs(row.at_distance_mm - at_mm) <= _NEAR_MM]
    if not alike:
        return
    claimed = max(row.claimed_mw_cm2[1] for row in alike)
    measured = max(row.measured_mw_cm2[1] for row in alike)
    if total > claimed:
        yield f"{total:g} mW/cm2 is more than such lamps claim, at most {claimed:g}: read the page and its unit again."
    elif total > measured:
        yield f"{total:g} mW/cm2 is claimed; meters show at most {measured:g} of such lamps (unverified): measure it."
