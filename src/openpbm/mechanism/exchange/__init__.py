"""The two models for other programs: Antimony, SBML, SED-ML, and a COMBINE archive of them all."""

from openpbm.mechanism.exchange.export import export_models
from openpbm.mechanism.exchange.median_models import ModelRun, median_course, median_session

__all__ = ["ModelRun", "export_models", "median_course", "median_session"]
