"""Classes of lamp on sale: ten, each with a drawing, honest spans and a source."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
from pathlib import Path

import pytest

from openpbm.facts.product_classes import ProductClass, product_classes
from openpbm.facts.references import references

ROOT = Path(__file__).parents[2]
STATIC = ROOT / "src/openpbm/care/static"


def test_the_drawings_are_those_that_the_script_draws(tmp_path: Path) -> None:
    subprocess.run([sys.executable, str(ROOT / "scripts/draw-lamps"), str(tmp_path)], check=True)
    drawn = {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()}
    assert sorted(drawn) == sorted(Path(each.picture).name for each in product_classes)
    assert len(drawn) == 10
    for each in product_classes:
        assert (STATIC / each.picture).read_text(encoding="utf-8") == drawn[Path(each.picture).name], each.id


@pytest.mark.parametrize("each", product_classes, ids=lambda each: each.id)
def test_meters_show_less_than_pages_claim(each: ProductClass) -> None:
    """Claims divide by what suits them; what leaves the face cannot be more than what is drawn from the wall."""
    assert each.measured_mw_cm2[1] <= each.claimed_mw_cm2[1]
    assert each.measured_mw_cm2[0] <= each.claimed_mw_cm2[0]
    assert each.source in references
    assert each.note


def test_a_span_that_runs_backwards_is_no_row() -> None:
    with pytest.raises(ValueError, match="bed: a span needs 0 < low < high"):
        dataclasses.replace(product_classes["bed"], lit_area_cm2=(5.0, 2.0))
