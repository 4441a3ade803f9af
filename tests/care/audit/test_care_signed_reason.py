"""A word of assent is no reason; a short clause that says something is."""

from __future__ import annotations

import pytest

from openpbm.care.audit.signed_reason import reason_problems

BARE = (
    "", "  ", "ok", "OK.", "o.k. o.k. o.k.", "yes yes yes yes", "fine with me, go ahead", "please release it now",
    "no problem, all good", "..........", "1234567890", "xxxxxxxxxxxx xxxxxxx", "alles in Ordnung, weiter",
    "vale, todo bien", "d'accord, tout va bien", "healed", "\u826f\u3044",
)  # fmt: skip
SAID = (
    "Healed, seen today",
    "Distance doubled",
    "ibuprofen does not take up 850 nm",
    "Blase abgeheilt, gesehen am 3.5.",
    "seen, may go on",
    "skin seen, nothing found",
    "Vista en consulta: piel cerrada",
    "\u76ae\u819a\u5df2\u6108\u5408\uff0c\u533b\u751f\u5df2\u770b",
)


@pytest.mark.parametrize("reason", BARE)
def test_a_word_of_assent_is_no_reason(reason: str) -> None:
    assert reason_problems(reason, "reason", remedy="say why")


@pytest.mark.parametrize("reason", SAID)
def test_a_clause_that_says_something_is_one(reason: str) -> None:
    assert not reason_problems(reason, "reason", remedy="say why")
