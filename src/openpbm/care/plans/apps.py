"""The application `plans`."""

from __future__ import annotations

from django.apps import AppConfig


class PlansConfig(AppConfig):
    """Django's entry for `openpbm.care.plans`."""

    name = "openpbm.care.plans"
    label = "plans"

    def ready(self) -> None:
        """Tell the worker how plans are made; hold sessions when consent is withdrawn or a lamp read otherwise."""
        from openpbm.care.devices.actions import reading_recorded
        from openpbm.care.jobs.registry import handler
        from openpbm.care.people.signals import consent_withdrawn
        from openpbm.care.plans import restored  # noqa: F401
        from openpbm.care.plans.actions import MAKE_PLAN, hold_on_withdrawal, plan_released
        from openpbm.care.plans.lamp_readings import hold_on_reading, settle_holds_of_readings
        from openpbm.care.plans.make_plan_job import make_plan_job

        handler(MAKE_PLAN)(make_plan_job)
        consent_withdrawn.connect(hold_on_withdrawal, dispatch_uid="plans.hold_on_withdrawal")
        reading_recorded.connect(hold_on_reading, dispatch_uid="plans.hold_on_reading")
        plan_released.connect(settle_holds_of_readings, dispatch_uid="plans.settle_holds_of_readings")
