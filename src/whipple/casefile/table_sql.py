"""The words in which DuckDB is asked for a table of telemetry."""

from __future__ import annotations

from pathlib import Path

__all__ = ["PARQUET", "delimiter_of", "number_sql", "quoted", "source_sql", "time_sql"]

#: Endings of Parquet files.
PARQUET = {".parquet", ".pq"}
#: A time of day that ends in its zone. DuckDB forgets the zone when it casts to TIMESTAMP, and takes the machine's zone where there is
#: none when it casts to TIMESTAMPTZ: each text goes through the cast that reads it right, and without a zone it is UTC.
_ZONE = r":\d\d([.,]\d+)?\s*([Zz]|[+-]\d\d(:?\d\d)?)\s*$"
_APOSTROPHE = "'"


def quoted(name: str, mark: str = '"') -> str:
    """A name, or with an apostrophe a text, as SQL wants it.

    >>> quoted('p "1"')
    '"p ""1\"""'
    """
    return mark + name.replace(mark, 2 * mark) + mark


def source_sql(path: Path, delimiter: str = "") -> str:
    """What to select from: a CSV file as text, a Parquet file, or a folder of Parquet files united by column name.

    DuckDB finds the delimiter of a CSV file, unless it is told: then a line may also be shorter than the others.
    """
    if path.is_dir():
        return f"read_parquet({quoted(str(path / '**' / '*.parquet'), _APOSTROPHE)}, union_by_name=true)"
    name = quoted(str(path), _APOSTROPHE)
    if path.suffix in PARQUET:
        return f"read_parquet({name})"
    words = f", null_padding=true, parallel=false, delim={quoted(delimiter, _APOSTROPHE)}" if delimiter else ""
    return f"read_csv({name}, header=true, all_varchar=true{words})"


def delimiter_of(header: str) -> str:
    """The delimiter of a CSV file by its first line: the commonest of semicolon, tab, bar and comma.

    >>> delimiter_of("time;p1, bar;p2, bar")
    ';'
    """
    bare = "".join(header.split('"')[::2])
    return max(";\t|,", key=bare.count)


def time_sql(column: str, kind: str) -> str:
    """A time column of that kind as microseconds since 1970, as a number, and as text; the caller takes what reads."""
    name = quoted(column)
    if kind.startswith("TIMESTAMP") or kind == "DATE":
        return f"epoch_us({name}) AS micros, CAST(NULL AS DOUBLE) AS number, CAST({name} AS VARCHAR) AS text"
    text = f"CAST({name} AS VARCHAR)"
    zoned = f"regexp_matches({text}, {quoted(_ZONE, _APOSTROPHE)})"
    micros = f"CASE WHEN {zoned} THEN epoch_us(TRY_CAST({text} AS TIMESTAMPTZ)) ELSE epoch_us(TRY_CAST({text} AS TIMESTAMP)) END"
    return f"{micros} AS micros, TRY_CAST({text} AS DOUBLE) AS number, {text} AS text"


def number_sql(column: str, place: int) -> str:
    """A column as numbers `v{place}`, and as it was written `s{place}`."""
    name = quoted(column)
    return f"TRY_CAST({name} AS DOUBLE) AS v{place}, CAST({name} AS VARCHAR) AS s{place}"
