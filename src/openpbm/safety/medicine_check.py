"""Reasons from medicines: photosensitisers by overlap with the lamp's spectrum, and drugs that feed the complaint."""

from __future__ import annotations

from collections.abc import Iterable

from openpbm.case import Case
from openpbm.facts.medicine_text import nearest_names, read_medicines
from openpbm.facts.medicines import Medicine, members_of_class
from openpbm.facts.rules import computed, computed_rules
from openpbm.reason import Level, Reason

__all__ = ["level_without_lamp", "medicine_reasons"]

# Emission of a light-emitting diode reaches about this far from its peak; a laser line less.
_HALF_BAND_NM = 25.0

# Tier 1 as where the lamp shines in its band: that is what counts until the lamp is known.
_RULE_OF_TIER = {1: "photosensitiser_in_band", 2: "photosensitiser_strong", 3: "photosensitiser_weak"}

_PROGRAMME_ROLES = {
    "worsens_rls": ("rls", "worsens_rls"),
    "dopaminergic": ("rls", "dopaminergic_augmentation"),
    "causes_neuropathy": ("neuropathy", "causes_neuropathy"),
    "causes_cramps": ("muscle_spasm", "causes_cramps"),
}


def medicine_reasons(case: Case) -> list[Reason]:
    """Reasons from the list of medicines, every one in every line; a list that was not given is itself one."""
    if case.person.medications is None:
        return [computed("medications_unknown")]
    read = [read_medicines(line) for line in case.person.medications]
    taken = {named.medicine.name: named.medicine for line in read for named in line.found}.values()
    reasons = [reason for medicine in taken for reason in _reasons_for(medicine, case)]
    reasons += _vasodilation(taken)
    reasons += [computed("medicine_not_judged", name=code) for line in read for code in line.unlisted_codes]
    unknown = dict.fromkeys(name for line in read for name in line.unknown)
    return reasons + [_unknown(name) for name in unknown]


def level_without_lamp(medicine: Medicine) -> Level:
    """How grave a medicine can be where the lamp is not known: `note` is known and nothing speaks against it."""
    if medicine.tier is not None:
        return computed_rules[_RULE_OF_TIER[medicine.tier]].level
    return "caution" if medicine.roles else "note"


def _unknown(name: str) -> Reason:
    if members := [m for m in members_of_class(name) if m.tier in (1, 2)]:
        return computed("medicine_class", name=name, members=", ".join(m.name for m in members[:6]))
    if nearest := nearest_names(name):
        return computed("medicine_misspelt", name=name, nearest=" or ".join(nearest))
    return computed("medicine_not_listed", name=name)


def _vasodilation(taken: Iterable[Medicine]) -> list[Reason]:
    widening = [medicine for medicine in taken if {"vasodilator", "anticoagulant"} & set(medicine.roles)]
    if not widening:
        return []
    names = " and ".join(medicine.name for medicine in widening)
    return [computed("vasodilation", name=names, source=widening[0].source)]


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
        found.append(computed(_RULE_OF_TIER[medicine.tier], **values))
    for role, (where, rule) in _PROGRAMME_ROLES.items():
        if role in medicine.roles and programme == where:
            found.append(computed(rule, **values))
    return found
