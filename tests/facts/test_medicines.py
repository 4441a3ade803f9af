"""Photosensitisers by published peak: porphyrin 630-635, methylene blue 664, verteporfin 689, indocyanine green 800."""

from __future__ import annotations

import pytest

from openpbm.facts.medicines import find_medicine, medicines, nearest_medicine
from openpbm.facts.references import references


@pytest.mark.parametrize(
    ("name", "peak_nm"),
    [
        ("porfimer", 630),
        ("aminolevulinic acid", 635),
        ("temoporfin", 652),
        ("methylene blue", 664),
        ("verteporfin", 689),
        ("padeliporfin", 763),
        ("indocyanine green", 800),
    ],
)
def test_the_band_of_a_photodynamic_agent_holds_its_peak(name: str, peak_nm: float) -> None:
    medicine = find_medicine(name)
    assert medicine is not None
    assert medicine.tier == 1
    assert medicine.absorbs_nm is not None
    assert medicine.absorbs_nm[0] < peak_nm < medicine.absorbs_nm[1]
    assert medicine.hold


def test_bands_tell_lamps_apart() -> None:
    green, blue = find_medicine("icg"), find_medicine("V03AB17")
    assert green is not None
    assert blue is not None
    assert green.absorbs_nm == (700, 880)
    assert blue.absorbs_nm == (600, 700)


def test_only_the_first_tier_has_a_band_and_always_has_one() -> None:
    for medicine in medicines:
        assert (medicine.tier == 1) == (medicine.absorbs_nm is not None), medicine.name
        assert medicine.absorbs_nm is None or medicine.absorbs_nm[0] < medicine.absorbs_nm[1]


def test_names_aliases_and_codes_point_to_one_row_each() -> None:
    words = [word.casefold() for row in medicines for word in (row.name, *row.aliases, *row.atc)]
    assert sorted(word for word in set(words) if words.count(word) > 1) == []
    assert all(row.name == row.name.lower() for row in medicines)


def test_every_row_does_something_and_has_a_known_source() -> None:
    for medicine in medicines:
        assert medicine.tier or medicine.roles, medicine.name
        assert medicine.source in references


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ("Doxycycline", "doxycycline"),
        (" WARFARIN ", "warfarin"),
        ("n06ab06", "sertraline"),
        ("N06AB99", "ssri antidepressant"),
        ("N06AB", "ssri antidepressant"),
        ("J01MA99", "fluoroquinolone antibiotic"),
        ("L01XD99", "photodynamic therapy agent"),
        ("aspirin", "acetylsalicylic acid"),
    ],
)
def test_found_by_name_alias_code_or_class(given: str, found: str) -> None:
    medicine = find_medicine(given)
    assert medicine is not None
    assert medicine.name == found


@pytest.mark.parametrize("given", ["ibuprofen", "", "N06", "A", "N02BE01", "water"])
def test_what_is_not_listed_is_not_found(given: str) -> None:
    assert find_medicine(given) is None


def test_a_member_of_a_strong_class_is_never_weaker_than_its_class() -> None:
    """An unlisted fluoroquinolone, tetracycline or photodynamic agent is judged by its class."""
    for code, tier in (("J01MA99", 2), ("J01AA99", 2), ("L01XD99", 1)):
        medicine = find_medicine(code)
        assert medicine is not None
        assert medicine.tier == tier


def test_spelling_is_mended_only_when_close() -> None:
    assert nearest_medicine("doxycyclin") == "doxycycline"
    assert nearest_medicine("Gabapentine") == "gabapentin"
    assert nearest_medicine("ibuprofen") is None


def test_what_worsens_restless_legs_or_nerves_is_marked() -> None:
    for name, role in (
        ("diphenhydramine", "worsens_rls"),
        ("metformin", "causes_neuropathy"),
        ("pramipexole", "dopaminergic"),
    ):
        medicine = find_medicine(name)
        assert medicine is not None
        assert role in medicine.roles
