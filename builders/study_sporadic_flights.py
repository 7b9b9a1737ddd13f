"""Fly single meteoroids in from far away, with code of its own, beside the tables of the sporadic model.

python builders/study_sporadic_flights.py 2000000 "orbits"     count and branch (one whose lobes are radar counts, or "elements")

415 km and 51.6 deg, mean over nodes, places and the year. The figures go into docs/theory/environment_sporadic.md.
"""

from __future__ import annotations

import sys

import numpy as np
from study_sporadic import BY_NAME, by_face

from whipple.environment import sporadic
from whipple.environment.faces import FACES_LVLH
from whipple.environment.focusing import EARTH
from whipple.environment.grid import sky_grid
from whipple.environment.models.jones_brown_1993 import SOURCES
from whipple.environment.models.pokorny_2019 import ECCENTRICITIES, INCLINATIONS, PREFERRED, SEMIMAJOR_AXES
from whipple.environment.sporadic_branches import Branch
from whipple.physics.constants import OBLIQUITY_J2000_rad, YEAR_s

CIRCULAR = 29_784.69


def flights(count: int, name: str) -> None:
    """Far away a direction from the lobe and a speed at the middle of a source are drawn, carried, weighed and flown in: own code."""
    branch, rng = BY_NAME[name], np.random.default_rng(7)
    count -= count % len(SOURCES)
    radiant, speed, weight = drawn_orbits(count, rng) if name == "elements" else drawn(branch, count, rng)
    count = len(speed)
    radius = EARTH.blocking_radius_m + 315e3
    node, along, season = rng.uniform(0, 2 * np.pi, (3, count))
    slope = np.radians(51.6)
    up0 = np.stack([np.cos(along), np.sin(along) * np.cos(slope), np.sin(along) * np.sin(slope)], axis=-1)
    ahead0 = np.stack([-np.sin(along), np.cos(along) * np.cos(slope), np.cos(along) * np.sin(slope)], axis=-1)
    up, ahead = (turned(vector, node) for vector in (up0, ahead0))
    tilt = float(OBLIQUITY_J2000_rad)
    x, y, z = turned(radiant, season).T
    radiant = np.stack([x, np.cos(tilt) * y - np.sin(tilt) * z, np.sin(tilt) * y + np.cos(tilt) * z], axis=-1)
    mu = EARTH.mu_m3_s2
    cosine = np.sum(radiant * up, axis=-1)
    stretch = np.sqrt(mu / (speed**2 * radius * (1 + cosine)) + 0.25)
    level = 4 * 1.48799 / weight.sum()
    total = {face: np.zeros(2) for face in ("sphere", *FACES_LVLH)}
    spread = dict.fromkeys(total, 0.0)
    for bend in (stretch, -stretch):  # the direct way and the one round the back of the Earth
        velocity = -((bend + 0.5) * speed)[:, None] * radiant - ((bend - 0.5) * speed)[:, None] * up
        momentum2 = np.sum(np.cross(radius * up, velocity) ** 2, axis=-1)
        perigee = mu / speed**2 * (np.sqrt(1 + momentum2 * speed**2 / mu**2) - 1)
        hidden = (np.sum(velocity * up, axis=-1) > 0) & (perigee < EARTH.blocking_radius_m)
        arriving = np.sqrt(mu / radius) * ahead - velocity  # the way to where it comes from, times the relative speed
        relative = np.linalg.norm(arriving, axis=-1)
        density = np.where(hidden, 0.0, (1 + 2 * bend) ** 2 / np.abs(8 * bend))
        flux = weight * density * relative / speed * level
        across = {"ram": ahead, "starboard": np.cross(ahead, up), "zenith": up}
        across |= {"wake": -ahead, "port": -across["starboard"], "nadir": -up}
        for face, sums in total.items():
            part = flux * (
                np.maximum(np.sum(arriving * across[face], axis=-1), 0) / relative if face in across else 1.0
            )
            sums += part.sum(), np.sum(part * relative)
            spread[face] += np.sum(part**2)
    for face, (flux_sum, speed_sum) in total.items():
        noise = 100 * np.sqrt(spread[face]) / flux_sum
        print(f"{face:10s} {flux_sum:.4f} /m2/yr +- {noise:.2f} %, {speed_sum / flux_sum / 1e3:.2f} km/s")
    print("ours      ", ours_over_the_year(branch, radius))


def turned(vector: np.ndarray, angle: np.ndarray) -> np.ndarray:
    x, y, z = vector.T
    return np.stack([np.cos(angle) * x - np.sin(angle) * y, np.sin(angle) * x + np.cos(angle) * y, z], axis=-1)


def drawn(branch: Branch, count: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Radiants (ecliptic, the Sun at longitude 0), speeds and weights of a branch with lobes that are radar counts."""
    radiants, speeds, weights = [], [], []
    wmpl = {"helion": (35e3, 10e3), "apex": (60e3, 5e3), "toroidal": (35e3, 5e3)} if "WMPL" in branch.name else {}
    for source, share in zip(SOURCES, branch.shares, strict=True):
        number = count // len(SOURCES)
        middle, spread = wmpl.get(
            source.name.split()[-1].removeprefix("anti"), (float(source.speed_m_s), float(source.spread_m_s))
        )
        k = 1 / np.radians(16.0) ** 2
        tilt = 1 + np.log(rng.uniform(np.exp(-2 * k), 1, number)) / k
        turn = rng.uniform(0, 2 * np.pi, number)
        east = np.array([-np.sin(source.longitude_rad), np.cos(source.longitude_rad), 0.0])
        middle_dir = np.array(
            [
                np.cos(source.latitude_rad) * np.cos(source.longitude_rad),
                np.cos(source.latitude_rad) * np.sin(source.longitude_rad),
                np.sin(source.latitude_rad),
            ]
        )
        north = np.cross(middle_dir, east)
        aside = np.sqrt(np.maximum(1 - tilt**2, 0))
        radiant = tilt[:, None] * middle_dir + aside[:, None] * (
            np.cos(turn)[:, None] * east + np.sin(turn)[:, None] * north
        )
        at_middle = rng.uniform(middle - 2 * spread, middle + 2 * spread, number)
        law = np.exp(-0.5 * ((at_middle - middle) / spread) ** 2)
        far, gain = carried(at_middle, -radiant[:, 1], -middle_dir[1])
        weight = law * weigh(at_middle) * gain / counts_of(radiant, middle, spread, -middle_dir[1])
        weights.append(share * weight / weight.sum() * count)
        radiants.append(radiant)
        speeds.append(far)
    return np.concatenate(radiants), np.concatenate(speeds), np.concatenate(weights)


def drawn_orbits(count: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The same from orbits: drawn evenly in ln a, e and normal, met at 1 au as often as Opik says, weighed to the published laws."""
    e, i = rng.uniform(1e-4, 1, count) ** 2, np.arccos(rng.uniform(-1, 1, count))
    low, high = -np.log(1 + e), np.minimum(-np.log(1 - e), np.log(40.0))  # orbits that cross 1 au
    axis = np.exp(rng.uniform(low, high))
    level = np.sqrt(axis * (1 - e**2))
    radial = np.sqrt(np.maximum(2 - 1 / axis - level**2, 1e-12))
    w = np.sqrt(radial**2 + (level * np.cos(i) - 1) ** 2 + (level * np.sin(i)) ** 2)
    at_moon = np.hypot(w * CIRCULAR, 2375.6)
    met = w / (np.sqrt(axis) * radial)  # a sin i times the density of such orbits at 1 au, times the speed
    weight = met * np.sqrt(e) * (high - low) * (at_moon / (w * CIRCULAR)) ** 2
    edges, axes = SEMIMAJOR_AXES
    laws = [(np.clip(np.searchsorted(edges, axis) - 1, 0, len(axes) - 1), axes), ((e * 40).astype(int), ECCENTRICITIES)]
    laws += [(np.degrees(i) // 4.5, INCLINATIONS), (at_moon // 2000, PREFERRED)]
    for _ in range(60):
        for index, law in laws:
            has = np.bincount(index.astype(int), weight, len(law))
            weight = weight * (np.array(law) / sum(law) / np.maximum(has, 1e-300))[index.astype(int)]
    weight = weight * (w * CIRCULAR / at_moon) ** 2
    side, north = rng.choice([-1, 1], (2, len(w)))
    radiant = np.stack([side * radial, level * np.cos(i) - 1, north * level * np.sin(i)], axis=-1) / w[:, None]
    return radiant, w * CIRCULAR, weight / weight.sum() * len(w)


def weigh(speed: np.ndarray) -> np.ndarray:
    air2 = speed**2 + 2 * EARTH.mu_m3_s2 / EARTH.blocking_radius_m
    return (air2 / 1e6) ** (-8.75 / 2.25 * 1.17 / 2) * speed**2 / air2


def carried(at_middle: np.ndarray, cosine: np.ndarray, middle_cosine: float) -> tuple[np.ndarray, np.ndarray]:
    """The speed of the same energy at another angle from the apex, and (w / w0)^3 dw / dw0; nothing where it is unbound or never comes."""
    energy = at_middle**2 - 2 * CIRCULAR * at_middle * middle_cosine
    root = (CIRCULAR * cosine) ** 2 + energy
    far = CIRCULAR * cosine + np.sqrt(np.maximum(root, 0.0))
    fits = (root > 0) & (far > 0) & (energy <= CIRCULAR**2) & (at_middle > CIRCULAR * middle_cosine)
    step = (at_middle - CIRCULAR * middle_cosine) / np.maximum(np.sqrt(np.maximum(root, 0.0)), 1.0)
    return np.where(fits, far, 1e4), np.where(fits, (far / at_middle) ** 3 * step, 0.0)


def counts_of(radiant: np.ndarray, middle: float, spread: float, middle_cosine: float) -> np.ndarray:
    """What a radar counts from each radiant of a steady density, up to a factor: an integral over the speed at the middle."""
    edge = np.linspace(-1, 1, 721)
    speed = np.linspace(middle - 2 * spread, middle + 2 * spread, 4001)[:, None]
    far, gain = carried(speed, edge[None], middle_cosine)
    integrand = np.exp(-0.5 * ((speed - middle) / spread) ** 2) * weigh(speed) * gain / weigh(far)
    return np.interp(-radiant[:, 1], edge, integrand.sum(axis=0))


def ours_over_the_year(branch: Branch, radius: float) -> dict[str, tuple[float, float]]:
    """The same mean by the tables: nodes x places x seasons."""
    grid, total, slope = sky_grid(), 0.0, np.radians(51.6)
    along = np.arange(16) * np.pi / 8
    for node in np.arange(6) * np.pi / 3:
        up = np.stack([np.cos(along), np.sin(along) * np.cos(slope), np.sin(along) * np.sin(slope)], axis=-1)
        ahead = np.stack([-np.sin(along), np.cos(along) * np.cos(slope), np.cos(along) * np.sin(slope)], axis=-1)
        place, motion = (turned(vector, np.full(16, node)) for vector in (up, ahead))
        for season in np.arange(6) * np.pi / 3:
            speed = np.sqrt(EARTH.mu_m3_s2 / radius)
            total = (
                total
                + sporadic.sporadic_around_per_m2_s(grid, place * radius, motion * speed, season, branch=branch) / 36
            )
    return {face: (round(flux, 4), round(speed, 2)) for face, (flux, speed) in by_face(grid, total * YEAR_s).items()}


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    flights(int(sys.argv[1]), sys.argv[2])
