"""A table of facts: rows in order, found by id; two rows of one id and a stray list in a file are our mistakes."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from openpbm.errors import BadInput, FactsError
from openpbm.facts.claims import ProhibitedClaim
from openpbm.facts.scales import scales
from openpbm.facts.table import Table, read_list


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
        read_list("safety/claims.toml", "rules", ProhibitedClaim)
