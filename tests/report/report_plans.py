"""The content of plans the report is tried on, as plan.json holds it."""

from __future__ import annotations

import math
from typing import Any

SITE = {"site": "posterior_calf", "side": "both"}


SPREAD = {"optics": 0.55, "anatomy": 0.2, "lamp": 0.22, "placement": 0.03}


def _band(median: float) -> dict[str, float]:
    return {"p5": 0.4 * median, "median": median, "p95": 2.0 * median}


def _points(attenuation_per_mm: float) -> list[dict[str, Any]]:
    depths_mm = (0.05, 1.0, 3.0, 6.0, 10.0, 15.0, 20.0, 30.0)
    return [{"depth_mm": d, "fluence_j_cm2": _band(40.0 * math.exp(-attenuation_per_mm * d))} for d in depths_mm]


def _dose_row(wavelength_nm: float | None, fluence_j_cm2: float, chance: float | None) -> dict[str, Any]:
    return {
        **SITE,
        "structure": "gastrocnemius",
        "depth_mm": 17.2,
        "depth_range_mm": [12.0, 24.0],
        "wavelength_nm": wavelength_nm,
        "fluence_rate_mw_cm2": _band(2.1),
        "fluence_j_cm2": _band(fluence_j_cm2),
        "chance_in_window": chance,
        "chance_standard_error": None if chance is None else 0.021,
        "spread": None if wavelength_nm is not None else dict(SPREAD),
    }


ALLOWED: dict[str, Any] = {
    "format": 2,
    "verdict": "allowed",
    "reasons": [],
    "cautions": [
        {
            "rule": "iron_unknown",
            "level": "caution",
            "kind": "missing",
            "message": "No ferritin from the last three months.",
            "source": "aasm2025",
            "action": "order_test",
            "verified": True,
        }
    ],
    "candidacy": [
        {
            "id": "iron_done",
            "text": "Iron checked",
            "status": "no",
            "message": "Ask for the test.",
            "source": "aasm2025",
        }
    ],
    "evidence": {
        "grade": "very low",
        "statement": "For this condition no trial found: single-person trial only.",
        "no_trial": True,
        "trials": [],
    },
    "overrides": None,
    "protocol": None,
    "prescription": {
        "condition": "nocturnal_cramps",
        "protocol": "cramps_brief",
        "origin": "brief",
        "mode": "area",
        "minutes": 25.0,
        "minutes_per_point": 25.0,
        "points_planned": 1,
        "distance_mm": 300,
        "energy_per_point_j": None,
        "points": None,
        "minutes_range": [20, 30],
        "protocols": [],
        "skin_fluence_j_cm2": {"planned": 41.2, "lower": 16.5, "upper": 53.6, "range": [12, 90]},
        "irradiance_range_mw_cm2": [10, 50],
        "wavelength_range_nm": [810, 850],
        "window": [
            {
                **SITE,
                "structure": "gastrocnemius",
                "fluence_j_cm2": [0.9, 6.7],
                "derived": True,
                "basis": "our model",
                "protocols": ["cramps_brief"],
            }
        ],
    },
    "dose": [_dose_row(None, 3.1, 0.72), _dose_row(660.0, 0.5, None), _dose_row(850.0, 2.6, None)],
    "skin": {
        "irradiance_mw_cm2": 27.5,
        "irradiance_upper_mw_cm2": 35.8,
        "fluence_j_cm2": 41.2,
        "energy_per_point_j": None,
        "limit_ratio": 0.09,
    },
    "eye": {
        "seconds_without_eyewear": 185.0,
        "eyewear_needed": True,
        "limiting_hazard": "cornea and lens, near infrared",
        "distance_mm": 300,
        "irradiance_upper_w_m2": 12.0,
        "eye_safe_unsupervised": False,
    },
    "placement": {"distance_mm": 300},
    "session_minutes": 25.0,
    "exposure_minutes": 25.0,
    "condition": {
        "id": "nocturnal_cramps",
        "programme": "muscle_spasm",
        "name": "Nocturnal leg cramps",
        "plain_name": "night cramps",
        "confirmed_by": None,
    },
    "course": {"start_date": "2026-12-28", "supervision": "self"},
    "window_draws": [],
    "schedule": {
        "minutes_per_session": 25.0,
        "minutes_per_point": 25.0,
        "points": 1,
        "total_minutes_per_session": 50.0,
        "positions_per_session": 2,
        "sessions_per_week": 2,
        "weeks": 2,
        "sessions": [
            {
                "number": number,
                "date": date,
                "weekday": weekday,
                "start_time": "20:00",
                "week": week,
                "placements": ["posterior_calf left", "posterior_calf right"],
            }
            for number, date, weekday, week in (
                (1, "2026-12-28", "Monday", 1),
                (2, "2026-12-31", "Thursday", 1),
                (3, "2027-01-04", "Monday", 2),
                (4, "2027-01-07", "Thursday", 2),
            )
        ],
        "checkpoints": [{"week": 2, "date": "2027-01-11", "about": "safety and adherence only"}],
        "confounded_weeks": [{"from_week": 0, "to_week": 12, "reason": "iron treatment"}],
    },
    "sites": [
        {
            **SITE,
            "target": "gastrocnemius",
            "plain_name": "back of the calf",
            "positioning": "Lie on your front with the foot over the edge of the bed.",
            "width_mm": 120,
            "height_mm": 220,
        }
    ],
    "lamp": {
        "id": "red_nir_panel",
        "name": "660/850 nm LED panel",
        "kind": "panel",
        "output_status": "claimed",
        "wavelengths_nm": [660, 850],
        "heads": 1,
        "contact": False,
        "laser_class": None,
        "emitters": [],
    },
    "person": {"age_years": 52, "sex": "female", "skin_type": None},
    "curves": [
        {
            **SITE,
            "target": "gastrocnemius",
            "target_depth_mm": {"p5": 12, "median": 17.2, "p95": 24},
            "window_j_cm2": [0.9, 6.7],
            "wavelengths": [
                {"wavelength_nm": 660, "points": _points(0.3)},
                {"wavelength_nm": 850, "points": _points(0.17)},
                {"wavelength_nm": None, "points": _points(0.19)},
            ],
        }
    ],
    "irradiance_map": {
        "x_mm": list(range(-150, 151, 15)),
        "y_mm": list(range(-150, 151, 15)),
        "irradiance_mw_cm2": [
            [27.5 * math.exp(-(x * x + y * y) / 24200.0) for x in range(-150, 151, 15)] for y in range(-150, 151, 15)
        ],
        "site_width_mm": 120,
        "site_height_mm": 220,
    },
    "unverified": ["subcutis thickness at posterior_calf"],
    "notice": "Light therapy for this condition is investigational. Go on with your standard care. "
    "This is not medical advice.",
    "provenance": {
        "openpbm": "0.1.0",
        "python": "3.11",
        "numpy": "2",
        "facts_digest": "sha256:0",
        "transport_digest": "sha256:0",
        "overrides": None,
        "seed": 1,
        "scenarios": 40,
        "light_error": 1e-4,
    },
}

REASONS = [
    {
        "rule": "medications_unknown",
        "level": "ask",
        "kind": "missing",
        "message": "List your medicines.",
        "source": "openpbm_assumption",
        "verified": False,
    },
    {
        "rule": "loss_of_protective_sensation",
        "level": "relative",
        "kind": "safety",
        "message": "A foot that cannot feel heat cannot warn you.",
        "source": "openpbm_assumption",
        "verified": False,
    },
    {
        "rule": "foot_ulcer",
        "level": "red_flag",
        "kind": "referral",
        "message": "An open sore needs a foot team first.",
        "source": "iwgdf2023",
        "urgency": "urgent",
        "route": "diabetic foot team",
        "verified": True,
    },
]
