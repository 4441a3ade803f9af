"""Photosensitisers by published peak: porphyrin 630-635, methylene blue 664, verteporfin 689, indocyanine green 800."""

from __future__ import annotations

import pytest

from openpbm.facts.medicine_spelling import spellings
from openpbm.facts.medicine_text import medicines_in, nearest_names, read_medicines
from openpbm.facts.medicines import Medicine, known_medicines, medicine_names, medicines, pack_words
from openpbm.facts.references import references


def the_medicine(text: str) -> Medicine:
    """The only one that a text names."""
    (medicine,) = medicines_in(text)
    return medicine


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
    medicine = the_medicine(name)
    assert medicine.tier == 1
    assert medicine.absorbs_nm is not None
    assert medicine.absorbs_nm[0] < peak_nm < medicine.absorbs_nm[1]
    assert medicine.hold


def test_bands_tell_lamps_apart() -> None:
    green, blue = the_medicine("icg"), the_medicine("V03AB17")
    assert green.absorbs_nm == (700, 880)
    assert blue.absorbs_nm == (600, 700)


def test_only_the_first_tier_has_a_band_and_always_has_one() -> None:
    for medicine in medicines:
        assert (medicine.tier == 1) == (medicine.absorbs_nm is not None), medicine.name
        assert medicine.absorbs_nm is None or medicine.absorbs_nm[0] < medicine.absorbs_nm[1]


def test_a_code_has_one_row_and_a_name_no_more_than_its_pack_holds() -> None:
    codes = [code for medicine in known_medicines().values() for code in medicine.atc]
    assert sorted(code for code in set(codes) if codes.count(code) > 1) == []
    assert all(row.name == row.name.lower() for row in medicines)
    rows = [(key, row.ingredient) for row in medicine_names for name in row.each for key in spellings(name)]
    packs = {key for key, ingredient in rows if (key, ingredient) in rows and len({i for k, i in rows if k == key}) > 1}
    assert packs == {
        "pylera", "helidac", "folfox", "mfolfox6", "folfirinox", "flot", "xelox", "capox", "alevepm", "glucovance",
        "cholib", "epiduo", "symbyax", "venofer", "duoplavin",
    }  # fmt: skip


def test_every_other_name_belongs_to_a_known_ingredient_and_is_found_alone() -> None:
    for row in medicine_names:
        assert row.ingredient in known_medicines()
        assert row.source in references
        # What no source confirms is not called checked.
        assert row.verified == references[row.source].verified
        for name in row.each:
            read = read_medicines(name)
            assert row.ingredient in {named.medicine.name for named in read.found}, name
            assert read.unknown == (), name


def test_a_word_that_stands_beside_a_name_is_no_name() -> None:
    kinds = ("unit", "form", "salt", "maker", "when", "everyday")
    beside = {key for kind in kinds for word in pack_words(kind) for key in spellings(word)}
    listed = [*known_medicines(), *(name for row in medicine_names for name in row.each)]
    assert sorted(beside & {key for name in listed for key in spellings(name)}) == []


def test_three_hundred_common_ingredients_are_known_without_a_word_against_them() -> None:
    silent = [medicine for medicine in known_medicines().values() if not medicine.tier and not medicine.roles]
    assert len(silent) >= 300


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
    medicine = the_medicine(given)
    assert medicine.name == found


@pytest.mark.parametrize("given", ["foobarol", "", "N06", "A", "V10XX99", "water"])
def test_what_is_not_listed_is_not_found(given: str) -> None:
    assert medicines_in(given) == ()


def test_a_member_of_a_strong_class_is_never_weaker_than_its_class() -> None:
    """An unlisted fluoroquinolone, tetracycline or photodynamic agent is judged by its class."""
    for code, tier in (("J01MA99", 2), ("J01AA99", 2), ("L01XD99", 1)):
        medicine = the_medicine(code)
        assert medicine.tier == tier


def test_spelling_is_mended_only_when_close() -> None:
    assert nearest_names("doxycyclinee", most=1) == ("doxycycline",)
    assert nearest_names("Gabapenton", most=1) == ("gabapentin",)
    assert nearest_names("water") == ()


def test_what_worsens_restless_legs_or_nerves_is_marked() -> None:
    for name, role in (
        ("diphenhydramine", "worsens_rls"),
        ("metformin", "causes_neuropathy"),
        ("pramipexole", "dopaminergic"),
    ):
        medicine = the_medicine(name)
        assert role in medicine.roles
