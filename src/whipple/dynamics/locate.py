"""Where on the hull does a push with this lever come from? Every place that fits, with its probability."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from whipple.casefile.estimate import Array, Caveat
from whipple.dynamics.torque_fit import MomentumRecord, TorqueFit, fit_torque
from whipple.errors import RangeError
from whipple.physics.cited import Cited
from whipple.vehicle.sampling import samples_on
from whipple.vehicle.stack import Stack

__all__ = ["LeakSites", "Site", "locate_leak", "site_weights"]

#: 1-sigma angle between the push and the inward wall normal, an axis: a torn edge does not spray quite straight.
TILT_RAD = Cited(0.05, unit="rad", source="leak_sheet", grade="proposal")
#: Doubt of the centre of mass (1-sigma an axis) when the mass properties are given, and when they are not.
CENTRE_M = Cited(0.3, unit="m", source="leak_sheet", grade="proposal")
NO_CENTRE_M = Cited(3.0, unit="m", source="leak_sheet", grade="proposal")
#: Points on the hull a square metre, and how near two must be to belong to one site.
DENSITY_PER_M2 = Cited(4.0, unit="1/m2", source="leak_sheet", grade="proposal")
LINK_M = Cited(1.0, unit="m", source="leak_sheet", grade="proposal")
_REGION_PROB, _THRUST_COUNT, _FACING = 0.95, 9, 0.2


@dataclass(frozen=True)
class Site:
    """One place that fits: its most likely point, the part there, its share of the probability, and how far the region reaches."""

    part: str
    place_m: Array
    normal_body: Array
    prob: float
    radius_m: float


@dataclass(frozen=True)
class LeakSites:
    """Every site of the smallest region that holds 95 % of the probability, most likely first; the region's points (n, 3)."""

    sites: tuple[Site, ...]
    region_m: Array
    region_prob: Array
    torque_Nm: Array
    caveats: tuple[Caveat, ...]

    def holds(self, place_m: Array, within_m: float = 0.5) -> bool:
        """Is a place inside the region: within the spacing of its points?"""
        return bool(np.min(np.linalg.norm(self.region_m - place_m, axis=1)) <= within_m)

    def error_m(self, place_m: Array) -> float:
        """Distance from a place to the nearest site."""
        return float(min(np.linalg.norm(site.place_m - place_m) for site in self.sites))


def site_weights(
    point_m: Array, normal_body: Array, centre_m: Array, fit: TorqueFit, *, thrust_doubt_frac: float, centre_sigma_m: float
) -> Array:  # fmt: skip
    """Likelihood of a lever for a hole at each point (n, 3) with its outward normal (n, 3), up to a common factor (n,).

    The push is along -normal, tilted by `TILT_RAD`, so the lever is -(r - c) x n (sheet 7); the thrust's doubt stretches it.

    >>> fit = TorqueFit(np.array([0.0, 0.0, -2.0]), 0.01 * np.eye(3))
    >>> here = np.array([[2.0, 0.0, 0.0], [0.0, -2.0, 0.0], [-2.0, 0.0, 0.0]])
    >>> out = np.array([[0.0, 1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
    >>> found = site_weights(here, out, np.zeros(3), fit, thrust_doubt_frac=0.05, centre_sigma_m=0.1)
    >>> bool(found[0] > 1e3 * found[2]), bool(abs(found[1] / found[0] - 1) < 0.1)  # the second place is ambiguous
    (True, True)
    """
    arm = point_m - centre_m
    lever = -np.cross(arm, normal_body)
    along = np.einsum("ni,nj->nij", normal_body, normal_body)
    tilted = np.cross(arm[:, None, :], np.eye(3) - along)  # rows: arm x the two directions across the normal
    spread = TILT_RAD**2 * np.einsum("nki,nkj->nij", tilted, tilted) + centre_sigma_m**2 * (np.eye(3) - along)
    inverse = np.linalg.inv(fit.covariance_m2 + spread)
    scale = 0.5 * np.log(np.linalg.det(inverse))
    total = np.zeros(len(point_m))
    for z, share in zip(*np.polynomial.hermite_e.hermegauss(_THRUST_COUNT), strict=True):
        off = fit.lever_m - lever * np.exp(thrust_doubt_frac * z)
        total += share * np.exp(scale - 0.5 * np.einsum("ni,nij,nj->n", off, inverse, off))
    return np.asarray(total)


def _region(weight: Array, share: Array) -> npt.NDArray[np.int64]:
    """The points of the smallest region with 95 % of the probability, densest first."""
    order = np.argsort(-weight, kind="stable")
    total = np.cumsum((weight * share)[order])
    return order[: int(np.searchsorted(total, _REGION_PROB * total[-1])) + 1]


def _grouped(point_m: Array, normal_body: Array) -> npt.NDArray[np.int64]:
    """A label a point: points near each other that face the same way are one site."""
    pairs = cKDTree(point_m).query_pairs(LINK_M, output_type="ndarray")
    facing = np.einsum("ni,ni->n", normal_body[pairs[:, 0]], normal_body[pairs[:, 1]]) > _FACING
    first, second = pairs[facing].T
    graph = coo_matrix((np.ones(first.size), (first, second)), shape=(len(point_m), len(point_m)))
    return np.asarray(connected_components(graph, directed=False)[1], dtype=np.int64)


def _doubts(stack: Stack) -> tuple[float, tuple[Caveat, ...]]:
    if stack.mass_kg > 0 and np.isfinite(stack.centre_of_mass_m).all():
        return float(CENTRE_M), ()
    text = "Mass properties are missing: the centre of mass was doubted by 3 m, which widens the region where the hole may be."
    return float(NO_CENTRE_M), (Caveat("dynamics-no-mass", text),)


def locate_leak(stack: Stack, record: MomentumRecord, modules: tuple[str, ...] = ()) -> LeakSites:
    """Where on the stack a leak with this momentum record may be: the 95 % region, and every separate site in it.

    The lever (torque over thrust) comes from the record (`fit_torque`); a point fits when -(r - c) x n agrees with it, the push
    being along the inward normal (Kim, Crassidis, Vadali & Dershowitz, sheet 7). Every point of the hull is as likely beforehand
    as its area, or only those of the named `modules`. Raises RangeError for a bad record or an unknown module.

    A worked example is tests/cases/test_dynamics_locate.py.
    """
    surfaces = stack.surfaces
    named = [index for index, part in enumerate(surfaces.parts) if not modules or part.module in modules]
    if not named:
        known = ", ".join(sorted({part.module for part in surfaces.parts}))
        raise RangeError(
            "locate_leak", "modules", ", ".join(modules), f"some of {known}", "use modules of the shape file"
        )
    facets = np.flatnonzero(np.isin(surfaces.part_index, named) & (surfaces.area_m2 > 0))
    sampled = samples_on(surfaces, facets, per_m2=DENSITY_PER_M2)
    sigma_m, caveats = _doubts(stack)
    centre = np.nan_to_num(stack.centre_of_mass_m)
    fit, normal = fit_torque(record), surfaces.normal_body[sampled.facet]
    doubt = record.thrust_doubt_frac
    weight = site_weights(sampled.point_m, normal, centre, fit, thrust_doubt_frac=doubt, centre_sigma_m=sigma_m)
    share = sampled.share_frac * surfaces.area_m2[sampled.facet]
    if not weight.sum() > 0:
        text = "No point of the hull fits the torque: the push may not be along a wall normal, or the thrust is wrong."
        empty = np.empty((0, 3))
        return LeakSites((), empty, np.empty(0), _torque(fit, record), (*caveats, Caveat("dynamics-no-site", text)))
    inside = _region(weight, share)
    prob = weight[inside] * share[inside] / float(np.sum(weight * share))
    points, label = sampled.point_m[inside], _grouped(sampled.point_m[inside], normal[inside])
    sites = []
    for group in range(int(label.max()) + 1):
        own = np.flatnonzero(label == group)
        best = own[np.argmax(weight[inside][own])]
        reach = float(np.max(np.linalg.norm(points[own] - points[best], axis=1)))
        part = surfaces.parts[int(surfaces.part_index[sampled.facet[inside[best]]])].name
        sites.append(Site(part, points[best], normal[inside[best]], float(prob[own].sum()), reach))
    sites.sort(key=lambda site: -site.prob)
    return LeakSites(tuple(sites), points, prob, _torque(fit, record), (*caveats, *_ambiguous(sites)))


def _torque(fit: TorqueFit, record: MomentumRecord) -> Array:
    return np.asarray(fit.lever_m * record.thrust_N.max())


def _ambiguous(sites: list[Site]) -> tuple[Caveat, ...]:
    if len(sites) < 2:
        return ()
    text = f"{len(sites)} separate places of the hull fit the torque; they are all listed. A picture of each decides."
    return (Caveat("dynamics-ambiguous", text),)
