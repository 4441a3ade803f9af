"""Reasons from medicines: photosensitisers by overlap with the lamp's spectrum, and drugs that feed the complaint."""

from __future__ import annotations

from openpbm.case import Case
from openpbm.facts.medicines import Medicine, find_medicine, members_of_class, nearest_medicine
from openpbm.facts.rules import computed
from openpbm.reason import Reason

__all__ = ["medicine_reasons"]

# Emission of a light-emitting diode reaches about this far from its peak; a laser line less.
_HALF_BAND_NM = 25.0

_PROGRAMME_ROLES = {
    "worsens_rls": ("rls", "worsens_rls"),
    "dopaminergic": ("rls", "dopaminergic_augmentation"),
    "causes_neuropathy": ("neuropathy", "causes_neuropathy"),
    "causes_cramps": ("muscle_spasm", "causes_cramps"),
}


def medicine_reasons(case: Case) -> list[Reason]:
    """Reasons from the list of medicines; a list that was not given is itself one."""
    if case.person.medications is None:
        return [computed("medications_unknown")]
    reasons: list[Reason] = []
    unknown: list[str] = []
    widening: list[Medicine] = []
    for name in case.person.medications:
        medicine = find_medicine(name)
        if medicine is not None:
            reasons.extend(_reasons_for(medicine, case))
            if {"vasodilator", "anticoagulant"} & set(medicine.roles):
                widening.append(medicine)
        elif members := [m for m in members_of_class(name) if m.tier in (1, 2)]:
            reasons.append(computed("medicine_class", name=name, members=", ".join(m.name for m in members[:6])))
        elif nearest := nearest_medicine(name):
            reasons.append(computed("medicine_misspelt", name=name, nearest=nearest))
        else:
            unknown.append(name)
    if widening:
        names = " and ".join(medicine.name for medicine in widening)
        reasons.append(computed("vasodilation", name=names, source=widening[0].source))
    if unknown:
        reasons.append(computed("medicine_not_listed", names=", ".join(unknown)))
    return reasons


def _reasons_for(medicine: Medicine, case: Case) -> list[Reason]:
    programme = case.condition.condition().programme
    wavelengths = sorted({emitters.wavelength_nm for emitters in case.device.emitters})
    values = {"name": medicine.name.capitalize(), "source": medicine.source}
    found = []
    if medicine.tier == 1:
        assert medicine.absorbs_nm is not None
        low, high = medicine.absorbs_nm
        overlaps = any(low - _HALF_BAND_NM <= wavelength <= high + _HALF_BAND_NM for wavelength in wavelengths)
        found.append(
            computed(
                "photosensitiser_in_band" if overlaps else "photosensitiser_other_band",
                low=low,
                high=high,
                wavelengths=", ".join(f"{wavelength:g}" for wavelength in wavelengths),
                hold=f" ({medicine.hold})" if medicine.hold else "",
                **values,
            )
        )
    elif medicine.tier is not None:
        found.append(computed({2: "photosensitiser_strong", 3: "photosensitiser_weak"}[medicine.tier], **values))
    for role, (where, rule) in _PROGRAMME_ROLES.items():
        if role in medicine.roles and programme == where:
            found.append(computed(rule, **values))
    return found
