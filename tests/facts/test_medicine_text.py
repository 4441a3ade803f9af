"""A text of two medicines was judged by the longer name alone, and brands, abbreviations and full width by none."""

from __future__ import annotations

import random

import pytest
from medicine_writings import missed, photosensitiser_names

from openpbm.facts.medicine_text import medicines_in, nearest_names, read_medicines, says_none


def names(text: str) -> list[str]:
    return [medicine.name for medicine in medicines_in(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("hydrochlorothiazide + verteporfin", ["hydrochlorothiazide", "verteporfin"]),
        ("simvastatin + amiodarone", ["simvastatin", "amiodarone"]),
        ("methylene blue / hydroxychloroquine", ["methylene blue", "hydroxychloroquine"]),
        ("Zocor\u200bCordarone", ["simvastatin", "amiodarone"]),
        ("Marcumar, Zoloft und Ketoprofengel 2x tgl.", ["vitamin k antagonist", "sertraline", "ketoprofen"]),
        ("FOLFOX", ["fluorouracil", "oxaliplatin"]),
        ("Pylera", ["tetracycline", "metronidazole"]),
        ("iron sucrose", ["iron sucrose"]),
        ("no amiodarone since March", ["amiodarone"]),
    ],
)
def test_every_medicine_in_a_text_is_found_whatever_stands_between(text: str, found: list[str]) -> None:
    assert names(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Ameluz", "aminolevulinic acid"),
        ("Levulan", "aminolevulinic acid"),
        ("Hexvix", "hexaminolevulinate"),
        ("ProvayBlue", "methylene blue"),
        ("Cordarone", "amiodarone"),
        ("Vibramycin", "doxycycline"),
        ("Accutane", "isotretinoin"),
        ("Seroquel", "quetiapine"),
        ("Zoloft", "sertraline"),
        ("Sinemet 25/100", "levodopa"),
        ("Requip", "ropinirole"),
        ("Mirapex", "pramipexole"),
        ("Sifrol", "pramipexole"),
        ("Lyrica", "pregabalin"),
        ("pramipexol 0,18 mg", "pramipexole"),
        ("Laserphyrin", "talaporfin"),
        ("Roacutan 20", "isotretinoin"),
        ("Visudyne™", "verteporfin"),
        ("doxiciclina", "doxycycline"),
        ("Doxycyclin-ratiopharm 100 mg Tabletten", "doxycycline"),
        ("méthotrexate", "methotrexate"),
        ("hidroclorotiazida", "hydrochlorothiazide"),
        ("Acetylsalicylsaeure", "acetylsalicylic acid"),
    ],
)
def test_brands_and_spellings_are_the_ingredient(text: str, found: str) -> None:
    assert names(text) == [found]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("PDT two weeks ago", "photodynamic therapy agent"),
        ("P.D.T.", "photodynamic therapy agent"),
        ("5-ALA/PDT", "aminolevulinic acid"),
        ("5 ala", "aminolevulinic acid"),
        ("ICG angiography last week", "indocyanine green"),
        ("ＩＣＧ", "indocyanine green"),
        ("HCTZ", "hydrochlorothiazide"),
        ("PUVA in spring", "psoralens"),
        ("MTX 15 mg weekly", "methotrexate"),
        ("5-FU", "fluorouracil"),
        ("L01 XD04", "aminolevulinic acid"),
        ("l01-xd-04", "aminolevulinic acid"),
        ("N06A X25", "st john's wort"),
        ("L 01 X D 04", "aminolevulinic acid"),
        ("code S01LA01", "verteporfin"),
        ("Ｌ０１ＸＤ０４", "aminolevulinic acid"),
        ("Vеrteporfin", "verteporfin"),  # the second letter is Cyrillic
        ("vertepor\u00adfin", "verteporfin"),
        ("VERTEPORFIN", "verteporfin"),
    ],
)
def test_short_names_codes_and_odd_letters_are_found_inside_a_text(text: str, found: str) -> None:
    assert names(text) == [found]


@pytest.mark.parametrize(
    "text",
    [
        "St John's wort", "st. john’s-wort tea", "Saint Johns Wort", "Johanniskraut 900 mg", "Johanniskrautkapseln",
        "millepertuis", "hierba de San Juan", "hipérico", "erba di San Giovanni", "sint-janskruid", "зверобой",
        "dziurawiec", "sarı kantaron", "SARI KANTARON", "圣约翰草", "SJW", "Hypericum perforatum extract",
    ],
)  # fmt: skip
def test_st_johns_wort_is_known_in_many_languages(text: str) -> None:
    assert names(text) == ["st john's wort"]


@pytest.mark.parametrize(
    "text",
    [
        "pramipexol 0,18 mg", "metformin 2 mal täglich", "Lyrica 75 mg 1-0-1", "ibuprofen 400 retard when needed",
        "Doxycyclin-ratiopharm 100mg 2x täglich", "vitamin C 10 mg 20", "paracétamol 500 mg, 1 comprimé le soir",
        "levothyroxine 50 µg every morning before breakfast", "ibuprofen 0,4 g, one tablet for pain",
        "salbutamol 100 mcg/dose inhaler for asthma", "ramipril for blood pressure and ICG dye", "Lipitor™ 20",
        "Aspirin 100 mg (Bayer) N1", "B12", "omega-3",
    ],
)  # fmt: skip
def test_dose_form_and_frequency_are_no_unknown_name(text: str) -> None:
    read = read_medicines(text)
    assert read.found
    assert read.unknown == read.unlisted_codes == ()


@pytest.mark.parametrize(
    ("text", "unknown"),
    [
        ("foobarol", ("foobarol",)),
        ("foobarol 10 mg", ("foobarol",)),
        ("simvastatin, foobarol", ("foobarol",)),
        ("foo bar, baz", ("foo bar", "baz")),
        ("ALA", ("ALA",)),
        ("as a matter of fact", ("matter", "fact")),
        ("100 mg", ("100 mg",)),
        ("one tablet", ("one tablet",)),
        ("???", ("???",)),
        ("xxamiodaronexx", ("xxamiodaronexx",)),
        ("ramipril and an antibiotic", ("an antibiotic",)),
        ("ramipril, eye injection", ("eye injection",)),
        ("amlodipine and a cream for acne", ("a cream for acne",)),
        ("levothyroxine; contrast dye", ("contrast dye",)),
        ("ramipril, ?", ("?",)),
        ("ramipril etc", ("etc",)),
        ("ramipril, C01BD", ("C01BD",)),
        ("ramipril + J01", ("J01",)),
        ("N06AX", ("N06AX",)),
    ],
)
def test_what_names_nothing_we_know_is_unknown(text: str, unknown: tuple[str, ...]) -> None:
    """5-ALA and alpha-lipoic acid are both ALA: nobody guesses which."""
    assert read_medicines(text).unknown == unknown


def test_a_strong_photosensitiser_inside_an_unknown_word_counts_as_well() -> None:
    assert names("xxamiodaronexx") == ["amiodarone"]
    assert names("norepinephrine") == []


def test_a_spelling_that_two_strong_photosensitisers_share_names_both() -> None:
    """It named neither, and "Tetracyclin" was asked about as a name nobody knows."""
    assert names("Tetracyclin") == ["tetracycline", "tetracycline antibiotic"]


def test_a_full_code_without_a_row_is_told_apart_from_a_name() -> None:
    read = read_medicines("V10XX99")
    assert (read.found, read.unknown, read.unlisted_codes) == ((), (), ("V10XX99",))
    assert read_medicines("B12XX99").unlisted_codes == ()


@pytest.mark.parametrize("text", ["none", "None.", "NO MEDICINES", "n/a", "-", "keine", "Aucun médicament", "ninguno"])
def test_none_in_words_is_recognised(text: str) -> None:
    assert says_none(text)


@pytest.mark.parametrize(
    "text", ["?", "???", "nonoxynol", "no idea", "unknown", "ninguno de estos: amiodarona", "not sure"]
)
def test_not_knowing_is_not_none(text: str) -> None:
    assert not says_none(text)


def test_nearest_names_are_offered_in_their_own_spelling() -> None:
    assert nearest_names("amiodarrone", most=1) == ("amiodarone",)
    assert "Visudyne" in nearest_names("Visudine")
    assert "Vibramycin" in nearest_names("vibram")
    assert nearest_names("qqqqqqqq") == ()


def test_each_name_of_a_photosensitiser_is_found_however_it_is_written() -> None:
    """200 at random with a seed; all of tier 1, in every pair, by benchmarks/medicine_names.py."""
    every = photosensitiser_names(1, 2, 3)
    drawn = random.Random(20261129)
    others = ["paracetamol", "Marcumar", "hydroxychloroquine", "HCTZ", "foobarol"]
    failed = [text for name, of in drawn.sample(every, 200) for text in missed(name, of, drawn.choice(others))]
    assert failed == []
