"""Sites: what the case file may name, and the rules every site keeps."""

from __future__ import annotations

import dataclasses

import pytest
from present import present

from openpbm.errors import BadInput
from openpbm.facts.references import references
from openpbm.facts.sites import Site, SiteLayer, Span, Target, Thickness, sites

FIRST_TARGETS = {
    "foot_sole": "plantar_nerves",
    "lower_back": "erector_spinae",
    "posterior_calf": "gastrocnemius",
    "upper_trapezius": "trapezius",
    "volar_wrist": "median_nerve",
    "anterior_calf": "tibialis_anterior",
    "lateral_calf": "superficial_peroneal_nerve",
    "medial_ankle": "tibial_nerve",
    "fibular_neck": "common_peroneal_nerve",
    "foot_dorsum": "superficial_peroneal_nerve",
    "toes": "digital_nerves",
    "popliteal_fossa": "tibial_nerve",
    "anterior_thigh": "quadriceps",
    "posterior_thigh": "hamstrings",
    "buttock": "sciatic_nerve",
    "palm": "common_digital_nerves",
    "fingers": "digital_nerves",
    "hand_dorsum": "superficial_radial_nerve",
    "volar_forearm": "median_nerve",
    "dorsal_forearm": "radial_nerve_deep_branch",
    "medial_elbow": "ulnar_nerve",
    "lateral_shoulder": "deltoid",
    "posterior_neck": "semispinalis",
    "upper_back": "rhomboid",
    "thorax": "intercostal_nerve",
    "abdominal_wall": "transversus_plane",
    "jaw": "masseter",
    "face": "infraorbital_nerve",
}


def test_the_sites_are_there_and_a_case_without_a_target_means_the_first() -> None:
    assert {one.id: one.targets[0].id for one in sites} == FIRST_TARGETS


def test_the_face_alone_is_for_a_specialist_and_the_jaw_lies_beside_the_eyes() -> None:
    assert [one.id for one in sites if one.specialist_only] == ["face"]
    assert [one.id for one in sites if one.near_eyes] == ["jaw"]


@pytest.mark.parametrize("one", sites, ids=lambda one: one.id)
def test_every_span_has_a_known_source_and_is_wide(one: Site) -> None:
    """Spans are nine in ten people: p5 below p95, by at least 25 %, each with a source."""
    spans: list[Span] = [span for layer in one.layers for span in layer.thickness_mm]
    spans += [span for target in one.targets for span in (target.offset_mm, target.fraction) if span]
    for span in spans:
        assert span.p95 >= 1.25 * span.p5
        assert span.source in references
    assert [layer.name for layer in one.layers] == ["epidermis", "dermis", "subcutis", "muscle"]
    assert one.positioning.endswith(".")
    assert one.lamp_position.endswith(".")


def test_the_only_verified_thickness_is_the_one_read_in_a_paper() -> None:
    """Epidermis of the sole 597 um (444-749), Lintzeri 2022; every other thickness is a prior and says so."""
    verified = [
        (one.id, layer.name, span.p5, span.p95)
        for one in sites
        for layer in one.layers
        for span in layer.thickness_mm
        if span.verified
    ]
    assert verified == [("foot_sole", "epidermis", 0.444, 0.749)]


def test_sex_selects_a_span_and_unknown_sex_the_one_for_everybody() -> None:
    fat = sites["posterior_calf"].layers[2]
    assert present(fat.span_mm("female")).p5 == 7
    assert present(fat.span_mm("male")).p95 == 7
    assert (present(fat.span_mm(None)).p5, present(fat.span_mm(None)).p95) == (4, 12)
    assert fat.span_mm("other") == fat.span_mm(None)


def test_unknown_names_are_answered_with_the_choices() -> None:
    with pytest.raises(BadInput, match='site = "elbow": unknown; did you mean medial_elbow'):
        sites["elbow"]
    with pytest.raises(BadInput, match="target median_nerve: not at foot_sole; choose one of plantar_nerves"):
        sites["foot_sole"].target("median_nerve")


def test_a_site_that_breaks_its_own_rules_is_refused() -> None:
    span = Thickness(p5=2, p95=1, source="x", verified=False)
    with pytest.raises(ValueError, match="dermis has no thickness") as refused:
        dataclasses.replace(
            sites["volar_wrist"],
            layers=(SiteLayer(name="dermis"), SiteLayer(name="muscle", thickness_mm=(span,))),
            targets=(
                Target(id="t", plain_name="t"),
                Target(id="f", plain_name="f", within_layer="dermis", fraction=span),
            ),
        )
    for part in ("last layer", "target t needs", "fraction p95", "must be below p95"):
        assert part in str(refused.value)


def test_the_left_side_of_a_body_lies_on_the_right_of_a_page_seen_from_the_front_and_on_its_left_from_behind() -> None:
    front, back = sites["palm"].body_map, sites["buttock"].body_map
    assert (front.across("left"), front.across("right")) == (front.x, -front.x)
    assert (back.across("left"), back.across("right")) == (-back.x, back.x)
