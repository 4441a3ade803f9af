"""OpenPBM plans photobiomodulation: light therapy with red and near-infrared light, for one person.

From a person, a condition, a body site and a lamp it makes a screened, dosed, safe course of light, or says why there
is none; from the sessions as they were really given, an honest verdict on whether it helps. Light therapy for these
conditions is investigational. Nothing here is medical advice, and OpenPBM is not a medical device.

The job, from below:

    facts      cited tables: `sites`, `devices`, `conditions`, `scales`, each indexed by id
    transport  light in layers of tissue: `Scene`, `simulate`, `green_function`
    case       who, what, where, with which lamp: `read_case` or `case_of`
    safety     every rule, every reason, one verdict: `screen`
    planning   dose, minutes, dates: `make_plan`, `load_plan`, `rescale`, `compare_plans`, `light_at_depth`
    mechanism  what a plan would do if light worked as it is said to: `respond`
    course     what was planned and what was written down: `read_course`
    outcomes   what it did: `score` for one form, `checkpoint` for one week of a course

The tables answer to ids:

>>> import openpbm
>>> openpbm.sites["posterior_calf"].plain_name
'back of the calf'
>>> [lamp.id for lamp in openpbm.devices if lamp.kind == "panel"]
['panel_660_850']
>>> openpbm.conditions["rls_primary"].primary_outcomes
('daily_severity', 'irls')
>>> openpbm.scales["irls"].direction
'lower'

Names are loaded when they are first used, so that `import openpbm` itself costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from openpbm.version import __version__

if TYPE_CHECKING:
    from openpbm.case import case_of, read_case
    from openpbm.course import read_course
    from openpbm.errors import BadInput, Problem
    from openpbm.facts.conditions import conditions
    from openpbm.facts.lamps import Emitters, Lamp
    from openpbm.facts.lamps import lamp_catalogue as devices
    from openpbm.facts.scales import scales
    from openpbm.facts.sites import sites
    from openpbm.mechanism import respond
    from openpbm.outcomes.decision import checkpoint
    from openpbm.outcomes.measures import score
    from openpbm.person import Person
    from openpbm.planning import LightAtDepth, Quality, compare_plans, light_at_depth, load_plan, make_plan, rescale
    from openpbm.safety import screen
    from openpbm.transport import Layer, Scene, Source, green_function, simulate

__all__ = [
    "BadInput",
    "Emitters",
    "Lamp",
    "Layer",
    "LightAtDepth",
    "Person",
    "Problem",
    "Quality",
    "Scene",
    "Source",
    "__version__",
    "case_of",
    "checkpoint",
    "compare_plans",
    "conditions",
    "devices",
    "green_function",
    "light_at_depth",
    "load_plan",
    "make_plan",
    "read_case",
    "read_course",
    "rescale",
    "respond",
    "scales",
    "score",
    "screen",
    "simulate",
    "sites",
]

# The same names as in the block above, for the machine: a test holds the two together.
_HOMES = {
    "BadInput": "openpbm.errors",
    "Emitters": "openpbm.facts.lamps",
    "Lamp": "openpbm.facts.lamps",
    "Layer": "openpbm.transport",
    "LightAtDepth": "openpbm.planning",
    "Person": "openpbm.person",
    "Problem": "openpbm.errors",
    "Quality": "openpbm.planning",
    "Scene": "openpbm.transport",
    "Source": "openpbm.transport",
    "case_of": "openpbm.case",
    "checkpoint": "openpbm.outcomes.decision",
    "compare_plans": "openpbm.planning",
    "conditions": "openpbm.facts.conditions",
    "devices": "openpbm.facts.lamps",
    "green_function": "openpbm.transport",
    "light_at_depth": "openpbm.planning",
    "load_plan": "openpbm.planning",
    "make_plan": "openpbm.planning",
    "read_case": "openpbm.case",
    "read_course": "openpbm.course",
    "rescale": "openpbm.planning",
    "respond": "openpbm.mechanism",
    "scales": "openpbm.facts.scales",
    "score": "openpbm.outcomes.measures",
    "screen": "openpbm.safety",
    "simulate": "openpbm.transport",
    "sites": "openpbm.facts.sites",
}
_NAMES_THERE = {"devices": "lamp_catalogue"}

# Hidden from the type checker, which would otherwise believe that every name exists.
if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        import importlib

        if name not in _HOMES:
            raise AttributeError(f"module 'openpbm' has no attribute {name!r}")
        found = getattr(importlib.import_module(_HOMES[name]), _NAMES_THERE.get(name, name))
        globals()[name] = found
        return found


def __dir__() -> list[str]:
    return list(__all__)
