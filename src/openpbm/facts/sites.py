"""Body sites: what lies under the skin there, how thick, and which structures one may aim at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from annotated_types import Ge, Gt, Le, MinLen

from openpbm.errors import BadInput, Problem
from openpbm.facts.table import Table, rows_of_files
from openpbm.person import Person, Sex

__all__ = ["BodySpot", "Site", "SiteLayer", "Span", "Target", "Thickness", "body_mass_index", "sites", "turned"]

LayerName = Literal["epidermis", "dermis", "subcutis", "muscle"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Where nine in ten people lie, p5 to p95 [unit of the owner], for one sex or (None) for everybody."""

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    p5: Annotated[float, Gt(0)]
    p95: Annotated[float, Gt(0)]
    source: str
    verified: bool
    sex: Literal["female", "male"] | None = None
    condition: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Thickness(Span):
    """Thickness of a layer [mm] at the site's reference body mass index.

    mm_per_body_mass_index : how much thicker its middle is for one kg/m2 more [mm]
    """

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    mm_per_body_mass_index: Annotated[float, Ge(0), Le(5)] = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteLayer:
    """One layer; no `thickness_mm` means it goes on downward (the last layer only)."""

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    name: LayerName
    thickness_mm: tuple[Thickness, ...] = ()

    def span_mm(self, sex: Sex | None) -> Thickness | None:
        """Thickness [mm] for a sex, else for everybody; None for the layer that goes on downward."""
        # Sex "other" and unknown have no span of their own: they take everybody's.
        for span in self.thickness_mm:
            if span.sex == sex and sex is not None:
                return span
        return next((span for span in self.thickness_mm if span.sex is None), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A structure one may aim at, placed relative to the layers so that more fat pushes it deeper.

    `below_layer`: its depth is the bottom of that layer plus offset_mm. `within_layer`: its depth is the top of that
    layer plus a fraction of the layer's thickness.
    """

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    id: str
    plain_name: str
    below_layer: LayerName | None = None
    offset_mm: Span | None = None
    within_layer: LayerName | None = None
    fraction: Span | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BodySpot:
    """Where a site lies on the drawn body, whose head begins at y = 5 and whose feet end at y = 113.

    x : from the middle of the body, on the side that is treated; y : downward
    """

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    view: Literal["front", "back"]
    x: Annotated[float, Ge(0), Le(30)]
    y: Annotated[float, Ge(0), Le(120)]

    def across(self, side: Literal["left", "right"]) -> float:
        """The same from left to right on the page: seen from the front, the left side of a body lies on the right."""
        return self.x if (self.view == "front") == (side == "left") else -self.x


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A body site. The treatment area is the skin the dose is planned for.

    `melanin_factor`: melanin there over melanin of the person's other skin (well below 1 on soles).
    `specialist_only`: no plan is made there, whatever the condition; a specialist decides.
    `limb_circumference_mm`: around what a wrap is bent there; None where nothing is round.
    `near_eyes`: a lamp there shines past the eyes, so a clinician stands beside it.
    """

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    id: str
    plain_name: str
    positioning: str
    lamp_position: str
    body_map: BodySpot
    treatment_width_mm: Annotated[float, Gt(0), Le(1000)]
    treatment_height_mm: Annotated[float, Gt(0), Le(1000)]
    reference_body_mass_index: Annotated[float, Gt(10), Le(60)]
    layers: Annotated[tuple[SiteLayer, ...], MinLen(2)]
    targets: Annotated[tuple[Target, ...], MinLen(1)]
    source: str
    verified: bool
    melanin_factor: Annotated[float, Gt(0), Le(1)] = 1.0
    specialist_only: bool = False
    near_eyes: bool = False
    limb_circumference_mm: Span | None = None

    def __post_init__(self) -> None:
        if problems := _problems(self):
            raise ValueError("; ".join(problems))

    def target(self, id: str) -> Target:
        """A target of this site; raises BadInput naming the site's targets when there is none."""
        for target in self.targets:
            if target.id == id:
                return target
        known = ", ".join(target.id for target in self.targets)
        raise BadInput(Problem(key=f"target {id}", message=f"not at {self.id}", remedy=f"choose one of {known}"))


def body_mass_index(person: Person) -> float | None:
    """What the thickness of fat is known by [kg/m2], None when height or weight is unknown.

    >>> round(body_mass_index(Person(sex="female", height_cm=166, weight_kg=68)), 1)
    24.7
    """
    if person.height_cm is None or person.weight_kg is None:
        return None
    return person.weight_kg / (person.height_cm / 100.0) ** 2


def turned(positioning: str) -> str:
    """Words of where a lamp goes, for one that is tilted or aimed aside: it neither faces the skin nor is centred.

    >>> turned("Centre the lamp on the sole, facing the skin squarely.")
    'Centre the lamp on the sole; from there turn it and move it aside as planned.'
    """
    return positioning.replace(", facing the skin squarely.", "; from there turn it and move it aside as planned.")


def _problems(site: Site) -> list[str]:
    problems = []
    finite = {layer.name for layer in site.layers[:-1]}
    for layer in site.layers[:-1]:
        if layer.span_mm(None) is None:
            problems.append(
                f"layer {layer.name} has no thickness for everybody; only the last layer may go on downward"
            )
    if site.layers[-1].thickness_mm:
        problems.append(f"last layer {site.layers[-1].name} has a thickness; leave it out")
    for target in site.targets:
        # The last layer has no lower edge to hang a structure on, and no thickness to take a part of.
        below = target.below_layer in finite and target.offset_mm is not None
        within = target.within_layer in finite and target.fraction is not None
        if below == within:
            problems.append(f"target {target.id} needs below_layer with offset_mm, or within_layer with fraction")
        # From 1 on the structure would lie in the next layer.
        if target.fraction is not None and target.fraction.p95 >= 1.0:
            problems.append(f"target {target.id}: fraction p95 {target.fraction.p95:g} must stay below 1")
    for span in (span for layer in site.layers for span in layer.thickness_mm):
        if span.p5 >= span.p95:
            problems.append(f"span p5 {span.p5:g} must be below p95 {span.p95:g}")
    return problems


sites: Table[Site] = Table("site", rows_of_files("sites", Site))
