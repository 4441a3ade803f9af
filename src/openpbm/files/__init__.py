"""Files that people and programs write, read by one rule each: TOML, JSON and CSV, strict, every problem named."""

from openpbm.files.cells import (
    fraction_of_a_day,
    is_slashed,
    iso_date,
    moment_of,
    slashed_day_reader,
    written_date,
    written_time,
)
from openpbm.files.column import Column
from openpbm.files.csv_table import Table, read_table, table_of
from openpbm.files.line import Line, spreadsheet_clock
from openpbm.files.numbers import decimal_shown, number_of
from openpbm.files.suggest import suggest
from openpbm.files.text_file import (
    JsonObject,
    csv_rows,
    decode_utf8,
    decoded,
    guarded,
    json_object,
    read_bytes,
    read_json,
    read_text,
    read_toml,
    toml_section,
    unguarded,
)
from openpbm.files.validate import adapter, unsupported_values, validate

__all__ = [
    "Column",
    "JsonObject",
    "Line",
    "Table",
    "adapter",
    "csv_rows",
    "decimal_shown",
    "decode_utf8",
    "decoded",
    "fraction_of_a_day",
    "guarded",
    "is_slashed",
    "iso_date",
    "json_object",
    "moment_of",
    "number_of",
    "read_bytes",
    "read_json",
    "read_table",
    "read_text",
    "read_toml",
    "slashed_day_reader",
    "spreadsheet_clock",
    "suggest",
    "table_of",
    "toml_section",
    "unguarded",
    "unsupported_values",
    "validate",
    "written_date",
    "written_time",
]
