"""Published numbers of each spectrum table, and the rules every row of data keeps."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from typing import Any

import numpy as np
import pytest

from openpbm.errors import BadInput
from openpbm.facts.living_tissue import (
    correlations,
    in_vivo_measurements,
    melanin_fractions,
    prior_rows,
    rival_weights,
    water_temperature_rows,
)
from openpbm.facts.references import Reference, references
from openpbm.facts.sites import sites
from openpbm.facts.tissue import law, law_rows, laws, quantities, spectrum, spectrum_rows, tables, thermal_rows

UNITS = {"absorption": "1/mm", "scattering": "1/mm", "extinction": "1/(cm M)"}


def test_oxy_and_deoxyhaemoglobin_are_not_swapped() -> None:
    """Prahl's compilation at 660 nm: deoxy 3227, oxy 320 /(cm M); a public collection swaps its two captions."""
    for author, deoxy, oxy in (("prahl", 3227, 319.6), ("cope", 3440, 334.5)):
        assert float(spectrum("deoxyhaemoglobin_extinction", author).at(660)) == pytest.approx(deoxy, rel=1e-3)
        assert float(spectrum("oxyhaemoglobin_extinction", author).at(660)) == pytest.approx(oxy, rel=1e-3)


@pytest.mark.parametrize("author", ["prahl", "cope"])
def test_haemoglobin_crosses_once_near_800_nm(author: str) -> None:
    """The isosbestic point of haemoglobin in the near infrared lies near 800 nm (published: 797-805)."""
    wavelength = np.linspace(700, 1000, 601)
    oxy = spectrum("oxyhaemoglobin_extinction", author).at(wavelength)
    deoxy = spectrum("deoxyhaemoglobin_extinction", author).at(wavelength)
    crossings = wavelength[1:][np.diff(np.sign(oxy - deoxy)) != 0]
    assert len(crossings) == 1
    assert 790 < crossings[0] < 806


def test_rival_haemoglobin_tables_differ_by_their_published_ratio() -> None:
    """Ratio of the second table to the first, 850 nm: oxyhaemoglobin 1.10, deoxyhaemoglobin 1.14."""
    for quantity, ratio in (("oxyhaemoglobin_extinction", 1.10), ("deoxyhaemoglobin_extinction", 1.14)):
        values = [float(spectrum(quantity, author).at(850)) for author in ("cope", "prahl")]
        assert values[0] / values[1] == pytest.approx(ratio, abs=0.006)


def test_water_at_body_temperature_is_lower_at_940_and_higher_at_980() -> None:
    """Matcher 1994 at 37 C against Hale and Querry at 25 C: -24 % at 940 nm, +15 % at 980 nm."""
    ratio = spectrum("water_absorption", "matcher").at([940, 980]) / spectrum("water_absorption", "hale_querry").at(
        [940, 980]
    )
    assert ratio == pytest.approx([0.76, 1.15], abs=0.01)


@pytest.mark.parametrize(
    ("quantity", "table", "wavelength_nm", "value"),
    [
        ("water_absorption", "hale_querry", 980, 0.043),
        ("lipid_absorption", "van_veen", 940, 0.008754),
        ("oxyhaemoglobin_extinction", "prahl", 600, 3200),
        ("deoxyhaemoglobin_extinction", "prahl", 600, 14677.2),
        ("oxyhaemoglobin_extinction", "prahl", 1000, 1024),
        ("deoxyhaemoglobin_extinction", "prahl", 1000, 206.784),
        ("dermis_absorption", "salomatina", 810, 0.118),
        ("epidermis_reduced_scattering", "salomatina", 850, 3.47),
        ("subcutis_reduced_scattering", "shimojo", 800, 1.37),
        ("muscle_absorption", "cassano", 810, 0.028),
        ("muscle_reduced_scattering", "bashkatov", 800, 0.467),
        ("cytochrome_oxidase_difference", "cope", 830, 2.326),
        ("cytochrome_oxidase_oxidised", "moody", 660, 6.355),
    ],
)
def test_published_values_are_read_back(quantity: str, table: str, wavelength_nm: int, value: float) -> None:
    """Values as printed by each author."""
    assert float(spectrum(quantity, table).at(wavelength_nm)) == pytest.approx(value, rel=3e-3)


def test_two_authors_of_cytochrome_oxidase_disagree_below_780_nm() -> None:
    """Oxidised minus reduced at 700 nm: 0.96 (Moody) against 2.4 (difference table holding other cytochromes)."""
    moody = spectrum("cytochrome_oxidase_oxidised", "moody").at([700, 830]) - spectrum(
        "cytochrome_oxidase_reduced", "moody"
    ).at([700, 830])
    assert moody == pytest.approx([0.964, 2.35], abs=0.01)
    assert float(spectrum("cytochrome_oxidase_difference", "cope").at(700)) == pytest.approx(2.415, abs=0.01)


def test_what_composes_tissue_covers_600_to_1000_nm() -> None:
    """Water, lipid and one table of haemoglobin answer wherever tissue is asked for; no rival need."""
    needed = [("lipid_absorption", "van_veen"), *(("water_absorption", table) for table in tables("water_absorption"))]
    needed += [(f"{kind}haemoglobin_extinction", "prahl") for kind in ("oxy", "deoxy")]
    for quantity, table in needed:
        assert spectrum(quantity, table).measured_nm == (600.0, 1000.0), quantity


def test_every_row_has_a_unit_a_known_source_and_a_positive_value_in_range() -> None:
    """The house rule for data: value, unit, source, verified, on every row."""
    known = references
    for row in spectrum_rows():
        where = f"{row.quantity} {row.table} {row.wavelength_nm:g}"
        kind = row.quantity.rsplit("_", 1)[1]
        assert row.unit == UNITS.get(kind, "1/(cm mM)"), where
        assert row.source in known, where
        assert isinstance(row.verified, bool), where
        assert 600 <= row.wavelength_nm <= 1000, where
        assert row.value > 0, where
    for law_row in law_rows():
        assert law_row.unit, law_row
        assert law_row.source in known, law_row


def test_no_table_is_continued_beyond_its_author() -> None:
    """Tables of muscle that end at 900 nm went on flat to 1000 nm; each ends now where its author's values end."""
    last_nm = {"cassano": 980.0, "bashkatov": 800.0, "simpson": 900.0}
    for table, last in last_nm.items():
        for kind in ("absorption", "reduced_scattering"):
            assert spectrum(f"muscle_{kind}", table).measured_nm[1] == last, table
    assert spectrum("dermis_absorption", "shimojo").measured_nm[1] == 980.0
    assert not [row for row in spectrum_rows() if not row.verified or "extended" in row.condition]


def test_every_source_of_the_tissue_tables_is_used() -> None:
    """No orphan citations: each row of references_tissue.toml is cited by a tissue or site table."""
    from openpbm.facts.references import Reference
    from openpbm.facts.table import read_list

    ours = {row.id for row in read_list("references_tissue.toml", "references", Reference)}
    cited = {row.source for row in spectrum_rows()} | {row.source for row in law_rows()}
    living: tuple[Iterable[Any], ...] = (
        prior_rows(), rival_weights(), correlations(), melanin_fractions, in_vivo_measurements,
        water_temperature_rows(), thermal_rows(),
    )  # fmt: skip
    cited |= {row.source for rows in living for row in rows}
    for site in sites:
        cited.add(site.source)
        cited |= {span.source for layer in site.layers for span in layer.thickness_mm}
    assert ours <= cited


@pytest.mark.parametrize("asked", [599.9, 1000.1, float("nan"), [700.0, 1450.0]])
def test_outside_the_table_names_thing_value_range_and_way_out(asked: float | list[float]) -> None:
    with pytest.raises(BadInput, match=r"water_absorption: .* nm is outside .* \(600-1000 nm\); add rows"):
        spectrum("water_absorption", "matcher").at(asked)


def test_unknown_names_are_answered_with_the_choices() -> None:
    with pytest.raises(BadInput, match="choose one of hale_querry, matcher, segelstein"):
        spectrum("water_absorption", "nobody")
    with pytest.raises(BadInput, match="choose one of"):
        tables("phlogiston")
    with pytest.raises(BadInput, match="choose one of jacques1998, jacques2013"):
        law("melanosome_absorption", "nobody")
    with pytest.raises(BadInput, match="choose one of"):
        laws("phlogiston")
    with pytest.raises(BadInput, match="no coefficient"):
        law("melanosome_absorption", "jacques1998")["colour"]
    with pytest.raises(BadInput, match='reference = "nobody1900": unknown'):
        references["nobody1900"]


def test_a_spectrum_is_frozen_and_interpolates_between_rows() -> None:
    """Linear interpolation: halfway between two rows is their mean."""
    one = spectrum("water_absorption", "matcher")
    first, second = one.wavelength_nm[:2]
    assert float(one.at((first + second) / 2)) == pytest.approx(sum(one.value[:2]) / 2)
    with pytest.raises(dataclasses.FrozenInstanceError):
        one.table = "other"  # type: ignore[misc]
    assert "water_absorption" in quantities()
    assert isinstance(references["jacques1998"], Reference)
