"""What joint laws of direction and speed say: orbits with published elements, whole public codings of the six sources, a mix of both.

python builders/study_sporadic_elements.py maps        the element sky beside maps and Earth totals that did not go in
python builders/study_sporadic_elements.py counts      what a radar would count of it, source by source
python builders/study_sporadic_elements.py codings     three public codings of the sources, each taken whole, lines at the Moon
python builders/study_sporadic_elements.py mixed       radar strengths and speeds of a source as a whole, directions of elements

The rule was written before any line was computed (docs/theory/environment_sporadic.md). Nothing here chooses or fits anything.
"""

from __future__ import annotations

import sys
from dataclasses import replace

import numpy as np
from study_sporadic import BY_NAME, at_the_moon, line

from whipple.environment import sporadic_elements
from whipple.environment.models.jones_brown_1993 import SOURCES
from whipple.environment.models.pokorny_2019 import RADIANT_FLUXES, moon_radiants
from whipple.environment.sporadic_branches import mass_limited_weight
from whipple.environment.sporadic_elements import ElementSky, _cell_weight, _middles, element_sky
from whipple.environment.sporadic_energy import CIRCULAR_m_s

V = float(CIRCULAR_m_s)
PAIRS = ("helion and antihelion", "apex", "toroidal")
WEIGHTS = BY_NAME["limiting mass"].shares
#: middle +- spread of each pair in km/s: the default, WMPL now and at first, a planet viewer (public code, index names no repository)
SPEEDS = {
    "default": ((30, 10), (55, 5), (35, 5)),
    "WMPL": ((35, 10), (60, 5), (35, 5)),
    "early WMPL": ((25, 7), (60, 5), (30, 5)),
    "viewer": ((30, 6), (56, 7), (36, 6)),
}
#: longitude from the apex, latitude, 1-sigma widths across and along the meridian in deg, as coded
PLACES = {
    "WMPL": ((70, 0, 5, 5), (0, 15, 5, 5), (0, 60, 10, 5)),
    "early WMPL": ((70, 0, 5, 5), (0, 15, 5, 5), (0, 60, 10, 5)),
    "viewer": ((70, 0, 11, 11), (0, 14, 12, 12), (0, 58, 10, 10)),
}


def directions() -> np.ndarray:
    """Middles of the cells of an element sky as vectors (apex, Sun, north): (36, 18, 3)."""
    return np.stack(np.broadcast_arrays(*_middles()[:3]), axis=-1)


def vector(from_apex_deg: float, latitude_deg: float) -> np.ndarray:
    angle, latitude = np.radians(from_apex_deg), np.radians(latitude_deg)
    return np.array([np.cos(latitude) * np.cos(angle), np.cos(latitude) * np.sin(angle), np.sin(latitude)])


def nearest() -> np.ndarray:
    centres = [vector(np.degrees(one.longitude_rad) - 270, abs(np.degrees(one.latitude_rad))) for one in SOURCES[::2]]
    return np.argmax(directions() @ np.abs(np.stack(centres, axis=-1)), axis=-1)


def maps() -> None:
    sky, far = element_sky(), np.arange(1, 301) * 250.0
    at_moon = np.hypot(far, 2376.0)
    longitude, latitude, theirs = moon_radiants()
    flux = around(sky, longitude, latitude, far) * (at_moon / far) ** 2
    miss = np.log(flux @ at_moon / flux.sum(axis=1) / theirs)
    print(f"mean speed by radiant: rms {miss.std():.3f}, mean {miss.mean():+.3f}, correlation", end=" ")
    print(round(np.corrcoef(miss + np.log(theirs), np.log(theirs))[0, 1], 3))
    for meridian, row in RADIANT_FLUXES.items():
        place = np.full(8, np.radians(meridian)), np.radians(np.arange(5.0, 80.0, 10.0))
        ours = (around(sky, *place, far) * (at_moon / far) ** 2).sum(axis=1)
        print(meridian, "flux by latitude, ours over theirs", (ours / row / np.mean(ours / row)).round(2))
    law, middle = sky.flux().sum(axis=(0, 1)), _middles()[3]
    earth, moon = (law * (1 + (escape / middle) ** 2) for escape in (11_093.0, 2_375.6))
    print(
        "Earth over Moon, flux per area",
        round(earth.sum() / moon.sum(), 2),
        "published 2.27; mean speed at Earth",
        end=" ",
    )
    print(round(earth @ np.hypot(middle, 11_093.0) / earth.sum() / 1e3, 2), "published 17.92")


def around(sky: ElementSky, longitude: np.ndarray, latitude: np.ndarray, far: np.ndarray) -> np.ndarray:
    """Mean over four directions 2 deg aside, for the middles asked are edges of cells."""
    total = 0.0
    for aside in (-2, 2):
        for up in (-2, 2):
            x, y, z = seen(longitude + np.radians(aside), latitude + np.radians(up))
            total = total + sky.per_sr_s_m(x, y, z, far) / 4
    return total


def seen(longitude: np.ndarray, latitude: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    angle = longitude - 1.5 * np.pi
    level = np.cos(latitude)
    return (level * np.cos(angle))[:, None], (level * np.sin(angle))[:, None], np.sin(latitude)[:, None]


def counts() -> None:
    flux, far, mine = element_sky().flux(), _middles()[3], nearest()
    seen_by_radar = flux / mass_limited_weight(far)
    for index, pair in enumerate(PAIRS):
        truth, count = (part[mine == index].sum(axis=0) for part in (flux, seen_by_radar))
        mean, true_mean = count @ far / count.sum(), truth @ far / truth.sum()
        spread = np.sqrt(count @ (far - mean) ** 2 / count.sum())
        shares = truth.sum() / flux.sum(), count.sum() / seen_by_radar.sum()
        print(f"{pair}: true {true_mean / 1e3:.1f} km/s, counted {mean / 1e3:.1f} +- {spread / 1e3:.1f} km/s", end=" ")
        print(f"share true {shares[0]:.2f}, counted {shares[1]:.2f}")


def radar_law(middle: float, spread: float, speed: np.ndarray) -> np.ndarray:
    z = (speed - middle * 1e3) / (spread * 1e3)
    return np.where(np.abs(z) <= 2, np.exp(-0.5 * z**2), 0.0) * mass_limited_weight(np.maximum(speed, 1.0))


def show(name: str, flux: np.ndarray, places: int = 12) -> None:
    sky = ElementSky(flux / (4 * flux.sum()) / _cell_weight())
    print(line(name, at_the_moon(replace(BY_NAME["elements"], name=name, sky=lambda: sky), places)))


def codings() -> None:
    """Each coding whole, in cells of 2 deg: one orbital energy in all directions of a source, lobes corrected as counts (as "orbits")."""
    sporadic_elements._LONGITUDES, sporadic_elements._LATITUDES = 90, 45
    for name, places in PLACES.items():
        total = 0.0
        for place, speeds, share in zip(places, SPEEDS[name], WEIGHTS[::2], strict=True):
            flux = whole_source(*place, *speeds)
            total = total + share * flux / flux.sum()
        show(f"{name}, whole", total, places=60)


def whole_source(
    angle: float, latitude: float, across: float, along: float, middle: float, spread: float
) -> np.ndarray:
    far, way = _middles()[3], directions()
    lobe = sum(gauss(way * sign, vector(angle, latitude), across, along) for sign in FOLDS)
    cosine, there = way[..., 0, None], vector(angle, latitude)[0]
    energy = far * (far - 2 * V * cosine) + (V * there) ** 2
    at_middle = V * there + np.sqrt(np.maximum(energy, 0.0))
    fits = (far > V * cosine) & (energy > 0) & (at_middle > 0) & (far * (far - 2 * V * cosine) <= V**2)
    law = np.where(fits, radar_law(middle, spread, at_middle) * (far / np.where(fits, at_middle, 1.0)) ** 3, 0.0)
    counted = (law / mass_limited_weight(far)).sum(axis=-1, keepdims=True)
    count = way.shape[1]
    cell = np.diff(np.sin(np.arange(count + 1) * np.pi / 2 / count))[None, :, None]
    return lobe[..., None] * cell * law / np.where(counted > 0, counted, np.inf)


FOLDS = [np.array([1.0, aside, up]) for aside in (1, -1) for up in (1, -1)]


def gauss(way: np.ndarray, centre: np.ndarray, across: float, along: float) -> np.ndarray:
    east = np.array([-centre[1], centre[0], 0.0]) / np.hypot(centre[0], centre[1])
    x, y, z = way @ east, way @ np.cross(centre, east), way @ centre
    angle = np.degrees(np.arccos(np.clip(z, -1, 1))) / np.maximum(np.hypot(x, y), 1e-12)
    return np.exp(-0.5 * ((angle * x / across) ** 2 + (angle * y / along) ** 2))


def mixed() -> None:
    here, far, mine = element_sky().flux(), _middles()[3], nearest()
    for name, speeds in SPEEDS.items():
        total = np.zeros(here.shape)
        for index, (middle, spread) in enumerate(speeds):
            part = np.where((mine == index)[..., None], here, 0.0)
            known = part.sum(axis=(0, 1))
            wanted = np.where(known > 0, radar_law(middle, spread, far), 0.0)
            total += WEIGHTS[2 * index] * part * wanted / wanted.sum() / np.where(known > 0, known, 1.0)
        show(f"{name}, element directions", total)


if __name__ == "__main__":
    verbs = {"maps": maps, "counts": counts, "codings": codings, "mixed": mixed}
    if len(sys.argv) != 2 or sys.argv[1] not in verbs:
        sys.exit(__doc__)
    verbs[sys.argv[1]]()
