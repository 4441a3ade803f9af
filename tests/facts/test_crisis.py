"""Help in a crisis: a number is shown only to the country that it serves."""

from __future__ import annotations

import re

from openpbm.facts.crisis import crisis_lines, crisis_message


def test_the_crisis_text_holds_no_number_of_one_country() -> None:
    assert not re.search(r"\d", crisis_message())
    assert "local emergency number" in crisis_message()
    assert crisis_lines() == crisis_lines("FR") == ()
    assert [line.number for line in crisis_lines("us")] == ["988"]
    assert [line.number for line in crisis_lines("GB")] == ["116 123"]
