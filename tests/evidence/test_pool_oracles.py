"""Published pools come out to the printed digits: 13 trials of BCG vaccine (Colditz 1994), log risk ratio.

Printed numbers: the README and reference pages of metafor, and its comparison with Stata.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from openpbm.evidence import Effect, Model, PoolAnswer, PoolRequest, pool_answer, read_pool_file

BCG = Path(__file__).parent / "bcg.csv"


def bcg(model: Model, *moderators: str, effect: Effect = "rr", knapp_hartung: bool = False) -> PoolAnswer:
    return pool_answer(read_pool_file(BCG, effect, moderators), PoolRequest(model=model, knapp_hartung=knapp_hartung))


def printed(value: float, text: str) -> None:
    """The value rounds to the printed text."""
    digits = len(text.partition(".")[2])
    assert f"{float(value):.{digits}f}" == text


def test_reml_with_knapp_and_hartung() -> None:
    fit = bcg("reml", knapp_hartung=True).fit
    printed(fit.tau2[0], "0.3132")
    printed(fit.tau2_error[0], "0.1664")
    printed(fit.i2_percent[0], "92.22")
    printed(fit.h2[0], "12.86")
    printed(fit.q[0], "152.2330")
    printed(fit.coefficients[0, 0], "-0.7145")
    printed(fit.standard_errors[0, 0], "0.1808")
    printed(fit.statistics[0, 0], "-3.9522")
    printed(fit.p_values[0, 0], "0.0019")
    printed(fit.interval[0, 0, 0], "-1.1084")
    printed(fit.interval[0, 0, 1], "-0.3206")
    printed(fit.prediction[0, 0], "-1.9960")
    printed(fit.prediction[0, 1], "0.5670")


def test_reml_with_the_normal_test_and_the_q_profile() -> None:
    answer = bcg("reml")
    printed(answer.fit.standard_errors[0, 0], "0.17978")
    printed(answer.fit.interval[0, 0, 0], "-1.0669")
    printed(answer.fit.interval[0, 0, 1], "-0.3622")
    assert answer.tau2_interval is not None
    printed(answer.tau2_interval[0], "0.1197")
    printed(answer.tau2_interval[1], "1.1115")


def test_dersimonian_and_laird() -> None:
    fit = bcg("dl").fit
    printed(fit.coefficients[0, 0], "-0.7141")
    printed(fit.interval[0, 0, 0], "-1.0644")
    printed(fit.interval[0, 0, 1], "-0.3638")
    printed(fit.statistics[0, 0], "-3.9952")
    printed(fit.tau2[0], "0.3088")
    printed(fit.i2_percent[0], "92.1173")


def test_two_moderators() -> None:
    """Within two of the last digit: metafor stops once tau2 moves by less than 1e-5, before that has settled."""
    answer = bcg("reml", "ablat", "year")
    fit = answer.fit
    assert fit.tau2[0] == pytest.approx(0.1108, abs=1e-4)
    assert fit.tau2_error[0] == pytest.approx(0.0845, abs=1e-4)
    assert fit.i2_percent[0] == pytest.approx(71.98, abs=1e-2)
    assert fit.h2[0] == pytest.approx(3.57, abs=1e-2)
    assert answer.r2_percent == pytest.approx(64.63, abs=1e-2)
    assert fit.q[0] == pytest.approx(28.3251, abs=5e-5)
    assert fit.omnibus[0] == pytest.approx(12.2043, abs=3e-4)
    assert fit.coefficients[0] == pytest.approx([-3.5455, -0.0280, 0.0019], abs=2e-4)
    assert fit.standard_errors[0] == pytest.approx([29.0959, 0.0102, 0.0147], abs=2e-3)
    assert fit.statistics[0] == pytest.approx([-0.1219, -2.7371, 0.1299], abs=1e-4)


@pytest.mark.parametrize(("effect", "value", "variance"), [("rr", "-0.8893", "0.3256")])
def test_effects_of_the_first_trial(effect: Effect, value: str, variance: str) -> None:
    data = bcg("fixed", effect=effect).data
    printed(data.values[0], value)
    printed(data.variances[0], variance)
