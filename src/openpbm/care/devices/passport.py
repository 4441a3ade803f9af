"""A lamp's description checked by the core and kept whole, so that a later catalogue does not change a lamp we have."""

from __future__ import annotations

from openpbm.case.read_lamp import lamp_of_section
from openpbm.device.lamp_file import section_of
from openpbm.facts.lamps import Lamp
from openpbm.files import JsonObject, adapter

__all__ = ["EYE_CLASSES", "UNSAFE_CLASSES", "lamp_of", "snapshot"]

#: What may stand on a label: risk groups of IEC 62471 for LEDs, classes of IEC 60825-1 for lasers.
EYE_CLASSES = ("exempt", "RG1", "RG2", "RG3", "1", "1M", "2", "2M", "3R", "3B", "4")
#: Labels that say: not for use alone. Near-infrared light gives the eye no warning, so a moderate risk is one.
UNSAFE_CLASSES = frozenset({"RG2", "RG3", "1M", "2M", "3R", "3B", "4"})


_CLAIMED = {"output_status": "claimed"}


def snapshot(document: JsonObject) -> JsonObject:
    """The whole `device` section of a catalogue lamp's id or of a lamp of one's own, output as its maker claims it.

    Raises BadInput with one line a problem, in the words of a case file.
    """
    device = dict(document)
    # A catalogue lamp brings its own status; a lamp of one's own counts as claimed until somebody measures it.
    if "id" not in device or "emitters" in device:
        device |= _CLAIMED
    return section_of(lamp_of_section(device, "lamp")) | _CLAIMED


def lamp_of(section: JsonObject) -> Lamp:
    """The lamp of a whole section that was checked when it was written down."""
    lamp: Lamp = adapter(Lamp).validate_python(dict(section))
    return lamp
