"""Writing what was found: to a temporary name, then renamed, so that nothing is ever half written."""

from __future__ import annotations

import dataclasses
import json
import os
from pathlib import Path
from typing import Any

import numpy as np
from scipy.io import netcdf_file

from whipple.casefile.codec import encode, plain
from whipple.casefile.estimate import Array
from whipple.casefile.findings import Findings

__all__ = ["SCHEMA", "write_atomically", "write_findings"]

#: Version of the layout of findings.json; raised when a slot is renamed or removed.
SCHEMA = "whipple-findings/1"


def write_atomically(path: Path, content: bytes) -> Path:
    """Write bytes under a temporary name beside `path`, then rename."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    part.write_bytes(content)
    os.replace(part, path)
    return path


def findings_json(findings: Findings) -> bytes:
    """findings.json: sorted keys, no dates, no paths: the same case and seed give the same bytes."""
    data: dict[str, Any] = {"schema": SCHEMA, **plain(findings)}
    return (json.dumps(data, sort_keys=True, indent=1, ensure_ascii=False, allow_nan=False) + "\n").encode()


def _arrays(findings: Findings) -> dict[str, Array]:
    arrays: dict[str, Array] = {}
    encode(findings, arrays)
    kept = {
        path.strip("/").replace("/", "."): np.atleast_1d(value)
        for path, value in arrays.items()
        if not path.endswith("/samples")
    }
    return {name: value for name, value in kept.items() if value.size and value.dtype.kind in "fiub"}


def write_arrays(findings: Findings, path: Path) -> Path:
    """arrays.nc (netCDF-3, opens with xarray.open_dataset): every array of the findings under its dotted path.

    The unit of each variable is the suffix of its name, repeated in the attribute `slot`.
    """
    part = path.with_name(path.name + ".part")
    with netcdf_file(str(part), "w", mmap=False) as store:
        setattr(store, "schema", SCHEMA)  # noqa: B010  attributes of the file
        setattr(store, "digest", findings.digest)  # noqa: B010
        for name, value in _arrays(findings).items():
            variable_name = name.replace(".", "_")
            for axis, size in enumerate(value.shape):
                store.createDimension(f"{variable_name}_{axis}", size)
            wide = value.astype(">f8") if value.dtype.kind == "f" else value.astype(">i4")
            axes = tuple(f"{variable_name}_{axis}" for axis in range(value.ndim))
            variable = store.createVariable(variable_name, wide.dtype, axes)
            variable[:] = wide
            setattr(variable, "slot", name)  # noqa: B010
    os.replace(part, path)
    return path


def write_findings(findings: Findings, out: Path) -> tuple[Path, Path]:
    """Write findings.json and arrays.nc into `out`."""
    out.mkdir(parents=True, exist_ok=True)
    asked = dataclasses.replace(findings)
    return write_atomically(out / "findings.json", findings_json(asked)), write_arrays(asked, out / "arrays.nc")
