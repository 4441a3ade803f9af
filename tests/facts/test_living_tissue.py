"""Rows on living tissue: each has a source, rivals a reason, and the samples that ship fit the rows behind them."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import openpbm.facts
from openpbm.errors import FactsError
from openpbm.facts import living_tissue
from openpbm.facts.living_tissue import (
    conditioned_sample,
    correlations,
    in_vivo_measurements,
    melanin_fractions,
    prior_rows,
    rival_weights,
    water_temperature_rows,
)
from openpbm.facts.references import references
from openpbm.facts.sites import sites
from openpbm.facts.tissue import spectrum, tables

FOLDER = Path(openpbm.facts.__file__).parent / "data" / "tissue"
NAMES = ("general", "posterior_calf", "volar_wrist")


def test_every_row_names_a_source_that_is_listed() -> None:
    rows: Iterable[Any] = (
        *prior_rows(), *rival_weights(), *correlations(), *melanin_fractions, *in_vivo_measurements,
        *water_temperature_rows(),
    )  # fmt: skip
    assert {row.source for row in rows} <= set(references.ids)


def test_a_remembered_or_judged_row_is_not_verified() -> None:
    for row in prior_rows():
        if row.method == "judgement" or "remembered" in row.condition:
            assert not row.verified, row


def test_each_parameter_has_one_shape_and_one_spread_over_people() -> None:
    for tissue, parameter, site in {(row.tissue, row.parameter, row.site) for row in prior_rows()}:
        rows = [row for row in prior_rows() if (row.tissue, row.parameter, row.site) == (tissue, parameter, site)]
        assert len({row.shape for row in rows}) == 1, parameter
        assert [row.role for row in rows].count("people") == 1, parameter
        assert site in {"", *sites.ids}


def test_every_table_measured_outside_the_body_has_a_small_weight_and_a_reason() -> None:
    """Ex vivo tables stay as rivals, none above 3 %: together they draw fewer than one tissue in ten."""
    for kind, layer in (("skin", "dermis"), ("subcutis", "subcutis"), ("muscle", "muscle")):
        rows = [row for row in rival_weights() if row.tissue == kind]
        assert sorted(row.table for row in rows) == list(tables(f"{layer}_absorption"))
        assert all(row.reason and row.weight <= 0.03 for row in rows)
        assert sum(row.weight for row in rows) < 0.1


def test_melanin_rises_by_sensible_steps() -> None:
    """Medians of neighbouring types differ 1.4- to 2-fold; they differed 2.8, 2.4, 1.2, 1.3 and 1.2 fold before."""
    medians = np.array([row.median for row in melanin_fractions])
    steps = medians[1:] / medians[:-1]
    assert (steps >= 1.4).all()
    assert (steps <= 2.01).all()
    assert all(row.p5 < row.median < row.p95 for row in melanin_fractions)
    assert medians[-1] < 0.2


def test_each_table_ends_where_its_author_does() -> None:
    """Cassano measured 670-980 nm, Simpson 633-900 nm, the rows of Cope begin at 660 nm."""
    assert spectrum("muscle_absorption", "cassano").measured_nm == (670.0, 980.0)
    assert spectrum("muscle_absorption", "simpson").measured_nm == (633.0, 900.0)
    assert spectrum("oxyhaemoglobin_extinction", "cope").measured_nm[0] == 660.0
    assert spectrum("water_absorption", "matcher").measured_nm == (600.0, 1000.0)


@pytest.mark.parametrize("name", NAMES)
def test_samples_that_ship_are_whole(name: str) -> None:
    sample = conditioned_sample(name)
    assert sample.name == name
    assert sample.weight.sum() == pytest.approx(1.0)
    assert 400 <= len(sample.weight) <= 512
    assert all(np.isfinite(scores).all() for scores in sample.scores.values())


def test_a_site_without_measurements_takes_the_general_sample() -> None:
    assert conditioned_sample("lower_back").name == "general"


def test_samples_were_made_from_the_rows_that_ship() -> None:
    """After a change of a prior, a weight or a measurement: benchmarks/living_tissue.py --write."""
    record = tomllib.loads((FOLDER / "conditioned" / "record.toml").read_text(encoding="utf-8"))
    content = b"\0".join((FOLDER / name).read_bytes() for name in record["inputs"])
    assert hashlib.sha256(content).hexdigest() == record["inputs_sha256"]


def test_a_sample_with_a_broken_cell_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    columns = {"weight": ("1",), "skin": ("",), "subcutis": ("",), "muscle": ("",), "temperature": ("warm",)}
    monkeypatch.setattr(living_tissue, "read_columns", lambda name: columns)
    conditioned_sample.cache_clear()
    with pytest.raises(FactsError, match="warm"):
        conditioned_sample("foot_sole")
    columns["temperature"], columns["weight"] = ("0.1",), ("0.5",)
    with pytest.raises(FactsError, match=r"sum to 0\.5"):
        conditioned_sample("foot_sole")
    conditioned_sample.cache_clear()
