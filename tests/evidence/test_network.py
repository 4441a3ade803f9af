"""A network of treatments: Senn (2013), 28 contrasts of 26 trials, one of three arms, as netmeta prints it."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import pytest

from openpbm.evidence.pool import Contrast, pool_network

SENN = Path(__file__).parent / "senn2013.csv"


def senn() -> list[Contrast]:
    return [
        Contrast(
            study=row["study"],
            first=row["first"],
            second=row["second"],
            effect=float(row["effect"]),
            standard_error=float(row["standard_error"]),
        )
        for row in csv.DictReader(SENN.read_text(encoding="utf-8").splitlines())
    ]


def test_without_differences_between_studies() -> None:
    network = pool_network(senn(), "plac", random=False)
    assert network.against_reference("metf") == pytest.approx((-1.1141, 0.0596), abs=5e-5)
    assert network.against_reference("rosi") == pytest.approx((-1.2018, 0.0477), abs=5e-5)
    assert network.against_reference("acar")[0] == pytest.approx(-0.8274, abs=5e-5)
    assert network.q == pytest.approx(96.986, abs=5e-4)
    assert network.degrees_of_freedom == 18
    assert network.i2_percent == pytest.approx(81.4, abs=0.05)
    assert network.tau2 == pytest.approx(0.10872, abs=5e-6)


def test_with_them() -> None:
    network = pool_network(senn(), "plac", random=True)
    assert network.against_reference("metf") == pytest.approx((-1.1268, 0.1543), abs=5e-5)
    assert network.against_reference("rosi") == pytest.approx((-1.2335, 0.1278), abs=5e-5)


def test_another_reference_says_the_same() -> None:
    turned = pool_network(senn(), "metf", random=True)
    assert turned.against_reference("plac") == pytest.approx((1.1268, 0.1543), abs=5e-5)


def test_a_contrast_written_the_other_way_round_counts_the_same() -> None:
    rows = senn()
    rows[2] = replace(rows[2], first="acar", second="metf", effect=0.20)
    expected = pool_network(senn(), "plac", random=True).effects
    assert pool_network(rows, "plac", random=True).effects == pytest.approx(expected)


def test_parts_that_do_not_hang_together_and_missing_contrasts_are_refused() -> None:
    apart = Contrast(study="Other", first="x", second="y", effect=1.0, standard_error=0.1)
    with pytest.raises(ValueError, match="no chain of comparisons leads from plac"):
        pool_network([*senn(), apart], "plac", random=False)
    with pytest.raises(ValueError, match="Willms1999: 3 arms need each of their contrasts once"):
        pool_network(senn()[:-1], "plac", random=False)
