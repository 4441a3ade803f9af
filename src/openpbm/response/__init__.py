"""What light does to tissue: its temperature. Sees numbers only."""

from openpbm.response.temperature import (
    HeatCells,
    Heating,
    Lateral,
    Surface,
    cell_layout,
    cem43_minutes,
    heating,
)

__all__ = ["HeatCells", "Heating", "Lateral", "Surface", "cell_layout", "cem43_minutes", "heating"]
