"""What absorbs in living tissue, for many tissues and wavelengths at once: haemoglobin, water, lipid, melanosomes.

Rival tables of a chromophore are mixed geometrically by a share of each tissue, the same at every wavelength.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from openpbm.errors import BadInput, Problem
from openpbm.facts.living_tissue import water_temperature_rows
from openpbm.facts.tissue import law, spectrum

__all__ = [
    "check_wavelengths",
    "haemoglobin_absorption_per_mm",
    "lipid_absorption_per_mm",
    "melanosome_absorption_by_share_per_mm",
    "water_absorption_per_mm",
]

Floats = NDArray[np.float64]

FIRST_NM, LAST_NM = 600.0, 1000.0


def check_wavelengths(wavelengths_nm: ArrayLike) -> Floats:
    """Wavelengths as an array [nm]; BadInput outside 600-1000 nm, where the chromophores were not all measured."""
    asked = np.atleast_1d(np.asarray(wavelengths_nm, dtype=np.float64))
    outside = asked[~((asked >= FIRST_NM) & (asked <= LAST_NM))]
    if outside.size:
        raise BadInput(
            Problem(
                key="wavelength",
                value=float(outside[0]),
                message=f"outside the spectra of blood, water and lipid ({FIRST_NM:g}-{LAST_NM:g} nm)",
                remedy="choose a wavelength between them",
            )
        )
    return asked


def haemoglobin_absorption_per_mm(
    wavelengths_nm: Floats, *, haem_um: ArrayLike, saturation: ArrayLike, share: ArrayLike
) -> Floats:
    """Absorption [1/mm] of haemoglobin and myoglobin (counted as tetramers), (tissue, wavelength).

    haem_um, saturation : concentration [uM] and share that carries oxygen [-], (tissue,)
    share : of the table of Cope (0-1, (tissue,)), the rest is Prahl's; below 660 nm, where that of Cope begins, all is
    Prahl's. Sources: `prahl_omlc`, `cope_ucl`.

    >>> whole_blood = haemoglobin_absorption_per_mm(np.array([810.0]), haem_um=2326.0, saturation=1.0, share=0.0)
    >>> round(float(whole_blood[0, 0]), 3)
    0.463
    """
    haem, oxygen = (np.atleast_1d(np.asarray(each, dtype=np.float64))[:, None] for each in (haem_um, saturation))
    oxygenated, reduced = (
        _mixed_extinction(f"{kind}haemoglobin_extinction", wavelengths_nm, share) for kind in ("oxy", "deoxy")
    )
    # ln 10 turns the decadic extinction into a natural absorption; uM into M, and 1/cm into 1/mm.
    return math.log(10.0) * 1e-7 * haem * (oxygen * oxygenated + (1.0 - oxygen) * reduced)


def _mixed_extinction(quantity: str, wavelengths_nm: Floats, share: ArrayLike) -> Floats:
    prahl, cope = spectrum(quantity, "prahl"), spectrum(quantity, "cope")
    first, last = cope.measured_nm
    inside = (wavelengths_nm >= first) & (wavelengths_nm <= last)
    ratio = np.ones_like(wavelengths_nm)
    ratio[inside] = cope.at(wavelengths_nm[inside]) / prahl.at(wavelengths_nm[inside])
    mixed: Floats = prahl.at(wavelengths_nm) * ratio ** np.atleast_1d(np.asarray(share, dtype=np.float64))[:, None]
    return mixed


def water_absorption_per_mm(wavelengths_nm: Floats, *, temperature_c: ArrayLike, share: ArrayLike) -> Floats:
    """Absorption [1/mm] of pure water at the temperature of each tissue, (tissue, wavelength).

    share : of the tables taken at 25 C (0-1, (tissue,)), the rest is the one taken at 37 C; each is brought from its
    own temperature to the tissue's; outside 660-980 nm, where the change was not measured, none is made.
    Sources: `matcher1994`, `hale1973`, `segelstein1981`, `hollis2001`.

    >>> body = water_absorption_per_mm(np.array([980.0]), temperature_c=37.0, share=0.0)
    >>> round(float(body[0, 0]), 5)
    0.04948
    """
    warmth = np.atleast_1d(np.asarray(temperature_c, dtype=np.float64))[:, None]
    mixed = np.atleast_1d(np.asarray(share, dtype=np.float64))[:, None]
    rows = water_temperature_rows()
    per_kelvin = np.interp(
        wavelengths_nm, [row.wavelength_nm for row in rows], [row.value for row in rows], left=0.0, right=0.0
    )
    cool = np.sqrt(
        spectrum("water_absorption", "hale_querry").at(wavelengths_nm)
        * spectrum("water_absorption", "segelstein").at(wavelengths_nm)
    )
    at_25 = cool + per_kelvin * (warmth - 25.0)
    at_37 = spectrum("water_absorption", "matcher").at(wavelengths_nm) + per_kelvin * (warmth - 37.0)
    absorption: Floats = at_25**mixed * at_37 ** (1.0 - mixed)
    return absorption


def lipid_absorption_per_mm(wavelengths_nm: Floats) -> Floats:
    """Absorption [1/mm] of pure lipid, (wavelength,). Source: `van_veen2005` (pig lard)."""
    return spectrum("lipid_absorption", "van_veen").at(wavelengths_nm)


def melanosome_absorption_by_share_per_mm(wavelengths_nm: Floats, *, share: ArrayLike) -> Floats:
    """Absorption [1/mm] inside a melanosome, (tissue, wavelength): two power laws, `share` of the remembered one.

    Sources: `jacques1998` (exponent 3.33), `jacques2013` (exponent 3, remembered).

    >>> round(float(melanosome_absorption_by_share_per_mm(np.array([660.0]), share=0.0)[0, 0]), 1)
    26.9
    """
    first, second = (
        rows["amplitude_per_mm"] * (wavelengths_nm / rows["reference_nm"]) ** -rows["exponent"]
        for rows in (law("melanosome_absorption", "jacques1998"), law("melanosome_absorption", "jacques2013"))
    )
    mixed: Floats = first * (second / first) ** np.atleast_1d(np.asarray(share, dtype=np.float64))[:, None]
    return mixed
