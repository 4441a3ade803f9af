"""The demo's lamps: one nobody measured, one measured, one whose measurement is due again, one of a person."""

from __future__ import annotations

import datetime as dt
import functools
from dataclasses import dataclass

from openpbm.care.accounts.models import Clinic, User
from openpbm.care.devices.actions import add_lamp, record_measurement
from openpbm.care.devices.models import Lamp
from openpbm.care.devices.passport import lamp_of
from openpbm.care.devices.reading import claimed_at
from openpbm.care.devices.selectors import passport_of
from openpbm.care.home.demo.past import Past

__all__ = ["Lamps", "make_lamps", "own_lamp"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lamps:
    """The clinic's lamps."""

    panel: Lamp
    second_panel: Lamp
    laser: Lamp
    pads: Lamp
    wrap: Lamp
    wall: Lamp


def make_lamps(clinic: Clinic, by: User, today: dt.date, past: Past) -> Lamps:
    """Each from the catalogue. The laser was measured lately; the pads' readings are 14 and 26 months old."""
    lamps = Lamps(
        panel=_lamp(clinic, by, "Demo panel", "panel_660_850", "DEMO-P-1", eye_class="RG1"),
        second_panel=_lamp(clinic, by, "Second demo panel", "panel_660_850", "DEMO-P-2", eye_class="RG1"),
        laser=_lamp(clinic, by, "Demo laser", "laser_808_probe", "DEMO-L-1", eye_class="3B"),
        # Lent for feet that feel little: they switch themselves off.
        pads=_lamp(clinic, by, "Demo pads", "nir_890_pads", "DEMO-A-1", wearable=True, auto_off_minutes=20),
        wrap=_lamp(clinic, by, "Demo wrap", "wrap_660_850", "DEMO-W-1", wearable=True),
        wall=_lamp(clinic, by, "Demo whole-body lamp", "whole_body_660_850", "DEMO-B-1", eye_class="RG2"),
    )
    for lamp, share, days_ago in (
        (lamps.laser, 0.94, 200), (lamps.laser, 0.93, 60), (lamps.pads, 0.97, 790), (lamps.pads, 0.91, 425),
    ):  # fmt: skip
        day = today - dt.timedelta(days=days_ago)
        # Those from before the clinic opened are entered then.
        at_noon = dt.datetime.combine(day, dt.time(12), dt.UTC)
        past.at(at_noon, functools.partial(_measure, lamp, by, day, share))
    return lamps


def own_lamp(owner: User) -> Lamp:
    """A wrap somebody bought for themselves."""
    return add_lamp(by=owner, owner=owner, name="My demo wrap", passport={"document": {"id": "wrap_660_850"}})


def _lamp(
    clinic: Clinic,
    by: User,
    name: str,
    catalogue_id: str,
    serial: str,
    *,
    eye_class: str = "",
    wearable: bool = False,
    **document: float,
) -> Lamp:
    passport = {"document": {"id": catalogue_id, **document}, "eye_class": eye_class, "wearable": wearable}
    return add_lamp(by=by, clinic=clinic, name=name, serial=serial, passport=passport)


def _measure(lamp: Lamp, by: User, day: dt.date, share: float) -> None:
    """A reading at that share of what the maker claims."""
    claimed = claimed_at(lamp_of(passport_of(lamp).document), None, 0.0)
    assert claimed is not None
    record_measurement(
        lamp=lamp, by=by, measured_on=day, wavelength_nm=None, irradiance_mw_cm2=round(claimed * share, 1),
        distance_mm=0.0, uncertainty_percent=8.0, meter="Demo thermopile meter",
        meter_calibrated_on=day - dt.timedelta(days=90), note="Invented for the demo.",
    )  # fmt: skip
