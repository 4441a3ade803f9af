"""The drawing of a leg: each depth as bright as its share of the light at the skin, and nothing drawn elsewhere."""

from __future__ import annotations

from openpbm.care.sessions.leg_section import leg_section

ROWS = ((0.0, 1.0, 8.0, 9.0), (5.0, 1.0, 4.0, 9.0), (10.0, 0.1, 0.8, 2.0), (20.0, 0.001, 0.02, 0.1))


def test_each_depth_is_as_bright_as_its_share() -> None:
    section = leg_section("posterior_calf", ROWS)
    assert section is not None
    assert [(one.depth, one.thickness, round(one.share, 3)) for one in section.layers] == [
        (0.0, 5.0, 1.0), (5.0, 5.0, 0.5), (10.0, 10.0, 0.1),
    ]  # fmt: skip
    assert section.named == ((5.0, "50 %"), (10.0, "10 %"), (20.0, "less than 1 %"))
    assert "50 % at 5 mm" in section.sentence


def test_no_leg_is_drawn_where_there_is_none() -> None:
    assert leg_section("upper_trapezius", ROWS) is None
    assert leg_section("posterior_calf", ROWS[:1]) is None
