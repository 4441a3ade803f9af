"""A table of facts: rows in order, found by id; two rows of one id and a stray list in a file are our mistakes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from openpbm.errors import BadInput, FactsError
from openpbm.facts import table as facts_table
from openpbm.facts.claims import Claim
from openpbm.facts.scales import scales
from openpbm.facts.table import Table, read_csv, read_list, read_toml


@dataclass(frozen=True)
class Colour:
    id: str
    wavelength_nm: float


RED, INFRARED = Colour("red", 660.0), Colour("infrared", 850.0)


def test_rows_keep_their_order_and_are_found_by_id() -> None:
    table = Table("colour", lambda: [RED, INFRARED])
    assert list(table) == [RED, INFRARED]
    assert (table.ids, len(table)) == (("red", "infrared"), 2)
    assert table["infrared"] is INFRARED
    assert (table.get("red"), table.get("green")) == (RED, None)
    assert [colour in table for colour in ("red", "green")] == [True, False]


def test_nothing_is_read_before_it_is_asked_for_and_then_once() -> None:
    reads = []

    def read() -> list[Colour]:
        reads.append(1)
        return [RED]

    table = Table("colour", read)
    assert not reads
    assert [*table, *table] == [RED, RED]
    assert len(reads) == 1


def test_a_typed_id_may_have_capitals_and_spaces() -> None:
    assert scales[" IRLS "] is scales["irls"]


def test_an_unknown_id_names_the_nearest_and_whose_mistake_it_is() -> None:
    with pytest.raises(BadInput, match='colour = "infrarde": unknown; did you mean infrared'):
        Table("colour", lambda: [RED, INFRARED])["infrarde"]
    with pytest.raises(FactsError, match='colour = "redd": unknown; did you mean red'):
        Table("colour", lambda: [RED, INFRARED], unknown=FactsError)["redd"]


def test_two_rows_of_one_id_are_refused() -> None:
    with pytest.raises(FactsError, match="colour 'red' is given twice"):
        len(Table("colour", lambda: [RED, RED]))


def test_a_file_of_another_list_is_refused() -> None:
    with pytest.raises(FactsError, match=r"safety/claims.toml: holds claims; it must hold \[\[rules\]\] alone"):
        read_list("safety/claims.toml", "rules", Claim)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of data of the test's own."""
    monkeypatch.setattr(facts_table, "_data", lambda: tmp_path)
    return tmp_path


def test_an_empty_cell_is_left_to_the_row_and_a_bad_one_is_named(folder: Path) -> None:
    (folder / "colours.csv").write_text('id,wavelength_nm\n"red,\ndeep",660\n\ngreen,bright\n', encoding="utf-8")
    with pytest.raises(FactsError, match=r"facts/data/colours.csv line 5: wavelength_nm: .* valid number"):
        read_csv("colours.csv", Colour)
    (folder / "colours.csv").write_text("id,wavelength_nm\nred,660\n,850\n", encoding="utf-8")
    with pytest.raises(FactsError, match=r"facts/data/colours.csv line 3: id: Field required"):
        read_csv("colours.csv", Colour)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("id,wavelength_nm\nred,660,700\n", "colours.csv line 2: 3 cells under 2 columns; correct the table"),
        ('id,wavelength_nm\n"red,660\n', "colours.csv line 2: not CSV .*; check the quotes"),
    ],
)
def test_a_csv_file_out_of_shape_is_named_with_its_line(folder: Path, text: str, says: str) -> None:
    (folder / "colours.csv").write_text(text, encoding="utf-8")
    with pytest.raises(FactsError, match=f"facts/data/{says}"):
        read_csv("colours.csv", Colour)


def test_a_toml_file_out_of_shape_is_named_with_its_line_or_key(folder: Path) -> None:
    (folder / "red.toml").write_text('id = "red"\nwavelength_nm = = 660\n', encoding="utf-8")
    with pytest.raises(FactsError, match=r"facts/data/red.toml line 2: .*not valid TOML .*; correct the table"):
        read_toml("red.toml", Colour)
    (folder / "red.toml").write_text('id = "red"\nwavelength_nm = "bright"\n', encoding="utf-8")
    with pytest.raises(FactsError, match=r"facts/data/red.toml: wavelength_nm: .* valid number"):
        read_toml("red.toml", Colour)
