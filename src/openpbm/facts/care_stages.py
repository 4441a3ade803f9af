"""The eight stages of care around a course of light, and the people who may work together in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from annotated_types import Ge, MinLen

from openpbm.errors import FactsError
from openpbm.facts.table import Table, rows_of_toml

__all__ = ["CareRole", "CareStage", "Due", "Owner", "Proof", "care_roles", "care_stages"]

Owner = Literal["person", "clinician", "both"]
Due = Literal["course_start", "weeks_after_start", "every_checkpoint", "after_light"]
Proof = Literal[
    "screened",
    "baseline_rated",
    "other_care_written",
    "material_handed_out",
    "dose_for_this_person",
    "schedule",
    "session_given",
    "rated_lately",
    "harm_asked_lately",
    "clinician_rated",
    "rated_after_light",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class CareStage:
    """One stage of care.

    plain_name, plain_text : what the person reads of it
    due : from which day on it is asked for; `due_weeks` after the start for "weeks_after_start", 0 else
    proofs : what must all be found in the record before it is done
    proof_text : the same in words, with the file to write it in
    """

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    id: Annotated[str, MinLen(1)]
    name: Annotated[str, MinLen(1)]
    text: Annotated[str, MinLen(1)]
    plain_name: Annotated[str, MinLen(1)]
    plain_text: Annotated[str, MinLen(1)]
    owner: Owner
    due: Due
    due_weeks: Annotated[int, Ge(0)] = 0
    proofs: Annotated[tuple[Proof, ...], MinLen(1)]
    proof_text: Annotated[str, MinLen(1)]
    source: Annotated[str, MinLen(1)]
    verified: bool

    def __post_init__(self) -> None:
        # Weeks beside another due date would be read by nobody and believed by everybody.
        if (self.due_weeks > 0) != (self.due == "weeks_after_start"):
            raise ValueError("due_weeks belongs to weeks_after_start and to nothing else")


@dataclass(frozen=True, slots=True, kw_only=True)
class CareRole:
    """One of the people around a person. sees_to : for the person, in plain words · ask : for the letter to them"""

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    id: Annotated[str, MinLen(1)]
    name: Annotated[str, MinLen(1)]
    sees_to: Annotated[str, MinLen(1)]
    ask: Annotated[str, MinLen(1)]
    source: Annotated[str, MinLen(1)]
    verified: bool


# In the order of care.
care_stages: Table[CareStage] = Table(
    "care stage", rows_of_toml("outcomes/care_stages.toml", "stages", CareStage), unknown=FactsError
)
care_roles: Table[CareRole] = Table(
    "care role", rows_of_toml("outcomes/care_roles.toml", "roles", CareRole), unknown=FactsError
)
