"""What is done about plans, one transaction each: ordered, kept as they were made, released by signature, held."""

from openpbm.care.plans.actions.hold_sessions import (
    PLANNED_PAUSE,
    hold,
    hold_on_withdrawal,
    lift_hold,
    needs_agreement,
    settle_hold,
)
from openpbm.care.plans.actions.make_plan import MAKE_PLAN, ask_a_clinician, order_plan, overrides_of, store_plan
from openpbm.care.plans.actions.release_plan import (
    begins_early,
    must_sign,
    plan_released,
    release_plan,
    release_plan_rule,
    release_problems,
)

__all__ = [
    "MAKE_PLAN",
    "PLANNED_PAUSE",
    "ask_a_clinician",
    "begins_early",
    "hold",
    "hold_on_withdrawal",
    "lift_hold",
    "must_sign",
    "needs_agreement",
    "order_plan",
    "overrides_of",
    "plan_released",
    "release_plan",
    "release_plan_rule",
    "release_problems",
    "settle_hold",
    "store_plan",
]
