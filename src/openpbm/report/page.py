"""The templates' environment: autoescape on, the wording's filters, an undefined name is an error."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from openpbm.wording import (
    clock_in_words,
    date_in_words,
    in_words,
    level_in_words,
    mean_in_words,
    minutes_in_words,
    percent_in_words,
    place_in_words,
    quantity,
    range_in_words,
    share_in_words,
    unit_in_words,
)

if TYPE_CHECKING:
    from jinja2 import Environment

__all__ = ["page_environment"]


@lru_cache(maxsize=1)
def page_environment() -> Environment:
    """Environment in which every page is rendered; every text that is filled in is escaped."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("openpbm.report"),
        autoescape=True,
        # A page that silently leaves out a misspelt limit or warning looks complete.
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(
        clock=clock_in_words,
        date=date_in_words,
        level=level_in_words,
        mean=mean_in_words,
        minutes=minutes_in_words,
        percent=percent_in_words,
        place=place_in_words,
        quantity=quantity,
        range=range_in_words,
        share=share_in_words,
        unit=unit_in_words,
        words=in_words,
    )
    return environment
