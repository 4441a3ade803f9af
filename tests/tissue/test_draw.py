"""Drawn people: repeatable, even, moved by the person in the right direction, in the shape the solver takes."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest

from openpbm.errors import BadInput
from openpbm.facts.living_tissue import SampledTissue, conditioned_sample, melanin_fractions
from openpbm.facts.sites import Site, sites
from openpbm.person import Person, Sex
from openpbm.tissue import Measured, TissueDraw, draw_tissues, middle_tissue, mu_eff_per_mm
from openpbm.tissue.draw import _UNKNOWNS, _quasi_random, _rows, _sorted_sample, _tissues
from openpbm.tissue.optics import layer_optics, makeup_of

ANNE = Person(age_years=50, sex="female", height_cm=165, weight_kg=68, skin_type=2)
UNKNOWN = Person()
CALF = sites["posterior_calf"]


def calf(person: Person = ANNE, count: int = 200, seed: int = 1) -> TissueDraw:
    return draw_tissues(CALF, person, count=count, seed=seed)


def test_the_same_seed_gives_the_same_people_and_another_seed_others() -> None:
    first, again, other = calf(seed=3), calf(seed=3), calf(seed=4)
    assert (first.thickness_mm == again.thickness_mm).all()
    assert (first.optics(850.0).mu_a_per_mm == again.optics(850.0).mu_a_per_mm).all()
    assert (first.thickness_mm[:, :3] != other.thickness_mm[:, :3]).any()


@pytest.mark.parametrize("name", ["foot_sole", "lower_back", "upper_trapezius"])
def test_the_general_sample_is_sorted_for_each_site(name: str) -> None:
    """By optical depth to its structures, nothing lost; the median of 512 moves less by the seed than if shuffled."""
    site, shipped = sites[name], conditioned_sample(name)
    here = _sorted_sample(site)
    crossed = middle_tissue(site, UNKNOWN).crossed_mm()[0].mean(axis=1)
    endless, none = np.full((len(here.weight), 4), np.inf), np.zeros(len(here.weight))
    layers = tuple(layer.name for layer in site.layers)
    optics = layer_optics(layers, endless, none, makeup_of(here, name), [830.0])
    assert (np.diff(optics.mu_eff_per_mm[:, :, 0] @ crossed) >= 0).all()
    for key, scores in shipped.scores.items():
        assert scores @ shipped.weight == pytest.approx(here.scores[key] @ here.weight)
        assert (np.sort(scores) == np.sort(here.scores[key])).all()
    order = np.random.default_rng(1).permutation(len(here.weight))
    shuffled = _rows(here, order, here.weight[order])
    even, uneven = (np.std([_median_depth(site, seed, sample) for seed in range(40)]) for sample in (here, shuffled))
    assert even < 0.9 * uneven


def _median_depth(site: Site, seed: int, sample: SampledTissue) -> float:
    """Median optical depth to the first structure at 850 nm, of 512 tissues of that sample."""
    quantiles = _quasi_random(512, seed)
    numbers = np.searchsorted(np.cumsum(sample.weight), quantiles("optics") * (1.0 - 1e-9))
    people = _tissues(site, ANNE, quantiles, _rows(sample, numbers, np.full(512, 1 / 512)))
    fall = people.optics([850.0]).mu_eff_per_mm[:, :, 0] * people.crossed_mm()[:, :, 0]
    return float(np.median(fall.sum(axis=1)))


def test_no_two_unknowns_go_together() -> None:
    """Every two axes of the sequence are even: 400 points, no correlation above 0.1."""
    quantiles = _quasi_random(400, 5)
    axes = np.stack([quantiles(name) for name in _UNKNOWNS[:12]])
    assert np.abs(np.corrcoef(axes) - np.eye(12)).max() < 0.1
    assert np.abs(axes.mean(axis=1) - 0.5).max() < 0.01


def test_a_wavelength_more_changes_no_tissue() -> None:
    """The same draw at all wavelengths: who is dark at 660 nm is dark at 850 nm."""
    people = calf()
    both, one = people.optics([660.0, 850.0]), people.optics([850.0])
    assert (both.mu_a_per_mm[:, :, 1] == one.mu_a_per_mm[:, :, 0]).all()
    muscle = np.log(both.mu_a_per_mm[:, 3])
    assert np.corrcoef(muscle.T)[0, 1] > 0.8


@pytest.mark.parametrize("site", sites, ids=lambda site: site.id)
@pytest.mark.parametrize("person", [ANNE, UNKNOWN, Person(sex="male", height_cm=170, weight_kg=200, skin_type=6)])
def test_every_tissue_is_physical_at_every_wavelength(site: Any, person: Person) -> None:
    """Bounds: coefficients above zero, 0 <= g < 1, n >= 1, targets under the skin, the last layer without end."""
    people = draw_tissues(site, person, count=128, seed=9)
    optics = people.optics([600.0, 660.0, 850.0, 940.0, 1000.0])
    assert optics.mu_a_per_mm.shape == optics.mu_s_per_mm.shape == optics.g.shape == optics.n.shape == (128, 4, 5)
    assert (optics.mu_a_per_mm > 0).all()
    assert (optics.mu_s_per_mm > 0).all()
    assert (optics.mu_s_per_mm < 200).all()
    assert ((optics.g >= 0) & (optics.g < 1)).all()
    assert ((optics.n >= 1) & (optics.n < 1.6)).all()
    assert np.isinf(people.thickness_mm[:, -1]).all()
    assert np.isfinite(people.thickness_mm[:, :-1]).all()
    assert (people.target_depth_mm > people.thickness_mm[:, :2].sum(axis=1, keepdims=True)).all()
    assert ((people.melanin_fraction > 0) & (people.melanin_fraction < 0.4)).all()


def test_nine_in_ten_of_1000_people_lie_in_the_band() -> None:
    """Coverage 87-93 % of every layer's coefficients, band and people from different seeds."""
    band_of, people = calf(count=4096, seed=0).optics(850.0), calf(count=1000, seed=7).optics(850.0)
    for key in ("mu_a_per_mm", "mu_s_prime_per_mm", "mu_eff_per_mm"):
        low, high = np.percentile(getattr(band_of, key), [5, 95], axis=0)
        inside = (getattr(people, key) >= low) & (getattr(people, key) <= high)
        assert (inside.mean(axis=0) > 0.87).all(), key
        assert (inside.mean(axis=0) < 0.93).all(), key


def test_darker_skin_absorbs_more_in_the_epidermis_alone() -> None:
    """Medians by type rise by 1.3 to 2.1 at 660 nm; the layers below do not know the type."""
    optics = [middle_tissue(CALF, dataclasses.replace(ANNE, skin_type=kind)).optics(660.0) for kind in range(1, 7)]
    epidermis = np.array([one.mu_a_per_mm[0, 0, 0] for one in optics])
    steps = epidermis[1:] / epidermis[:-1]
    assert (steps > 1.3).all()
    assert (steps < 2.1).all()
    assert all((one.mu_a_per_mm[:, 1:] == optics[0].mu_a_per_mm[:, 1:]).all() for one in optics)


def test_melanin_keeps_the_reported_ends_of_each_type() -> None:
    for row in melanin_fractions:
        drawn = calf(dataclasses.replace(ANNE, skin_type=row.skin_type), count=2000).melanin_fraction
        assert np.percentile(drawn, [5, 50, 95]) == pytest.approx([row.p5, row.median, row.p95], rel=0.03)


def test_a_person_is_equally_dark_at_two_sites_and_lighter_on_the_sole() -> None:
    back, leg, sole = (
        draw_tissues(sites[name], ANNE, count=6, seed=5).melanin_fraction
        for name in ("lower_back", "posterior_calf", "foot_sole")
    )
    assert (back == leg).all()
    assert sole == pytest.approx(0.25 * leg)


def test_two_people_under_one_seed_differ_by_their_anatomy_alone() -> None:
    """A participant of a trial and the person treated: the same optics, each with fat of their own."""
    thin, heavy = calf(), calf(dataclasses.replace(ANNE, weight_kg=110))
    assert (thin.optics(850.0).mu_a_per_mm == heavy.optics(850.0).mu_a_per_mm).all()
    assert (heavy.target_depth_mm > thin.target_depth_mm).all()


@pytest.mark.parametrize("site", [site for site in sites if site.id != "foot_sole"], ids=lambda site: site.id)
def test_more_weight_pushes_every_structure_deeper(site: Any) -> None:
    """Half a millimetre or more at the middle, and deeper in every tissue drawn."""
    heavy = dataclasses.replace(ANNE, weight_kg=110)
    middle, middle_heavy = (middle_tissue(site, person).target_depth_mm for person in (ANNE, heavy))
    assert (middle_heavy > middle + 0.5).all()
    thin, thick = (draw_tissues(site, person, count=64, seed=0).target_depth_mm for person in (ANNE, heavy))
    assert (thick > thin).all()


# Median and where nine in ten adults lie [mm], as the sheet of depths by place gives them for a body mass index of 25;
# most are judgement around what was read.
DEPTHS_MM = [
    ("abdominal_wall", "rectus_abdominis", 7, 16, 37),
    ("abdominal_wall", "transversus_plane", 17, 30, 50),
    ("anterior_calf", "deep_peroneal_nerve", 18, 28, 42),
    ("anterior_calf", "tibialis_anterior", 11, 17, 25),
    ("anterior_thigh", "lateral_femoral_cutaneous_nerve", 4, 6, 13),
    ("anterior_thigh", "quadriceps", 15, 25, 40),
    ("buttock", "gluteus_maximus", 12, 30, 67),
    ("buttock", "piriformis", 42, 60, 90),
    ("buttock", "sciatic_nerve", 50, 75, 110),
    ("dorsal_forearm", "radial_nerve_deep_branch", 10, 17, 27),
    ("dorsal_forearm", "superficial_radial_nerve", 6, 12, 20),
    ("face", "infraorbital_nerve", 5, 9, 15),
    ("face", "mental_nerve", 5, 9, 14),
    ("face", "supraorbital_nerve", 2.5, 4, 7),
    ("fibular_neck", "common_peroneal_nerve", 3, 7, 15),
    ("fingers", "digital_nerves", 1.8, 3, 5),
    ("foot_dorsum", "deep_peroneal_nerve", 2.5, 5, 9),
    ("foot_dorsum", "superficial_peroneal_nerve", 1.3, 2.5, 5.5),
    ("hand_dorsum", "superficial_radial_nerve", 1.2, 2.5, 5),
    ("jaw", "masseter", 8, 11, 16),
    ("lateral_calf", "superficial_peroneal_nerve", 8, 14, 24),
    ("lateral_shoulder", "deltoid", 13, 19, 29),
    ("medial_ankle", "tibial_nerve", 5, 9, 14),
    ("medial_elbow", "ulnar_nerve", 2.5, 5, 11),
    ("palm", "common_digital_nerves", 4, 7, 11),
    ("popliteal_fossa", "common_peroneal_nerve", 5, 11, 21),
    ("popliteal_fossa", "sciatic_nerve", 9, 17, 28),
    ("popliteal_fossa", "tibial_nerve", 7, 14, 25),
    ("posterior_neck", "cervical_facet_joint", 16, 25, 40),
    ("posterior_neck", "greater_occipital_nerve", 12, 20, 32),
    ("posterior_neck", "semispinalis", 11, 19, 32),
    ("posterior_neck", "splenius", 7, 13, 23),
    ("posterior_thigh", "hamstrings", 18, 30, 45),
    ("posterior_thigh", "sciatic_nerve", 24, 38, 58),
    ("thorax", "intercostal_nerve", 15, 26, 45),
    ("toes", "digital_nerves", 2, 3.5, 6),
    ("upper_back", "rhomboid", 12, 17, 24),
    ("volar_forearm", "flexors", 2.5, 5, 10),
    ("volar_forearm", "median_nerve", 8, 15, 23),
]


@pytest.mark.parametrize(
    ("site", "structure", "p5", "median", "p95"), DEPTHS_MM, ids=[f"{r[0]}-{r[1]}" for r in DEPTHS_MM]
)
def test_drawn_depths_are_those_of_the_sheet(site: str, structure: str, p5: float, median: float, p95: float) -> None:
    """The median within 12 %; the ends within 40 % where fat alone reaches farther than the sheet, else within 25 %."""
    adult = Person(height_cm=170, weight_kg=25 * 1.7**2)
    drawn = np.percentile(draw_tissues(sites[site], adult, count=512, seed=0).depth_of(structure), [5, 50, 95])
    assert drawn[1] == pytest.approx(median, rel=0.12)
    assert drawn[[0, 2]] == pytest.approx(
        [p5, p95], rel=0.4 if site in ("face", "fibular_neck", "foot_dorsum") else 0.25
    )


@pytest.mark.parametrize("site", [site for site in sites if not site.specialist_only], ids=lambda site: site.id)
def test_women_have_more_fat_than_men_and_all_of_it_grows_with_weight(site: Any) -> None:
    """Ultrasound in 388 people (Gibney 2010): women more, 0.4 mm for each kg/m2; a tenth of it where fat is thin."""

    def fat_mm(weight_kg: float, sex: Sex | None = None) -> float:
        return float(middle_tissue(site, Person(sex=sex, height_cm=170, weight_kg=weight_kg)).thickness_mm[0, 2])

    if any(span.sex for span in site.layers[2].thickness_mm):
        assert fat_mm(72.25, "female") > 1.1 * fat_mm(72.25, "male")
    slim, middling, heavy = map(fat_mm, (52, 72.25, 115))
    assert 0.0 < slim < middling < heavy
    # Fifteen kg/m2 more: never more than five times the fat.
    assert heavy < 5 * middling


def test_middling_depths_lie_inside_the_remembered_ranges() -> None:
    """Depth under the skin of an adult of the reference body mass index [mm], as the priors were remembered."""
    person = Person(height_cm=170, weight_kg=24 * 1.7**2)
    expected = {
        "gastrocnemius": (12, 25),
        "sural_nerve": (3, 8),
        "tibial_nerve": (25, 45),
        "plantar_nerves": (10, 18),
        "median_nerve": (4, 9),
        "trapezius": (8, 16),
        "erector_spinae": (25, 50),
        "lumbar_root": (60, 110),
    }
    for name in ("posterior_calf", "foot_sole", "volar_wrist", "upper_trapezius", "lower_back"):
        tissue = middle_tissue(sites[name], person)
        for target in sites[name].targets:
            low, high = expected[target.id]
            assert low < tissue.depth_of(target.id)[0] < high


def test_drawn_thicknesses_span_the_printed_range() -> None:
    """p5 and p95 of the drawn dermis of the calf are those of its row, 1.2 and 1.6 mm, within 2 %."""
    assert np.percentile(calf().thickness_mm[:, 1], [5, 95]) == pytest.approx((1.2, 1.6), rel=0.02)


def test_unknown_height_and_weight_widen_the_fat() -> None:
    known = dataclasses.replace(UNKNOWN, height_cm=170, weight_kg=70)
    wide, narrow = (np.log(calf(person).thickness_mm[:, 2]).std() for person in (UNKNOWN, known))
    assert wide > 1.1 * narrow


def test_unknown_skin_type_is_drawn_over_all_types() -> None:
    drawn = calf(UNKNOWN).melanin_fraction
    assert drawn.min() < 0.01
    assert drawn.max() > 0.18


def test_the_middle_tissue_lies_in_the_middle() -> None:
    """Within a tenth of the medians of 2,000 people."""
    middle, people = middle_tissue(CALF, ANNE), calf(count=2000)
    assert middle.count == 1
    assert middle.thickness_mm[0, :3] == pytest.approx(np.median(people.thickness_mm[:, :3], axis=0), rel=0.02)
    medians = np.median(people.optics(850.0).mu_eff_per_mm, axis=0)
    assert middle.optics(850.0).mu_eff_per_mm[0] == pytest.approx(medians, rel=0.1)


def test_effective_attenuation_is_its_closed_form() -> None:
    optics = calf(count=3).optics(850.0)
    expected = np.sqrt(3 * optics.mu_a_per_mm * (optics.mu_a_per_mm + optics.mu_s_per_mm * (1 - optics.g)))
    assert optics.mu_eff_per_mm == pytest.approx(expected)
    assert mu_eff_per_mm(0.0, 1.0) == 0.0


@pytest.mark.parametrize(("count", "seed", "part"), [(0, 1, "scenarios"), (4, -1, "seed")])
def test_impossible_requests_say_what_to_give(count: int, seed: int, part: str) -> None:
    with pytest.raises(BadInput, match=part):
        draw_tissues(CALF, ANNE, count=count, seed=seed)


@pytest.mark.parametrize("wavelength_nm", [599.9, 1000.1, 1450.0, float("nan")])
def test_outside_the_spectra_is_bad_input(wavelength_nm: float) -> None:
    with pytest.raises(BadInput, match=r"600-1000 nm\); choose a wavelength"):
        calf(count=2).optics(wavelength_nm)


def test_a_structure_of_another_site_is_bad_input() -> None:
    with pytest.raises(BadInput, match="median_nerve"):
        calf(count=2).depth_of("median_nerve")


def measured(**values: Any) -> TissueDraw:
    return draw_tissues(CALF, ANNE, count=256, seed=1, measured=Measured(**values))


def test_measured_fat_stands_in_the_place_of_the_drawn_and_moves_what_lies_below() -> None:
    drawn, thin, thick = calf(count=256), measured(fat_mm=5.0), measured(fat_mm=20.0)
    assert (thin.thickness_mm[:, 2] == 5.0).all()
    assert thick.depth_of("gastrocnemius") == pytest.approx(thin.depth_of("gastrocnemius") + 15.0)
    assert np.ptp(thin.depth_of("gastrocnemius")) < np.ptp(drawn.depth_of("gastrocnemius"))
    with pytest.raises(BadInput, match=r"fat_mm = 200\.0: must be above 0 and at most 150 mm"):
        measured(fat_mm=200.0)


def test_a_skinfold_is_not_halved() -> None:
    """Fold over ultrasound thickness runs from 1.35 to 3.4 (110 people): a fold of 20 mm is 5.9 to 14.8 mm of fat."""
    fat = measured(skinfold_mm=20.0).thickness_mm[:, 2]
    assert np.percentile(fat, [5, 95]) == pytest.approx([20 / 3.4, 20 / 1.35], rel=0.03)


def test_a_measured_depth_is_that_of_its_structure_alone_and_bounds_the_fat() -> None:
    people = measured(target="gastrocnemius", depth_mm=9.0)
    assert (people.depth_of("gastrocnemius") == 9.0).all()
    assert np.ptp(people.depth_of("tibial_nerve")) > 5.0
    assert (people.thickness_mm[:, :3].sum(axis=1) <= 9.0 + 1e-9).all()
    nerve = measured(target="sural_nerve", depth_mm=14.0)
    assert (nerve.thickness_mm[:, :3].sum(axis=1) >= 14.0 - 1e-9).all()
