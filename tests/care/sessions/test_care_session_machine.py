"""Whatever is posted, in whatever order and at whatever hour: what a session must never do, it does not."""

from __future__ import annotations

import os

from care.conftest import House
from care.sessions.session_machine import SessionMachine
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

#: `benchmarks/session_invariants.py` asks for more.
STEPS = int(os.environ.get("OPENPBM_SESSION_STEPS", "300"))
A_RUN = 50


def test_no_order_of_posts_breaks_what_holds_of_sessions(house: House) -> None:
    SessionMachine.house, SessionMachine.begun_in_all = house, 0
    ran = settings(
        max_examples=max(1, STEPS // A_RUN), stateful_step_count=A_RUN, deadline=None, derandomize=True, database=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    run_state_machine_as_test(SessionMachine, settings=ran)
    # Steps that are all refused would prove nothing.
    assert SessionMachine.begun_in_all >= STEPS // 100
    print(f"{STEPS} steps, {SessionMachine.begun_in_all} sessions begun")
