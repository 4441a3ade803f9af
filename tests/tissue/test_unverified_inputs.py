"""What nobody has held against its source yet: named by site, each once, and nothing that was."""

from __future__ import annotations

from openpbm.facts.living_tissue import in_vivo_measurements
from openpbm.facts.sites import sites
from openpbm.tissue import unverified_inputs

SOLE, CALF, BACK = (unverified_inputs(sites[name]) for name in ("foot_sole", "posterior_calf", "lower_back"))


def test_anatomy_is_that_of_the_site() -> None:
    """The epidermis of the sole was measured; its melanin, a share of that of other skin, is ours."""
    assert "foot sole: thickness of subcutis (openpbm_prior)" in SOLE
    assert not any("thickness of epidermis" in line for line in SOLE)
    assert "posterior calf: thickness of epidermis (openpbm_prior)" in CALF
    assert any("melanin over that of other skin" in line for line in SOLE)
    assert not any("melanin over that of other skin" in line for line in CALF)


def test_optics_are_named_by_parameter_and_source() -> None:
    for line in (
        "power of scattering of muscle (openpbm_prior)",
        "melanosome absorption, jacques2013 (jacques2013)",
        "weight of the table of bashkatov for muscle (openpbm_prior)",
        "melanin of skin type 3 (openpbm_prior)",
        "measured calf haem (warren2017)",
    ):
        assert line in CALF


def test_what_was_verified_is_not_listed() -> None:
    """Lindner's saturation of muscle was read beside its paper, and so was the depth in bovine meat."""
    assert in_vivo_measurements["bovine_depth"].verified
    assert not any("bovine depth" in line or "saturation of muscle (lindner2016)" in line for line in CALF)


def test_rows_of_one_site_are_listed_there_alone() -> None:
    """The fat in the muscle of the back has rows of its own."""
    assert [line for line in CALF if "lipid of muscle" in line] == ["lipid of muscle (openpbm_prior)"]
    assert [line for line in BACK if "lipid of muscle" in line] == ["lower back: lipid of muscle (openpbm_prior)"]


def test_no_line_comes_twice() -> None:
    for lines in (SOLE, CALF, BACK):
        assert len(lines) == len(set(lines))
