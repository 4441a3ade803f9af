"""Equations 11-18 through a course, for many people: exact where a closed form exists, order 4 where none does."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
from numba import njit

from openpbm.compile_cache import compiled_code_kept

__all__ = ["CAPILLARIES", "CONDUCTION", "EFFECT", "EXPECTATION", "INFLAMMATION", "STATES", "follow"]

# What is kept for each day asked for: the effect, its mediators relative to rest, and the expectation.
EFFECT, INFLAMMATION, CAPILLARIES, CONDUCTION, EXPECTATION = range(5)
STATES = 5
# Longest step of what has no closed form, in days and as a share of the time in which the effect leaves.
_STEP_DAYS, _STEP_SHARE = 0.25, 0.25
_SAME = 1e-9


@njit
def _driven(span, own, effect_d):  # type: ignore[no-untyped-def]
    """What a unit of effect, fading with effect_d, has made after `span` of a state that follows with time `own`."""
    if abs(own - effect_d) < _SAME * own:
        return span / own * math.exp(-span / own)
    return (math.exp(-span / effect_d) - math.exp(-span / own)) * effect_d / (effect_d - own)


@njit
def _slopes(p, effect, antioxidants, vegf, inflammation, capillaries, conduction):  # type: ignore[no-untyped-def]
    """Rates of inflammation (16), capillaries (15) and nerve deficit (17), the first and the last relative to rest."""
    grown = vegf - 1.0
    calmed = 1.0 - p.inflammation_most * effect / (abs(effect) + p.effect_half)
    wanted_inflammation = calmed * antioxidants**-p.antioxidant_power
    wanted_capillaries = 1.0 + (p.capillary_most - 1.0) * grown / (p.vegf_half + grown)
    wanted_conduction = 1.0 - p.conduction_capillary * (capillaries - p.rest_capillaries)
    wanted_conduction -= p.conduction_inflammation * (1.0 - inflammation)
    wanted_conduction -= p.conduction_direct * effect / (1.0 + abs(effect))
    return (
        (wanted_inflammation - inflammation) / p.inflammation_d,
        (wanted_capillaries - capillaries) / p.capillary_d,
        (wanted_conduction - conduction) / p.conduction_d,
    )


@njit
def _mediators(p, span, effect, antioxidants, vegf, i, c, x):  # type: ignore[no-untyped-def]
    """Inflammation, capillaries, deficit, antioxidants and VEGF after `span` days without a session (Runge, Kutta)."""
    count = max(1, math.ceil(span / min(_STEP_DAYS, _STEP_SHARE * p.carry_over_d)))
    h = span / count
    half = 0.5 * h
    fade, fade_a, fade_v = (
        math.exp(-half / p.carry_over_d),
        math.exp(-half / p.antioxidant_d),
        math.exp(-half / p.vegf_d),
    )
    made_a = p.antioxidant_gain * _driven(half, p.antioxidant_d, p.carry_over_d)
    made_v = p.vegf_gain * _driven(half, p.vegf_d, p.carry_over_d)
    level = 1.0 + p.vegf_hypoxia * p.hypoxia
    # Effects that harm raise neither; between sessions an effect fades and never changes its sign.
    if effect < 0.0:
        made_a = made_v = 0.0
    for _step in range(count):
        middle, middle_a = effect * fade, 1.0 + (antioxidants - 1.0) * fade_a + made_a * effect
        middle_v = level + (vegf - level) * fade_v + made_v * effect
        end, end_a = middle * fade, 1.0 + (middle_a - 1.0) * fade_a + made_a * middle
        end_v = level + (middle_v - level) * fade_v + made_v * middle
        i1, c1, x1 = _slopes(p, effect, antioxidants, vegf, i, c, x)
        i2, c2, x2 = _slopes(p, middle, middle_a, middle_v, i + half * i1, c + half * c1, x + half * x1)
        i3, c3, x3 = _slopes(p, middle, middle_a, middle_v, i + half * i2, c + half * c2, x + half * x2)
        i4, c4, x4 = _slopes(p, end, end_a, end_v, i + h * i3, c + h * c3, x + h * x3)
        i += h / 6.0 * (i1 + 2.0 * i2 + 2.0 * i3 + i4)
        c += h / 6.0 * (c1 + 2.0 * c2 + 2.0 * c3 + c4)
        x += h / 6.0 * (x1 + 2.0 * x2 + 2.0 * x3 + x4)
        effect, antioxidants, vegf = end, end_a, end_v
    return antioxidants, vegf, i, c, x


def _follow(people, stimuli, session_days, days, treated_until):  # type: ignore[no-untyped-def]
    """States on the days asked for, (people, days, states): people records, stimuli (people, sessions).

    session_days (sessions,) and days (days,) increase; expectation builds up until `treated_until` and fades then.
    """
    states = np.empty((len(people), len(days), STATES))
    for person in range(len(people)):
        p = people[person]
        acts = np.any(stimuli[person] != 0.0)
        effect, tolerance, antioxidants, vegf = 0.0, 0.0, 1.0, 1.0 + p.vegf_hypoxia * p.hypoxia
        i, c, x = 1.0, p.rest_capillaries, 1.0
        now, session = 0.0, 0
        for row in range(len(days)):
            while session < len(session_days) and session_days[session] <= days[row]:
                span = session_days[session] - now
                if acts:
                    antioxidants, vegf, i, c, x = _mediators(p, span, effect, antioxidants, vegf, i, c, x)
                effect *= math.exp(-span / p.carry_over_d)
                tolerance *= math.exp(-span / p.tolerance_d)
                # Both jumps use the tolerance from before the session.
                arrived = stimuli[person, session] * (1.0 - tolerance)
                effect += arrived
                tolerance += p.tolerance * abs(arrived)
                now = session_days[session]
                session += 1
            span = days[row] - now
            if acts and span > 0.0:
                antioxidants, vegf, i, c, x = _mediators(p, span, effect, antioxidants, vegf, i, c, x)
            effect *= math.exp(-span / p.carry_over_d)
            tolerance *= math.exp(-span / p.tolerance_d)
            now = days[row]
            built = 1.0 - math.exp(-min(now, treated_until) / p.placebo_d)
            states[person, row, EFFECT] = effect
            states[person, row, INFLAMMATION] = i
            states[person, row, CAPILLARIES] = c - p.rest_capillaries
            states[person, row, CONDUCTION] = x
            states[person, row, EXPECTATION] = (
                p.placebo * built * math.exp(-max(now - treated_until, 0.0) / p.placebo_d)
            )
    return states


with compiled_code_kept(Path(__file__).parent) as _kept:
    follow = njit(nogil=True, cache=_kept, error_model="numpy")(_follow)
