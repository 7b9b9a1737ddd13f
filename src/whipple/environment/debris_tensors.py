"""Debris flux as data: month x size x direction x speed along one ship's orbit, and the streams that a Sky takes from it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from whipple.casefile.estimate import Caveat, Estimate
from whipple.casefile.findings.sky import Stream
from whipple.environment.cloud_crossing import Ship
from whipple.environment.grid import SkyGrid
from whipple.environment.models.grun_1985 import CROSS_SECTION_PER_PLATE_ratio
from whipple.errors import EvidenceError
from whipple.physics.cited import Cited

__all__ = ["SPEED_BINS", "DebrisTensors", "SIZE_EDGES_m", "cloud_stream"]

Array = npt.NDArray[np.float64]

#: Edges of the size bins: quarter decades to 1 cm, half decades to 10 cm, one decade above. A choice of this project.
SIZE_EDGES_m = np.array([1e-3, 10**-2.75, 10**-2.5, 10**-2.25, 1e-2, 10**-1.5, 0.1, 1.0])
#: Bins of 1 km/s: nothing bound to the Earth meets a low orbit faster than 20 km/s.
SPEED_BINS = 20
DENSITY_kg_m3 = Cited(2800.0, unit="kg/m^3", source="nasa_tm_2009_214785", grade="source")
#: 1-sigma factors of the level by size, from the sheet: (from this size on, factor).
_LEVELS = ((1e-3, 5.0), (3e-3, 3.0), (1e-2, 2.0))
#: 1-sigma factor, upward, for debris that no break-up left, by size: chosen so that the 90 % interval holds what others publish for a
#: random plate in 2022: ORDEM2000 above 3 mm (NASA handbook Table 2-4), 8 times these clouds; NASA91 above 1 mm, 60 times.
UNCOUNTED = tuple(
    (size, Cited(factor, unit="", source="whipple_judgement", grade="proposal"))
    for size, factor in ((1e-3, 12.0), (3e-3, 8.0), (1e-2, 1.0))
)


@dataclass(frozen=True)
class DebrisTensors:
    """Cross-sectional flux (1/m2/s) by month, size bin, direction cell of the sky grid and speed bin of 1 km/s.

    `month` (n_month,): 12 x year + month - 1. `size_m` (n_size + 1,) edges. `flux_per_m2_s` (n_month, n_size, n_dir, n_speed).
    `sampling_ratio` (n_size,): 1-sigma Monte-Carlo error of the last month above each size (1 where nothing met the ship).
    `spread_ratio` (n_member, n_size): cumulative flux of each member of the ensemble over the nominal one (empty without
    ensemble). `anchored`: whether each cloud was scaled to leave what was counted at its peak.
    """

    month: npt.NDArray[np.int64]
    size_m: Array
    flux_per_m2_s: Array
    ship: Ship
    sampling_ratio: Array
    spread_ratio: Array
    models: tuple[str, ...]
    sources: tuple[str, ...]
    anchored: bool = True

    def of(self, month: int) -> Array:
        """The tensor (n_size, n_dir, n_speed) of a month; EvidenceError when it was not computed."""
        where = np.flatnonzero(self.month == month)
        if not where.size:
            held = f"{_text(int(self.month[0]))} to {_text(int(self.month[-1]))}"
            wanted = f"debris tensor of {_text(month)} (the file holds {held})"
            raise EvidenceError("What debris was there?", wanted, "run whipple debris clouds for that month")
        return np.asarray(self.flux_per_m2_s[where[0]], dtype=float)

    def plate_flux(self, month: int, size_m: float) -> Estimate:
        """Flux above a size edge on a randomly oriented plate (1/m2/s), 90 % interval from the ensemble and the level factor.

        The cross-sectional flux divided by four. The interval is lopsided: below 1 cm its upper end also holds what is no
        break-up. Raises EvidenceError for another month or size, and where no sample met the ship: that is not a flux of zero.
        """
        row = np.flatnonzero(np.isclose(self.size_m[:-1], size_m, rtol=1e-6))
        if not row.size:
            edges = ", ".join(f"{1e3 * x:.3g}" for x in self.size_m[:-1])
            raise EvidenceError("What debris was there?", f"size {1e3 * size_m:g} mm", f"one of {edges} mm")
        level = float(self.of(month)[row[0] :].sum() / CROSS_SECTION_PER_PLATE_ratio)
        if not level > 0:
            missing = f"fragment above {1e3 * size_m:g} mm that met the ship in {_text(month)}: no sample did, which is not a flux of 0"
            raise EvidenceError(
                "What debris was there?", missing, "give more --samples, or an orbit that the clouds reach"
            )
        down, up = self.level_factor(int(row[0])) ** 1.645, self.level_factor(int(row[0]), uncounted=True) ** 1.645
        text = f"Level uncertain by a factor {down:.2g} down and {up:.2g} up (90 %): {_WHY}"
        caveats = (Caveat("debris-clouds-level", text), self.how_counted())
        return Estimate(
            level, level / down, level * up, "1/m^2/s", models=self.models, sources=self.sources, caveats=caveats
        )

    def how_counted(self) -> Caveat:
        """How the number of fragments of a cloud was set, and what that does to the flux."""
        text = (
            "Each cloud is scaled to leave 1.3 times its largest catalogued number in the year of that number (at most fivefold), so "
            "the number of large pieces still up is put in, not found; at 415 km this makes the flux of December 2022 1.4 times that of clouds "
            "which begin with that number."
            if self.anchored
            else "Each cloud begins with 1.3 times its largest catalogued number, though most were counted years after the event: "
            "what had come down by then is missing, and the flux is rather too low."
        )
        return Caveat("debris-clouds-anchored", text)

    def level_factor(self, row: int, *, uncounted: bool = False) -> float:
        """1-sigma factor of the flux above a size edge: the sheet's expected accuracy, or the ensemble and sampling if wider.

        With `uncounted`, joined below 1 cm with the factor for debris that no break-up left: the flux of all debris, upward.
        """
        stated = [factor for size, factor in _LEVELS if self.size_m[row] >= size * 0.999][-1]
        spread = float(np.std(np.log(self.spread_ratio[:, row]))) if len(self.spread_ratio) > 2 else 0.0
        own = float(np.hypot(spread, self.sampling_ratio[row]))
        others = [factor for size, factor in UNCOUNTED if self.size_m[row] >= size * 0.999][-1]
        missing = float(np.log(others)) if uncounted else 0.0
        return float(np.exp(np.hypot(max(np.log(stated), own), missing)))


_WHY = (
    "counts of fragments, area-to-mass law, upper-air density, clouds below 10 tracked pieces and every source that is not a "
    "break-up are uncertain or missing, so it is rather too low than too high: ORDEM2000 has 8 times as much above 3 mm on this "
    "orbit (2022), NASA91 60 times as much above 1 mm."
)


def _text(month: int) -> str:
    return f"{month // 12}-{month % 12 + 1:02d}"


def cloud_stream(
    tensors: DebrisTensors,
    grid: SkyGrid,
    month: int,
    hypothesis: str,
    mass_reference_kg: float,
    *,
    below_m: float = 1.0,
) -> Stream:
    """The fragments of 1 mm and more as one stream of a Sky: directions and speeds of that month, spheres of 2.8 g/cm3.

    Below the mass of a 1 mm sphere the count stays flat: nothing smaller is in these clouds. `mass_reference_kg` must be below
    that mass, so that streams of one sky share it. Fragments of `below_m` and more are left out (a catalogue brings them).
    Raises EvidenceError for a month that was not computed.
    """
    rows = tensors.size_m[:-1] < below_m * 0.999
    tensor = tensors.of(month)[rows]
    flux = np.zeros((len(grid.direction_lvlh), len(grid.speed_m_s)))
    flux[:, : tensor.shape[-1]] = tensor.sum(axis=0)
    by_size = tensor.sum(axis=(1, 2))
    above = np.cumsum(by_size[::-1])[::-1]
    mass = DENSITY_kg_m3 * np.pi / 6 * tensors.size_m[:-1][rows] ** 3
    total = above[0] if above[0] > 0 else 1.0
    return Stream(
        name="fragments of 1 mm and more",
        kind="debris",
        hypothesis=hypothesis,
        flux_per_m2_s=flux,
        mass_reference_kg=mass_reference_kg,
        mass_kg=np.concatenate([[mass_reference_kg / 10, mass_reference_kg], mass]),
        number_ratio=np.concatenate([[1.0, 1.0], above / total]),
        density_kg_m3=np.array([float(DENSITY_kg_m3)]),
        density_frac=np.array([1.0]),
        level_factor=tensors.level_factor(0, uncounted=True),
        models=tensors.models,
        sources=tensors.sources,
        caveats=(Caveat("debris-clouds-level", f"Fragment clouds: {_WHY}"), tensors.how_counted()),
    )
