"""Opioids: the remembered factors, and one name in a text points to one row."""

from __future__ import annotations

import pytest

from openpbm.facts.opioids import opioid, opioids
from openpbm.facts.references import references


def test_conversions_of_opioids() -> None:
    """Factors of the published tables as remembered, every one marked as not verified."""
    factors = {row.name: (row.oral_morphine_mg_per_mg_lower, row.oral_morphine_mg_per_mg_upper) for row in opioids}
    assert factors["morphine"] == factors["hydrocodone"] == (1.0, 1.0)
    assert factors["tramadol"] == (0.1, 0.2)
    assert factors["hydromorphone"] == (4.0, 5.0)
    assert factors["buprenorphine"] == factors["fentanyl"] == (None, None)
    assert not any(row.verified for row in opioids)


def test_one_opioid_is_found_in_a_text_and_two_are_not_guessed() -> None:
    found = opioid("OxyContin 10 mg")
    assert found is not None
    assert found.name == "oxycodone"
    assert opioid("hydrocodone") is not opioid("oxycodone")
    assert opioid("oxycodone then tramadol") is None
    assert opioid("ibuprofen") is None


def test_every_row_has_a_known_source() -> None:
    for row in opioids:
        assert row.source in references


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Targin 10/5", "oxycodone"),
        ("MST Continus 30 mg", "morphine"),
        ("Durogesic", "fentanyl"),
        ("Palexia", "tapentadol"),
        ("tramadolhydrochlorid 50", "tramadol"),
        ("N02AA05", "oxycodone"),
        ("Tilidin", "opioid"),
        ("Targin and Tramal", None),
        ("Tylenol", None),
    ],
)
def test_an_opioid_is_known_by_every_name_the_medicines_are_known_by(text: str, name: str | None) -> None:
    """A table of its own knew the generic names alone: a brand counted as no opioid, and its burden as none."""
    found = opioid(text)
    assert (found.name if found else None) == name
