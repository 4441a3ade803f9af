"""The templates' environment: autoescape on, the wording's filters, an undefined name is an error."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from openpbm.wording import (
    date_in_words,
    in_words,
    level_in_words,
    minutes_in_words,
    percent_in_words,
    place_in_words,
    quantity,
    range_in_words,
)

if TYPE_CHECKING:
    from jinja2 import Environment

__all__ = ["page_environment"]


@lru_cache(maxsize=1)
def page_environment() -> Environment:
    """Environment in which both pages are rendered; every text of the plan is escaped."""
    from jinja2 import ChainableUndefined, Environment, PackageLoader

    environment = Environment(
        loader=PackageLoader("openpbm.report"),
        autoescape=True,
        # A plan may leave an optional key out; a row never loses a required one, the writer of the plan sees to that.
        undefined=ChainableUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(
        date=date_in_words,
        level=level_in_words,
        minutes=minutes_in_words,
        percent=percent_in_words,
        place=place_in_words,
        quantity=quantity,
        range=range_in_words,
        words=in_words,
    )
    return environment
