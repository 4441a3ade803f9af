"""Mechanism: what a planned session and course would do if light worked as it is said to, and what warmth alone does.

    python examples/05_mechanism.py [PICTURE.png]

Each arrow of the mechanism exists in each virtual person by its weight, and can be switched. Nothing here is shown to
be true; light therapy for these conditions is investigational.
"""

import sys
from pathlib import Path

import openpbm

CASE = Path(__file__).parent / "restless_legs.toml"
STORES = "light_opens_no_stores"


def main() -> None:
    """Respond to one plan with one arrow on, off, and under a lamp that only warms; draw it as it stands."""
    screening = openpbm.screen(openpbm.read_case(CASE))
    plan = openpbm.make_plan(screening, quality=openpbm.Quality(scenarios=16), seed=1)
    print(f"largest rise of blood flow in the skin, {plan.exposure_minutes:g} minutes, middle of the people:")
    lamps = {
        "NO stores open under light": openpbm.respond(screening, plan, forced={STORES: True}, people=300),
        "they do not": openpbm.respond(screening, plan, forced={STORES: False}, people=300),
        "a lamp that only warms": openpbm.respond(screening, plan, sham_heat=True, people=300),
    }
    for name, response in lamps.items():
        flow = next(shown for shown in response.observables if shown.name == "flow_percent")
        print(f"  {name}: {flow.median.max():.1f} %")

    response = openpbm.respond(screening, plan, people=300)
    course = response.course
    print(f"{course.name}: a lamp without light would end between {course.sham.p5.min():.0f} and {course.start:.0f};")
    print(f"  light itself would change that by {course.specific.p5.min():.1f} to {course.specific.p95.max():+.1f}")
    print(f"  weight of a light that does nothing: {course.weight_null:g}")
    response.plot().savefig(sys.argv[1] if len(sys.argv) > 1 else "05_mechanism.png", dpi=90)


if __name__ == "__main__":
    main()
