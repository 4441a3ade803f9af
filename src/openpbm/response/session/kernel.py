"""Equations 1-10 integrated for many people at once: Dormand and Prince's pair of order 5 and 4, step by error."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
from numba import njit

from openpbm.compile_cache import compiled_code_kept
from openpbm.response.session import equations

__all__ = ["OCCUPIED", "OXYGEN", "PERFUSION", "REACTIVE", "STATES", "STORE", "TONE", "WARMTH", "integrate"]

# The states, in the order of the equations; the dose that has run up belongs to equation 9.
OCCUPIED, STORE, TONE, PERFUSION, WARMTH, OXYGEN, REACTIVE, BLOCK, DOSE = range(9)
STATES = 9
# What the states add up to over time, where it is asked for: perfusion over rest, oxidase freed of NO, reactive oxygen
# over rest, and its square.
FLOW_SUM, FREED_SUM, REACTIVE_SUM, SQUARE_SUM = range(9, 13)
STATES_AND_SUMS = 13
# What the compiled functions read of the light of one person.
FREED, STORE_LIGHT, ABSORBED, TOTAL, BLOCKING = range(5)

_LEAST_PERFUSION, _MOST_PERFUSION = 0.2, 6.0
# The control of the step's length of order 5, with the usual safety.
_SAFETY, _LEAST_FACTOR, _MOST_FACTOR = 0.9, 0.2, 5.0

_free_site_share = njit(equations.free_site_share)
_turnover_per_s = njit(equations.turnover_per_s)
_free_no_nm = njit(equations.free_no_nm)
_saturation = njit(equations.saturation)
_capillary_oxygen_um = njit(equations.capillary_oxygen_um)
_AFFINITY_UM = equations.AFFINITY_UM
_MAX_EXTRACTION = equations.MAX_EXTRACTION


# By `[:] =` Numba would bring its message for shapes that do not fit, and compile all its strings as long as the rest.
@njit
def _copy(source, target):  # type: ignore[no-untyped-def]
    for place in range(source.size):
        target[place] = source[place]


@njit
def _hill(value, half, exponent):  # type: ignore[no-untyped-def]
    if value <= 0.0:
        return 0.0
    return 1.0 / (1.0 + (half / value) ** exponent)


@njit
def rates(y, p, lit, on, warming_c_per_s, leaves, dy):  # type: ignore[no-untyped-def]
    """Right-hand side for one person: y and dy (states,), p its record, lit its light, on 1 while the lamp is."""
    occupied, store, tone, perfusion, warmth = y[OCCUPIED], y[STORE], y[TONE], y[PERFUSION], y[WARMTH]
    oxygen, reactive, block, dose = y[OXYGEN], y[REACTIVE], y[BLOCK], y[DOSE]
    free = _free_site_share(oxygen, p.electron_per_s, p.oxygen_on_per_um_s)
    turnover = _turnover_per_s(free, occupied, p.electron_per_s)
    respiration = (turnover / p.rest_turnover_per_s) ** p.respiration_control

    leaving = p.no_off_per_s + on * lit[FREED]
    opened = on * p.store_yield_cm2_per_mw_s * lit[STORE_LIGHT] * store
    nos = oxygen / (oxygen + _AFFINITY_UM) * (p.resting_oxygen_um + _AFFINITY_UM) / p.resting_oxygen_um
    joining = p.no_on_per_nm_s * free * (1.0 - occupied)
    no = _free_no_nm(
        p.rest_made_nm_per_s * nos,
        opened + p.oxidase_nm * leaving * occupied,
        p.no_scavenged_per_s,
        p.oxidase_nm * joining,
    )
    dy[OCCUPIED] = joining * no - leaving * occupied
    dy[STORE] = (p.store_nm - store) / p.store_refill_s - opened

    dy[TONE] = (no / (no + p.cyclase_half_nm) - tone) / p.tone_s
    wanted = 1.0 + p.tone_gain * (tone - p.rest_tone) / (1.0 - p.rest_tone)
    wanted += p.heat_gain_per_c * warmth + p.demand_gain * (respiration - 1.0)
    wanted = min(max(wanted, _LEAST_PERFUSION), _MOST_PERFUSION)
    dy[PERFUSION] = (wanted - perfusion) / p.perfusion_s
    dy[WARMTH] = warming_c_per_s - leaves * warmth * 0.5 * (1.0 + perfusion) / p.thermal_s

    extraction = min(p.extraction * respiration / perfusion, _MAX_EXTRACTION)
    supplied = _capillary_oxygen_um(_saturation(extraction))
    dy[OXYGEN] = p.rest_oxygen_in_per_s * (supplied - oxygen) - p.oxygen_use_um_per_s * respiration

    absorbed = on * lit[ABSORBED]
    raised = p.ros_light * absorbed / (absorbed + p.ros_light_half_per_s)
    # Powers are most of the work here: none is taken that is then multiplied by nothing.
    if p.ros_dose != 0.0:
        raised += p.ros_dose * _hill(dose, p.ros_dose_half_j_cm2, p.ros_dose_exponent)
    dy[REACTIVE] = p.ros_per_s * (1.0 + raised - reactive)
    blocking = on * lit[BLOCKING]
    if blocking != 0.0:
        blocking *= _hill(lit[TOTAL], p.block_half_mw_cm2, p.block_exponent)
    dy[BLOCK] = p.block_per_s * blocking * (1.0 - block) - block / p.block_s
    dy[DOSE] = on * lit[TOTAL] * 1e-3
    if dy.size > STATES:
        dy[FLOW_SUM] = perfusion - 1.0
        dy[FREED_SUM] = p.rest_occupied - occupied
        dy[REACTIVE_SUM] = reactive - 1.0
        dy[SQUARE_SUM] = (reactive - 1.0) ** 2


# Dormand and Prince (1980), RK5(4)7M.
_A = np.array(
    [
        [0, 0, 0, 0, 0, 0],
        [1 / 5, 0, 0, 0, 0, 0],
        [3 / 40, 9 / 40, 0, 0, 0, 0],
        [44 / 45, -56 / 15, 32 / 9, 0, 0, 0],
        [19372 / 6561, -25360 / 2187, 64448 / 6561, -212 / 729, 0, 0],
        [9017 / 3168, -355 / 33, 46732 / 5247, 49 / 176, -5103 / 18656, 0],
        [35 / 384, 0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84],
    ]
)
_ERROR = np.array([71 / 57600, 0, -71 / 16695, 71 / 1920, -17253 / 339200, 22 / 525, -1 / 40])


@njit
def _through(y, k, p, lit, on, warming, leaves, span_s, step_s, tolerance, scale, trial):  # type: ignore[no-untyped-def]
    """One person through an interval in which lamp and warming do not change; returns the last step's length."""
    passed = 0.0
    rates(y, p, lit, on, warming, leaves, k[0])
    while passed < span_s:
        step_s = min(step_s, span_s - passed)
        for stage in range(1, 7):
            for state in range(y.size):
                slope = 0.0
                for earlier in range(stage):
                    slope += _A[stage, earlier] * k[earlier, state]
                trial[state] = y[state] + step_s * slope
            rates(trial, p, lit, on, warming, leaves, k[stage])
        worst = 0.0
        for state in range(y.size):
            slope = 0.0
            for stage in range(7):
                slope += _ERROR[stage] * k[stage, state]
            allowed = tolerance * (scale[state] + max(abs(y[state]), abs(trial[state])))
            ratio = abs(step_s * slope) / allowed
            # No number at all: a stage went beyond the equations' domain, and the step was far too long.
            if math.isnan(ratio):
                ratio = math.inf
            worst = max(worst, ratio)
        if worst <= 1.0:
            passed += step_s
            _copy(trial, y)
            _copy(k[6], k[0])
        step_s *= min(max(_SAFETY * (worst + 1e-10) ** -0.2, _LEAST_FACTOR), _MOST_FACTOR)
    return step_s


# Where a state is small, errors are weighed against these: share, nM, share, ratio, C, uM, ratio, share, J/cm2, and
# sums as small as those of a faint session [s].
_SCALE = np.array([1e-3, 1e-1, 1e-2, 1e-1, 1e-2, 1e-1, 1e-1, 1e-3, 1e-1, 1e-1, 1e-3, 1.0, 1e-1])


def _integrate(people, light, warming, leaves, on, edges_s, tolerance, size):  # type: ignore[no-untyped-def]
    """States at the edges, (people, edges, size): people records, light (people, 5), warming (people, intervals).

    size : STATES, or STATES_AND_SUMS with what they add up to
    """
    states = np.empty((len(people), len(edges_s), size))
    for person in range(len(people)):
        p = people[person]
        y = np.zeros(size)
        y[OCCUPIED], y[STORE], y[TONE], y[OXYGEN] = p.rest_occupied, p.store_nm, p.rest_tone, p.resting_oxygen_um
        y[PERFUSION] = y[REACTIVE] = 1.0
        k = np.empty((7, size))
        trial = np.empty(size)
        _copy(y, states[person, 0])
        step_s = 1.0
        # Where nothing acts the tissue rests, exactly; integrating would leave the last digits of its balance.
        lit = light[person]
        acts = lit[FREED] + lit[STORE_LIGHT] + lit[BLOCKING] > 0.0 or np.any(warming[person] != 0.0)
        acts = acts or (lit[TOTAL] > 0.0 and p.ros_light + p.ros_dose > 0.0)
        for interval in range(len(edges_s) - 1):
            if acts:
                step_s = _through(
                    y,
                    k,
                    p,
                    lit,
                    on[interval],
                    warming[person, interval],
                    leaves,
                    edges_s[interval + 1] - edges_s[interval],
                    min(step_s, 30.0),
                    tolerance,
                    _SCALE,
                    trial,
                )
            _copy(y, states[person, interval + 1])
    return states


with compiled_code_kept(Path(__file__).parent) as _kept:
    integrate = njit(nogil=True, cache=_kept, error_model="numpy")(_integrate)
