"""plan.json as typed sections: one frozen dataclass each, one writer, one strict loader."""

from openpbm.planning.document.case_part import (
    CourseTerms,
    Evidence,
    PlannedLamp,
    PlannedOutcome,
    SearchSummary,
    TreatedCondition,
    TreatedPerson,
    TreatedSite,
    TrialSummary,
)
from openpbm.planning.document.dose import Band, Curve, CurvePoint, DoseRow, WavelengthCurve, WindowDraws
from openpbm.planning.document.exposure import EyeSafety, IrradianceMap, Placement, SkinBand, SkinExposure
from openpbm.planning.document.load import load_allowed_plan, load_outline, load_plan, plan_schema
from openpbm.planning.document.plan import FORMAT, AllowedPlan, Plan, Provenance, RefusedPlan
from openpbm.planning.document.treatment import (
    ConfoundedWeeks,
    DerivedWindow,
    PlannedCheckpoint,
    PlannedSession,
    ProtocolSummary,
    Schedule,
    SkinFluence,
    SkinPrescription,
)

__all__ = [
    "FORMAT",
    "AllowedPlan",
    "Band",
    "ConfoundedWeeks",
    "CourseTerms",
    "Curve",
    "CurvePoint",
    "DerivedWindow",
    "DoseRow",
    "Evidence",
    "EyeSafety",
    "IrradianceMap",
    "Placement",
    "Plan",
    "PlannedCheckpoint",
    "PlannedLamp",
    "PlannedOutcome",
    "PlannedSession",
    "ProtocolSummary",
    "Provenance",
    "RefusedPlan",
    "Schedule",
    "SearchSummary",
    "SkinBand",
    "SkinExposure",
    "SkinFluence",
    "SkinPrescription",
    "TreatedCondition",
    "TreatedPerson",
    "TreatedSite",
    "TrialSummary",
    "WavelengthCurve",
    "WindowDraws",
    "load_allowed_plan",
    "load_outline",
    "load_plan",
    "plan_schema",
]
