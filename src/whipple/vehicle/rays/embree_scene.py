"""Triangles for the Embree C library that the embreex package carries: the scene by address, so that compiled loops can ask it directly."""

from __future__ import annotations

import ctypes
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import numpy.typing as npt

from whipple.casefile.estimate import Array
from whipple.errors import BackendError

__all__ = ["EmbreeScene", "library_file"]

# Values of Embree 4's public header rtcore_common.h, rtcore_buffer.h, rtcore_geometry.h, rtcore_scene.h
_TRIANGLES, _INDEX_BUFFER, _VERTEX_BUFFER = 0, 0, 1
_UINT3, _FLOAT3 = 0x5003, 0x9003
_ROBUST = 1 << 2
_QUALITY_MEDIUM = 1
_ADDRESS, _NUMBER, _SIZE = ctypes.c_void_p, ctypes.c_uint, ctypes.c_size_t
#: The calls used: what each returns and takes.
_CALLS = {
    "rtcNewDevice": (_ADDRESS, [ctypes.c_char_p]),
    "rtcReleaseDevice": (None, [_ADDRESS]),
    "rtcGetDeviceError": (ctypes.c_int, [_ADDRESS]),
    "rtcNewScene": (_ADDRESS, [_ADDRESS]),
    "rtcSetSceneFlags": (None, [_ADDRESS, ctypes.c_int]),
    "rtcSetSceneBuildQuality": (None, [_ADDRESS, ctypes.c_int]),
    "rtcNewGeometry": (_ADDRESS, [_ADDRESS, ctypes.c_int]),
    "rtcSetNewGeometryBuffer": (_ADDRESS, [_ADDRESS, ctypes.c_int, _NUMBER, ctypes.c_int, _SIZE, _SIZE]),
    "rtcCommitGeometry": (None, [_ADDRESS]),
    "rtcAttachGeometry": (_NUMBER, [_ADDRESS, _ADDRESS]),
    "rtcReleaseGeometry": (None, [_ADDRESS]),
    "rtcCommitScene": (None, [_ADDRESS]),
    "rtcReleaseScene": (None, [_ADDRESS]),
}


def library_file() -> Path | None:
    """The Embree 4 library inside the installed embreex package; None where there is none.

    >>> library_file() is None or "embree4" in library_file().name
    True
    """
    found = find_spec("embreex")
    if found is None or not found.submodule_search_locations:
        return None
    package = Path(next(iter(found.submodule_search_locations)))
    folders = [package.parent / "embreex.libs", package / ".dylibs", package]
    return next((file for folder in folders for file in sorted(folder.glob("*embree4*"))), None)


def _library() -> ctypes.CDLL:
    file = library_file()
    if file is None:
        raise BackendError("embree4", "pip install embreex, or choose backend='bvh'")
    if sys.platform == "win32":  # its neighbours are found only once the package has named their folder
        __import__("embreex.rtcore_scene")
    try:
        library = ctypes.CDLL(str(file))
        for name, (result, arguments) in _CALLS.items():
            call = getattr(library, name)
            call.restype, call.argtypes = result, arguments
    except (OSError, AttributeError) as error:
        raise BackendError("embree4", "pip install --upgrade embreex, or choose backend='bvh'") from error
    return library


class EmbreeScene:
    """A committed scene of triangles in robust mode, single precision about the middle of the vehicle.

    `address` is the scene's, `occluded16` and `intersect16` those of the library's packet calls; `middle_m` (3,) is taken off every origin.
    """

    def __init__(self, vertex_m: Array, triangle: npt.NDArray[np.int64]) -> None:
        """Copy the triangles into Embree's own buffers and build its tree."""
        corners = np.asarray(vertex_m, dtype=float)
        self.middle_m: Array = (corners.min(axis=0) + corners.max(axis=0)) / 2
        self._library = library = _library()
        self._device = library.rtcNewDevice(b"")
        if not self._device:
            raise BackendError("embree4", "choose backend='bvh': this processor is not one that Embree runs on")
        self.address: int = library.rtcNewScene(self._device)
        library.rtcSetSceneFlags(self.address, _ROBUST)
        library.rtcSetSceneBuildQuality(self.address, _QUALITY_MEDIUM)
        geometry = library.rtcNewGeometry(self._device, _TRIANGLES)
        self._fill(geometry, _VERTEX_BUFFER, _FLOAT3, (corners - self.middle_m).astype(np.float32))
        self._fill(geometry, _INDEX_BUFFER, _UINT3, triangle.astype(np.uint32))
        library.rtcCommitGeometry(geometry)
        library.rtcAttachGeometry(self.address, geometry)
        library.rtcReleaseGeometry(geometry)
        library.rtcCommitScene(self.address)
        fault = library.rtcGetDeviceError(self._device)
        if fault:
            raise BackendError(f"embree4 (error {fault})", "choose backend='bvh'")

    def _fill(
        self, geometry: int, kind: int, form: int, rows: npt.NDArray[np.float32] | npt.NDArray[np.uint32]
    ) -> None:
        there = self._library.rtcSetNewGeometryBuffer(geometry, kind, 0, form, 12, len(rows))
        if there:
            ctypes.memmove(there, np.ascontiguousarray(rows).ctypes.data, rows.nbytes)

    def call(self, name: str) -> int:
        """The address of a function of the library, for a compiled loop to call."""
        return ctypes.cast(getattr(self._library, name), ctypes.c_void_p).value or 0

    def __del__(self) -> None:
        """Give the memory back."""
        if getattr(self, "address", None):
            self._library.rtcReleaseScene(self.address)
        if getattr(self, "_device", None):
            self._library.rtcReleaseDevice(self._device)
