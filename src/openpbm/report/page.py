"""The templates' environment: autoescape on, the wording's filters, an undefined name is an error."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
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
    units_as_printed,
)

if TYPE_CHECKING:
    from jinja2 import BytecodeCache, Environment

__all__ = ["WayBack", "page_environment"]


@dataclass(frozen=True, slots=True, kw_only=True)
class WayBack:
    """Where a page leads back to that an application opened; on paper it says nothing of it."""

    label: str
    href: str


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
        # What a filter makes of a constant must not be kept: its words may change, and the page would not.
        optimized=False,
        bytecode_cache=_compiled_pages(),
    )
    environment.filters.update(
        clock=clock_in_words,
        date=date_in_words,
        level=level_in_words,
        mean=mean_in_words,
        minutes=minutes_in_words,
        percent=percent_in_words,
        place=place_in_words,
        printed=units_as_printed,
        quantity=quantity,
        range=range_in_words,
        share=share_in_words,
        unit=unit_in_words,
        words=in_words,
    )
    return environment


def _compiled_pages() -> BytecodeCache | None:
    """Where compiled pages are kept between runs: to compile those of a plan takes a sixth of making it.

    Jinja holds them against their templates; the rest of what they are made by is this file. None where nothing can be
    written.
    """
    import platformdirs
    from jinja2 import FileSystemBytecodeCache
    from jinja2.bccache import Bucket

    class Kept(FileSystemBytecodeCache):
        def dump_bytecode(self, bucket: Bucket) -> None:
            # A full disk keeps nobody from the page.
            with suppress(OSError):
                super().dump_bytecode(bucket)

    maker = hashlib.sha256(Path(__file__).read_bytes()).hexdigest()[:20]
    folder = platformdirs.user_cache_path("openpbm") / "pages" / maker
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return None
    return Kept(str(folder))
