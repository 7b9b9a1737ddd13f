"""Where on the hull does a push with this lever come from? Every place that fits, with its probability."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from whipple.casefile.estimate import Array, Caveat
from whipple.dynamics.hull import HullPoints, hull_points, on_facets
from whipple.dynamics.torque_fit import MomentumRecord, TorqueFit, fit_torque
from whipple.errors import RangeError
from whipple.physics.cited import Cited
from whipple.vehicle.stack import Stack

__all__ = ["LeakSites", "Site", "locate_leak", "site_weights"]

#: 1-sigma angle between the push and the inward wall normal, an axis: a torn edge does not spray quite straight.
TILT_RAD = Cited(0.05, unit="rad", source="leak_sheet", grade="proposal")
#: Doubt of the centre of mass (1-sigma an axis) when the mass properties are given, and when they are not.
CENTRE_M = Cited(0.3, unit="m", source="leak_sheet", grade="proposal")
NO_CENTRE_M = Cited(3.0, unit="m", source="leak_sheet", grade="proposal")
#: What a struck wall throws back, over the momentum that struck it. A gas leaves it at the wall's temperature: sqrt(pi R T/2) over the
#: 1.85 sqrt(R T0) of a choked jet is 0.55 to 0.72 for walls of 200 to 340 K. A liquid sticks, splashes or boils off: hardly known.
RECOIL_RATIO = {
    "gas": Cited(0.64, unit="", source="leak_sheet", grade="computed", sigma=0.08),
    "liquid": Cited(0.5, unit="", source="leak_sheet", grade="proposal", sigma=0.5),
}
#: Doubt (1-sigma) of the share that strikes, where part of the jet does: the width of a jet is not known.
STRUCK_FRAC = Cited(0.5, unit="", source="leak_sheet", grade="proposal")
#: Points on the hull a square metre at first and where the leak may be, and how near two must be to belong to one site.
DENSITY_PER_M2 = Cited(4.0, unit="1/m2", source="leak_sheet", grade="proposal")
FINE_PER_M2 = Cited(16.0, unit="1/m2", source="leak_sheet", grade="proposal")
LINK_M = Cited(1.0, unit="m", source="leak_sheet", grade="proposal")
_REGION_PROB, _THRUST_COUNT, _FACING = 0.95, 9, 0.2
#: The thrust's doubt for which so many nodes do, and the most nodes.
_USUAL_FRAC, _THRUST_MOST = 0.05, 100
#: Facets with this much of the probability are looked at again with more points.
_AGAIN_PROB = 0.999


@dataclass(frozen=True)
class Site:
    """One place that fits: its middle, the part there, its share of the probability, and how far the region reaches from it."""

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
    region_m2: float = 0.0

    def holds(self, place_m: Array, within_m: float = 0.5) -> bool:
        """Is a place inside the region: within the spacing of its points?"""
        return bool(len(self.region_m)) and bool(np.min(np.linalg.norm(self.region_m - place_m, axis=1)) <= within_m)

    def error_m(self, place_m: Array) -> float:
        """Distance from a place to the nearest site."""
        return float(min(np.linalg.norm(site.place_m - place_m) for site in self.sites))


def site_weights(
    hull: HullPoints, centre_m: Array, fit: TorqueFit, *, thrust_doubt_frac: float, centre_sigma_m: float,
    recoil_ratio: Cited,
) -> Array:  # fmt: skip
    """Likelihood of a lever for a hole at each point of the hull, up to a common factor (n,).

    The push is along -normal, tilted by `TILT_RAD`, so the lever is -(r - c) x n (sheet 7), times the share of the jet that gets
    away, with the recoil of what does not (sheet 7: intercepted momentum is subtracted); the thrust's doubt stretches it.

    >>> fit = TorqueFit(np.array([0.0, 0.0, -2.0]), 0.01 * np.eye(3))
    >>> here = np.array([[2.0, 0.0, 0.0], [0.0, -2.0, 0.0], [-2.0, 0.0, 0.0]])
    >>> out = np.array([[0.0, 1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
    >>> hull = HullPoints(here, out, np.ones(3), np.arange(3), np.ones(3), np.zeros((3, 3)))
    >>> found = site_weights(hull, np.zeros(3), fit, thrust_doubt_frac=0.05, centre_sigma_m=0.1, recoil_ratio=RECOIL_RATIO["gas"])
    >>> bool(found[0] > 1e3 * found[2]), bool(abs(found[1] / found[0] - 1) < 0.1)  # the second place is ambiguous
    (True, True)
    """
    arm, normal, free = hull.point_m - centre_m, hull.normal_body, hull.free_frac
    straight = -np.cross(arm, normal)
    lever = free[:, None] * straight + float(recoil_ratio) * hull.recoil_m
    across = np.eye(3) - np.einsum("ni,nj->nij", normal, normal)
    tilted = np.cross(arm[:, None, :], across)  # rows: arm x the two directions across the normal
    struck = (STRUCK_FRAC * 2 * free * (1 - free))[:, None] * straight
    thrown = float(recoil_ratio.sigma or 0.0) * hull.recoil_m
    spread = free[:, None, None] ** 2 * (
        TILT_RAD**2 * np.einsum("nki,nkj->nij", tilted, tilted) + centre_sigma_m**2 * across
    )
    spread += np.einsum("ni,nj->nij", struck, struck) + np.einsum("ni,nj->nij", thrown, thrown)
    inverse = np.linalg.inv(fit.covariance_m2 + spread)
    scale = 0.5 * np.log(np.linalg.det(inverse))
    total = np.zeros(len(arm))
    # the nodes must stand closer than the other doubts are wide: their spacing goes with one over the root of their count
    count = int(np.clip(_THRUST_COUNT * (thrust_doubt_frac / _USUAL_FRAC) ** 2, _THRUST_COUNT, _THRUST_MOST))
    for z, share in zip(*np.polynomial.hermite_e.hermegauss(count), strict=True):
        off = fit.lever_m - lever * np.exp(thrust_doubt_frac * z)
        total += share * np.exp(scale - 0.5 * np.einsum("ni,nij,nj->n", off, inverse, off))
    return np.asarray(total)


def _smallest(weight: Array, share: Array, prob: float) -> npt.NDArray[np.int64]:
    """The points of the smallest region with so much of the probability, densest first."""
    order = np.argsort(-weight, kind="stable")
    total = np.cumsum((weight * share)[order])
    return order[: int(np.searchsorted(total, prob * total[-1])) + 1]


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


def locate_leak(
    stack: Stack, record: MomentumRecord, carriers: tuple[str, ...] = (), *, medium: str = "liquid", hull: HullPoints | None = None
) -> LeakSites:  # fmt: skip
    """Where on the stack a leak with this momentum record may be: the 95 % region, and every separate site in it.

    The lever (torque over thrust) comes from the record (`fit_torque`); a point fits when -(r - c) x n agrees with it, the push
    being along the inward normal (Kim, Crassidis, Vadali & Dershowitz, sheet 7). Beforehand every point of the outside is as
    likely as its area. `carriers` are the parts or modules of the system that leaks, which the pressure names; without them all
    parts but the array wings count. `medium` is "gas" or "liquid". `hull` (of the same carriers) saves making the points again.
    Raises RangeError for a bad record, an unknown part or medium.

    A worked example is tests/cases/test_dynamics_locate.py.
    """
    if medium not in RECOIL_RATIO:
        raise RangeError("locate_leak", "medium", repr(medium), "'gas' or 'liquid'")
    sigma_m, caveats = _doubts(stack)
    centre, fit = np.nan_to_num(stack.centre_of_mass_m), fit_torque(record)

    def weights(points: HullPoints) -> Array:
        return site_weights(
            points, centre, fit, thrust_doubt_frac=record.thrust_doubt_frac, centre_sigma_m=sigma_m, recoil_ratio=RECOIL_RATIO[medium]
        )  # fmt: skip

    coarse = hull if hull is not None else hull_points(stack, carriers, float(DENSITY_PER_M2))
    weight = weights(coarse)
    if not weight.sum() > 0:
        text = "No point of the hull fits the torque: the push may not be along a wall normal, or the thrust is wrong."
        return LeakSites(
            (), np.empty((0, 3)), np.empty(0), _torque(fit, record), (*caveats, Caveat("dynamics-no-site", text))
        )
    again = np.unique(coarse.facet[_smallest(weight, coarse.area_m2, _AGAIN_PROB)])
    points = on_facets(stack, again, float(FINE_PER_M2))
    weight = weights(points)
    sites, region, prob = _sites(stack, points, weight)
    area_m2 = float(points.area_m2[_smallest(weight, points.area_m2, _REGION_PROB)].sum())
    return LeakSites(sites, region, prob, _torque(fit, record), (*caveats, *_ambiguous(sites)), area_m2)


def _sites(stack: Stack, points: HullPoints, weight: Array) -> tuple[tuple[Site, ...], Array, Array]:
    """Separate sites of the 95 % region, most likely first, the region's points and their probabilities."""
    surfaces = stack.surfaces
    inside = _smallest(weight, points.area_m2, _REGION_PROB)
    prob = weight[inside] * points.area_m2[inside] / float(np.sum(weight * points.area_m2))
    place, normal = points.point_m[inside], points.normal_body[inside]
    label = _grouped(place, normal)
    sites = []
    for group in range(int(label.max()) + 1):
        own = np.flatnonzero(label == group)
        best = own[_middle(place[own], prob[own])]
        reach = float(np.max(np.linalg.norm(place[own] - place[best], axis=1)))
        part = surfaces.parts[int(surfaces.part_index[points.facet[inside[best]]])].name
        sites.append(Site(part, place[best], normal[best], float(prob[own].sum()), reach))
    sites.sort(key=lambda site: -site.prob)
    return tuple(sites), place, prob


def _middle(place_m: Array, prob: Array) -> int:
    """The point with the least expected distance to the others (at most 400 of them, the most likely, are tried)."""
    likely = np.argsort(-prob, kind="stable")[:400]
    apart = np.linalg.norm(place_m[likely, None] - place_m[likely], axis=2)
    return int(likely[np.argmin(apart @ prob[likely])])


def _torque(fit: TorqueFit, record: MomentumRecord) -> Array:
    return np.asarray(fit.lever_m * record.thrust_N.max())


def _ambiguous(sites: tuple[Site, ...]) -> tuple[Caveat, ...]:
    if len(sites) < 2:
        return ()
    text = f"{len(sites)} separate places of the hull fit the torque; they are all listed. A picture of each decides."
    return (Caveat("dynamics-ambiguous", text),)
