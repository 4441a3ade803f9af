"""Files that people and programs write, read by one rule each: TOML, JSON and CSV, strict, every problem named."""

from openpbm.files.cells import iso_date, iso_time, moment_of, number_of, written_date
from openpbm.files.column import Column
from openpbm.files.csv_guard import guarded, unguarded
from openpbm.files.csv_table import Line, Table, csv_rows, read_table, table_of
from openpbm.files.json_file import JsonObject, json_object, read_json
from openpbm.files.suggest import suggest
from openpbm.files.text_file import decode_utf8, read_bytes, read_text
from openpbm.files.toml_file import read_toml, toml_section
from openpbm.files.validate import adapter, unsupported_values, validate

__all__ = [
    "Column",
    "JsonObject",
    "Line",
    "Table",
    "adapter",
    "csv_rows",
    "decode_utf8",
    "guarded",
    "iso_date",
    "iso_time",
    "json_object",
    "moment_of",
    "number_of",
    "read_bytes",
    "read_json",
    "read_table",
    "read_text",
    "read_toml",
    "suggest",
    "table_of",
    "toml_section",
    "unguarded",
    "unsupported_values",
    "validate",
    "written_date",
]
