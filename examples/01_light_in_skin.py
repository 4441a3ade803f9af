"""Light in skin, fat and muscle: how the fluence rate falls with depth, for red and for near-infrared light.

    python examples/01_light_in_skin.py [PICTURE.png]

The layers are plain numbers here; the next example takes them from a body site and a person.
"""

import sys
from dataclasses import replace

from matplotlib.figure import Figure

import openpbm

DEPTHS_MM = (0.25, 0.5, 1.0, 2.0, 3.0, 5.0, 7.5, 10.0, 15.0, 20.0)

# Absorption and scattering [1/mm] of pale skin over fat over muscle. Melanin and blood take more of the red light.
RED = (
    openpbm.Layer(name="epidermis", thickness_mm=0.1, mu_a_per_mm=0.55, mu_s_per_mm=22.0, g=0.8, n=1.42),
    openpbm.Layer(name="dermis", thickness_mm=1.4, mu_a_per_mm=0.035, mu_s_per_mm=17.0, g=0.82, n=1.39),
    openpbm.Layer(name="fat", thickness_mm=6.0, mu_a_per_mm=0.010, mu_s_per_mm=12.0, g=0.9, n=1.44),
    openpbm.Layer(name="muscle", thickness_mm=None, mu_a_per_mm=0.055, mu_s_per_mm=8.0, g=0.9, n=1.37),
)
INFRARED = tuple(
    replace(layer, mu_a_per_mm=mu_a, mu_s_per_mm=0.75 * layer.mu_s_per_mm)
    for layer, mu_a in zip(RED, (0.25, 0.03, 0.009, 0.030), strict=True)
)


def main() -> None:
    """Simulate both wavelengths and draw them on one chart."""
    figure = Figure(figsize=(6.4, 4.4), layout="constrained")
    axes = figure.subplots()
    for name, layers, colour in (("660 nm", RED, "#d55e00"), ("850 nm", INFRARED, "#0072b2")):
        scene = openpbm.Scene(
            layers=layers, source=openpbm.Source(kind="uniform"), photons=40_000, seed=1, depths_mm=DEPTHS_MM
        )
        light = openpbm.simulate(scene)
        # Per 1 mW/cm2 that falls on the skin; just below the surface scattered light adds to what arrives.
        values = [point.value for point in light.fluence_rate]
        errors = [2.0 * point.error for point in light.fluence_rate]
        axes.errorbar(DEPTHS_MM, values, yerr=errors, color=colour, marker="o", markersize=3.5, label=name)
        back = light.diffuse_reflectance.value
        print(f"{name}: {values[2]:.2f} at 1 mm, {values[7]:.3f} at 10 mm; {back:.0%} of the light comes back out")
    axes.axvspan(1.5, 7.5, color="#f2ead3", zorder=0, label="fat")
    axes.set(yscale="log", xlabel="depth below the skin surface, mm", ylabel="fluence rate over irradiance on the skin")
    axes.set_title("Light in skin, fat and muscle", loc="left", fontweight="bold")
    axes.legend(frameon=False)
    figure.savefig(sys.argv[1] if len(sys.argv) > 1 else "01_light_in_skin.png", dpi=110, metadata={"Software": None})


if __name__ == "__main__":
    main()
