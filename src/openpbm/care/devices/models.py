"""Lamps: the passport as entered, and every measurement."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from openpbm.care import clock
from openpbm.care.accounts.models import Clinic
from openpbm.care.audit.constraints import Within
from openpbm.care.audit.ledger import Watched
from openpbm.care.audit.models import DocumentField, InsertOnly

__all__ = [
    "DISTANCE_MM", "IRRADIANCE_MW_CM2", "UNCERTAINTY_PERCENT", "WAVELENGTH_NM", "Cleaning", "Lamp", "LampPassport",
    "Measurement",
]  # fmt: skip

#: From the lamp to the skin or to a meter; on the skin is 0, and farther off than five metres no lamp is used.
DISTANCE_MM = Within(0, 5000)
#: Of a reading.
IRRADIANCE_MW_CM2 = Within(0, 100_000, above=True)
UNCERTAINTY_PERCENT = Within(0, 100, above=True)
WAVELENGTH_NM = Within(200, 2500)


class Lamp(Watched):
    """One lamp that stands somewhere: of a clinic, or of a person who manages themselves."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    clinic = models.ForeignKey(Clinic, null=True, blank=True, on_delete=models.PROTECT, related_name="lamps")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="lamps"
    )
    name = models.CharField(max_length=120)
    serial = models.CharField(max_length=80, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    retired_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class LampPassport(InsertOnly):
    """What is said of a lamp: the `device` section of a case file, and what a regulator said. The newest counts.

    document : the lamp as the core reads it (`id` of the catalogue, or emitters and all), as the maker claims it
    spectrum : rows [wavelength_nm, relative power], empty where none was imported
    on_label : what label and manual say of evenness, timer, warmth, standards, data, cleaning and warranty
    product_class : what it was picked as from the drawings of lamps on sale; "" where nobody picked
    """

    lamp = models.ForeignKey(Lamp, on_delete=models.PROTECT, related_name="passports")
    document = DocumentField()
    # A list of pairs and not a table of its own: it is only ever read and replaced as a whole.
    spectrum = DocumentField(default=list)
    product_class = models.CharField(max_length=32, blank=True)
    # By the fields of the buyer's guide (facts.buying), what nobody said left out.
    on_label = DocumentField(default=dict)
    eye_class = models.CharField(max_length=16, blank=True, help_text="IEC 62471 risk group or IEC 60825-1 class.")
    clearance = models.CharField(max_length=200, blank=True)
    indication = models.CharField(max_length=200, blank=True)
    wearable = models.BooleanField(default=False)
    supersedes = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="newer")


class Measurement(InsertOnly):
    """One reading of a lamp's output with a meter, as entered."""

    lamp = models.ForeignKey(Lamp, on_delete=models.PROTECT, related_name="measurements")
    measured_on = models.DateField()
    wavelength_nm = models.FloatField(
        null=True, blank=True, validators=[WAVELENGTH_NM], help_text="Empty: all wavelengths together."
    )
    irradiance_mw_cm2 = models.FloatField(validators=[IRRADIANCE_MW_CM2])
    distance_mm = models.FloatField(validators=[DISTANCE_MM])
    uncertainty_percent = models.FloatField(
        validators=[UNCERTAINTY_PERCENT], help_text="Of the reading, at about 95 % coverage."
    )
    meter = models.CharField(max_length=120)
    meter_calibrated_on = models.DateField(null=True, blank=True)
    note = models.CharField(max_length=200, blank=True)
    signed = models.BooleanField(default=False, help_text="A clinician has checked the reading and answers for it.")
    supersedes = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="newer")

    class Meta:
        constraints = (
            IRRADIANCE_MW_CM2.constraint("irradiance_mw_cm2", name="reading_irradiance"),
            DISTANCE_MM.constraint("distance_mm", name="reading_distance"),
            UNCERTAINTY_PERCENT.constraint("uncertainty_percent", name="reading_uncertainty"),
            WAVELENGTH_NM.constraint("wavelength_nm", name="reading_wavelength"),
        )


class Cleaning(InsertOnly):
    """One cleaning of a lamp, as whoever did it wrote it down. found : what was seen in doing so"""

    lamp = models.ForeignKey(Lamp, on_delete=models.PROTECT, related_name="cleanings")
    cleaned_on = models.DateField()
    wiped_with = models.CharField(max_length=80)
    cover_changed = models.BooleanField(default=False)
    found = models.CharField(max_length=200, blank=True)
