"""Dose at depth: how much of a panel's light reaches muscle and nerves of the calf, and how unsure that is.

    python examples/02_dose_at_depth.py [PICTURE.png]

Instead of numbers made up for one tissue, many tissues that this site may have are drawn, with what the lamp may really
give and where it may really stand. Every answer is a band. Light therapy for these conditions is investigational.
"""

import sys

import openpbm

MINUTES = 20.0
J_PER_MW_MIN = 0.06


def main() -> None:
    """Compute the light once for anybody and once for one person, print doses, draw the second."""
    panel, calf = openpbm.devices["panel_660_850"], openpbm.sites["posterior_calf"]
    person = openpbm.Person(sex="female", height_cm=166, weight_kg=68, skin_type=2)
    anybody = openpbm.light_at_depth(panel, calf, 300.0)
    her = openpbm.light_at_depth(panel, calf, 300.0, person)

    print(f"{panel.name}, 30 cm, {her.irradiance_mw_cm2:.0f} mW/cm2 on the skin; J/cm2 in {MINUTES:g} minutes:")
    for structure in her.structures:
        for name, light in (("anybody", anybody), ("her", her)):
            rate = light.at(structure.structure).fluence_rate_mw_cm2
            p5, median, p95 = (MINUTES * J_PER_MW_MIN * value for value in (rate.p5, rate.median, rate.p95))
            print(f"  {structure.plain_name}, {name}: {median:.2g} ({p5:.2g} to {p95:.2g})")
    her.plot().savefig(sys.argv[1] if len(sys.argv) > 1 else "02_dose_at_depth.png", dpi=110)


if __name__ == "__main__":
    main()
