"""Who can strike what: one pass of rays for the whole stack, the suspect site's open sky, and every shower's reach."""

from __future__ import annotations

import numpy as np

from whipple.casefile.case import Case
from whipple.casefile.estimate import Array, Caveat, Estimate
from whipple.casefile.findings.sky import ShowerTrack, Sky, Stream
from whipple.casefile.findings.strikes import PartRate, ShowerReach, Strikes
from whipple.exposure.chances import level_draws
from whipple.exposure.openness import PartView, view_by_part
from whipple.exposure.rates import (
    STRIKE_MASS_KG,
    CriticalDiameter,
    counted_mass_kg,
    crossed_per_s,
    part_rate,
)
from whipple.exposure.reach import shower_reach
from whipple.exposure.site import Site, site_of
from whipple.exposure.walls import with_site_wall
from whipple.exposure.words import two_figures
from whipple.physics.constants import YEAR_s
from whipple.physics.frames import body_from_lvlh
from whipple.vehicle.rays import Rays
from whipple.vehicle.sight import rays_for
from whipple.vehicle.stack import Stack
from whipple.vehicle.surfaces import Part

__all__ = ["strike_rates"]

#: Draws of attitude and normal for the range of each shower's reach.
DRAWS = 64


def strike_rates(
    case: Case, stack: Stack, sky: Sky, critical_diameter_m: CriticalDiameter, *, backend: str = "auto"
) -> Strikes:
    """Strike and puncture rates of every part, the open sky of the suspect site, and what each shower can reach.

    `critical_diameter_m(part, speed_m_s, incidence_rad, density_kg_m3)` gives the smallest perforating particle on arrays of equal
    shape, or None when the wall is unknown; it is asked about the suspect part with the case's `site_wall`. `backend` chooses the ray library.
    Site and facet fluxes are face fluxes, with the shadow of
    the stack: `site_flux_per_m2_s` above each stream's reference mass, `facet_strike_per_m2_s` above 1e-9 kg.
    """
    rays = rays_for(stack.surfaces, backend)
    site = site_of(stack, rays)
    direction_body = sky.direction_lvlh @ stack.body_from_lvlh.T
    open_share = np.array([site.open_to(index, direction_body) for index in range(len(site.normal_body))])
    showers = _showers(case, sky, site)
    views = _views(stack, rays, sky, direction_body)
    walls = tuple(with_site_wall(case, part) for part in stack.surfaces.parts)
    parts = _rates(stack, walls, sky, views, critical_diameter_m)
    cast = sum(view.rays_cast_count for view in views)
    return Strikes(
        site_part=stack.site_part,
        site_normal_lvlh=site.normal_lvlh,
        site_normal_frac=site.normal_frac,
        site_open=open_share,
        site_area_m2=case.vehicle.site_area_m2.value,
        site_flux_per_m2_s=_site_flux(sky, site, direction_body, open_share),
        stream_names=tuple(stream.name for stream in sky.streams),
        showers=showers,
        parts=parts,
        facet_strike_per_m2_s=_facet_flux(stack, sky, views),
        rays_cast_count=cast,
        headline=_headline(case, stack, sky, parts, showers),
        caveats=_caveats(stack, sky, rays, cast),
    )


def _showers(case: Case, sky: Sky, site: Site) -> tuple[ShowerReach, ...]:
    rng = case.rng("exposure")
    attitude = case.attitude
    angles = [given.draw(rng, DRAWS) for given in (attitude.yaw_rad, attitude.pitch_rad, attitude.roll_rad)]
    attitudes = np.array([body_from_lvlh(*map(float, turn)) for turn in zip(*angles, strict=True)])
    return tuple(
        shower_reach(track, sky.orbit.t_s, site, attitudes=attitudes, rng=case.rng(f"exposure {track.code}"))
        for track in sky.showers
    )


def _views(stack: Stack, rays: Rays, sky: Sky, direction_body: Array) -> tuple[PartView, ...]:
    weights = np.array([stream.flux_per_m2_s.sum(axis=1) for stream in sky.streams]).reshape(
        len(sky.streams), len(direction_body)
    )
    return view_by_part(stack.surfaces, rays, direction_body, weights)


def _rates(
    stack: Stack, walls: tuple[Part, ...], sky: Sky, views: tuple[PartView, ...], critical_diameter_m: CriticalDiameter
) -> tuple[PartRate, ...]:
    area = np.bincount(stack.surfaces.part_index, stack.surfaces.area_m2, minlength=len(stack.surfaces.parts))
    if not sky.streams:
        return ()
    crossed = crossed_per_s(views, sky.streams)
    return tuple(
        part_rate(part, float(area[index]), crossed[index, row], stream, sky.speed_m_s, critical_diameter_m)
        for index, part in enumerate(walls)
        for row, stream in enumerate(sky.streams)
    )


def _strike_ratio(stream: Stream) -> float:
    return float(stream.heavier_than(counted_mass_kg(stream)))


def _facet_flux(stack: Stack, sky: Sky, views: tuple[PartView, ...]) -> Array:
    flux = np.zeros((len(sky.streams), len(stack.surfaces.triangle)))
    for view in views:
        flux[:, view.facet] = view.face_flux
    ratios = np.array([_strike_ratio(stream) for stream in sky.streams])
    heavier: Array = flux * ratios.reshape(-1, 1)
    return heavier


def _site_flux(sky: Sky, site: Site, direction_body: Array, open_share: Array) -> Array:
    """Face flux above each stream's reference mass. (n_stream, n_normal, n_speed)

    A shower is a beam, so it is followed along its track; everything else is summed over the direction cells.
    """
    tracks = {track.name: track for track in sky.showers}
    faced = np.maximum(0.0, site.normal_body @ direction_body.T) * open_share
    flux = [
        _beam_flux(stream, tracks[stream.name], sky.speed_m_s, site)
        if stream.name in tracks
        else faced @ stream.flux_per_m2_s
        for stream in sky.streams
    ]
    return np.array(flux).reshape(len(sky.streams), len(site.normal_body), len(sky.speed_m_s))


def _beam_flux(stream: Stream, track: ShowerTrack, speed_m_s: Array, site: Site) -> Array:
    """Face flux of a shower on each normal and speed: the flux of a speed bin is shared by the moments of that speed. (n_normal, n_speed)"""
    total = stream.flux_per_m2_s.sum(axis=0)
    seen, filled = np.flatnonzero(track.visible > 0), np.flatnonzero(total > 0)
    flux = np.zeros((len(site.normal_body), len(speed_m_s)))
    if not len(seen) or not len(filled):
        return flux
    slot = filled[np.abs(track.speed_m_s[seen, None] - speed_m_s[filled]).argmin(axis=1)]
    each = total[slot] / np.bincount(slot, minlength=len(speed_m_s))[slot]
    direction = track.arrival_dir_lvlh[seen] @ site.body_from_lvlh.T
    for index, normal in enumerate(site.normal_body):
        weight = each * np.maximum(0.0, direction @ normal) * site.open_to(index, direction)
        flux[index] = np.bincount(slot, weight, minlength=len(speed_m_s))
    return flux


def _yearly(case: Case, sky: Sky, rates: list[PartRate]) -> Estimate:
    """Strikes a year over several streams, each level drawn on its own."""
    struck = [sum(rate.strike_per_s.median for rate in rates if rate.stream == one.name) for one in sky.streams]
    total = level_draws(sky.streams, case.rng("exposure sum")) @ np.array(struck)
    return Estimate.from_samples(total * YEAR_s, "")


def _headline(case: Case, stack: Stack, sky: Sky, parts: tuple[PartRate, ...], showers: tuple[ShowerReach, ...]) -> str:
    on_site = [rate for rate in parts if rate.part == stack.site_part]
    said = []
    if on_site:
        yearly = _yearly(case, sky, on_site)
        said.append(
            f"{stack.site_part} (whole part, {on_site[0].area_m2:.1f} m²) is struck by particles heavier than 1 µg about "
            f"{two_figures(yearly.median)} times a year (90 % interval {two_figures(yearly.low)} to {two_figures(yearly.high)})"
        )
    else:
        said.append(f"no particle stream is known, so nothing can be said about how often {stack.site_part} is struck")
    if showers:
        said.append(_reaching(showers))
    return "; ".join(said) + "."


def _reaching(showers: tuple[ShowerReach, ...]) -> str:
    """Which of the active showers can reach the site at its best-guess wall, and which cannot."""
    out = [shower.shower for shower in showers if shower.reach_frac <= 0]
    into = [
        f"{shower.shower} (for {100 * shower.reach_frac:.0f} % of their time in view)"
        for shower in showers
        if shower.reach_frac > 0
    ]
    if not out:
        return f"of the active showers all can reach its best-guess wall: {', '.join(into)}"
    text = f"of {len(showers)} shower{'s' if len(showers) > 1 else ''}, {', '.join(out)} cannot reach its best-guess wall (direction or shadow)"
    return text + (f"; {', '.join(into)} can" if into else "")


def _caveats(stack: Stack, sky: Sky, rays: Rays, cast: int) -> tuple[Caveat, ...]:
    surfaces = stack.surfaces
    shape = f"{len(surfaces.triangle)} triangles in {len(sky.direction_lvlh)} directions"
    normals = f"{len(stack.site_normal_frac)} possible normals are carried with weights"
    said = [
        Caveat("rays", f"{cast} rays cast with {rays.name} at {shape}; the shadow on one facet toward one direction is good to about "
               "20 %, sums over the sky to about 1 %."),
        Caveat("site-normal", f"The outward normal at the hole is not measured: {normals}; the spot is taken in the middle of the part."),
        Caveat("coarse-stack", "The stack is a coarse model from primitive shapes; its shadows are indicative near their edges."),
        Caveat("interval-level", "Intervals of strike rates hold the level of each stream only; attitude and damage laws are not in them."),
    ]  # fmt: skip
    moving = sorted({part.module for part in surfaces.parts if part.tracks_sun})
    if moving:
        said.append(
            Caveat(
                "arrays-fixed", f"Sun-tracking arrays ({', '.join(moving)}) cast their shadow at one fixed position."
            )
        )
    if not sky.streams:
        said.append(Caveat("no-streams", "The sky holds no particle stream: no strike rate can be given."))
    short = [stream.name for stream in sky.streams if counted_mass_kg(stream) != STRIKE_MASS_KG]
    if short:
        said.append(
            Caveat(
                "mass-range",
                f"Strikes of {', '.join(short)} are counted above the nearest mass the stream covers, not above 1e-9 kg.",
            )
        )
    return tuple(said)
