"""What `whipple debris` says of its answers: for machines, and as lines for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from whipple.casefile.estimate import Estimate
    from whipple.environment.catalogue_flux import CatalogueFlux
    from whipple.environment.cloud_crossing import Ship
    from whipple.environment.clouds import CloudAnswer
    from whipple.environment.debris_tensors import DebrisTensors
    from whipple.environment.grid import SkyGrid

__all__ = ["YEAR_s", "cloud_answer", "small_answer", "tracked_answer"]

YEAR_s = 3.15576e7


def numbers(estimate: Estimate, factor: float = 1.0) -> dict[str, float]:
    """Median and 90 % interval, times a factor."""
    return {"median": estimate.median * factor, "low": estimate.low * factor, "high": estimate.high * factor}


def cloud_answer(answer: CloudAnswer, last: int, month: str) -> tuple[dict[str, Any], list[str]]:
    """What is in orbit and what meets the ship in the last month: for machines, and as lines."""
    rows: list[dict[str, Any]] = []
    for k, size in enumerate(answer.size_m):
        flux = _met(answer.tensors, last, float(size))
        rows.append(
            {
                "size_m": float(size), "released_count": float(answer.released_count[k]), "surviving_count": float(answer.surviving_count[k]),
                "plate_flux_per_m2_yr": flux and numbers(flux, YEAR_s), "sampling_ratio": float(answer.tensors.sampling_ratio[k]),
                "cross_section_flux_per_m2_yr": flux and numbers(flux, 4 * YEAR_s),
                "nasa91_cross_section_flux_per_m2_yr": _nasa91(answer.tensors.ship, last, float(size)),
            }
        )  # fmt: skip
    lines = [
        f"Fragments in orbit at the end of {month} and what they bring (plate = random plate; cross-section = 4 x plate):",
        f"  {'size':>9} {'released':>10} {'in orbit':>10}  {'flux on a cross-section, 1/m2/yr (90 %)':<40}sampling   NASA91",
    ]
    for row in rows:
        here, other = row["cross_section_flux_per_m2_yr"], row["nasa91_cross_section_flux_per_m2_yr"]
        said = (
            f"{here['median']:.2e} ({here['low']:.1e} to {here['high']:.1e})"
            if here
            else "no sample met the ship: unknown"
        )
        lines.append(
            f"  {row['size_m'] * 1e3:6.2f} mm {row['released_count']:10.3g} {row['surviving_count']:10.3g}  {said:<40}"
            f"{100 * row['sampling_ratio']:6.0f} %" + (f"  {other:.1e}" if other else "        -")
        )
    shares = {name: share for name, share in answer.share_ratio.items() if share >= 0.01}
    lines.append("From: " + ", ".join(f"{name} {100 * share:.0f} %" for name, share in list(shares.items())[:8]))
    lines.append(
        f"{answer.sample_count} samples, Monte-Carlo error {100 * answer.tensors.sampling_ratio[0]:.0f} % (1 sigma). The origins are a "
        "hypothesis of the model, not an observation; events below 10 tracked pieces and sources that are no break-up are missing."
    )
    if answer.young_ratio >= 0.05:
        lines.append(
            f"{100 * answer.young_ratio:.0f} % comes from break-ups of the last half year: their planes are not yet spread over all "
            "nodes as this flux assumes, so the true flux of the month may be lower or higher."
        )
    level = _met(answer.tensors, last, float(answer.size_m[0]))
    caveats = [caveat.text for caveat in level.caveats] if level else [answer.tensors.how_counted().text]
    return {
        "month": month,
        "rows": rows,
        "share_ratio": shares,
        "young_ratio": answer.young_ratio,
        "sampling_ratio": float(answer.tensors.sampling_ratio[0]),
        "caveats": caveats,
    }, [*lines, *(f"* {text}" for text in caveats)]


def _met(tensors: DebrisTensors, month: int, size_m: float) -> Estimate | None:
    """The flux above a size; None where no sample met the ship, which is not a flux of zero."""
    from whipple.errors import EvidenceError

    try:
        return tensors.plate_flux(month, size_m)
    except EvidenceError:
        return None


def _nasa91(ship: Ship, month: int, size_m: float) -> float | None:
    """NASA91 beside it, on a cross-section (1/m2/yr); None where it does not reach."""
    from whipple.environment.debris_sun import solar_flux_sfu
    from whipple.environment.models.kessler_1991 import debris_flux_per_m2_s
    from whipple.errors import RangeError
    from whipple.physics.constants import EARTH_RADIUS_m

    year = (month + 0.5) / 12
    place = ship.radius_m - EARTH_RADIUS_m, ship.inclination_rad
    try:
        plate = debris_flux_per_m2_s(size_m, *place, year=year, solar_sfu=float(solar_flux_sfu(year)[0]))
    except RangeError:
        return None
    return float(4 * plate) * YEAR_s


def tracked_answer(answer: CatalogueFlux, grid: SkyGrid) -> tuple[dict[str, Any], list[str]]:
    """The flux of tracked objects, and from which sides."""
    import numpy as np

    from whipple.physics.frames import azimuth_elevation

    azimuth, _ = azimuth_elevation(grid.direction_lvlh)
    cells = answer.flux_per_m2_s.sum(axis=1)
    sides = {
        name: float(cells[np.abs(np.degrees(azimuth)) <= 60].sum() / cells.sum()) if name == "within 60 deg of ram"
        else float(cells[np.abs(np.degrees(azimuth)) > 120].sum() / cells.sum()) for name in ("within 60 deg of ram", "from behind")
    }  # fmt: skip
    row = numbers(answer.cross_section, YEAR_s)
    lines = [
        f"Tracked objects on a cross-section: {row['median']:.3g} /m2/yr ({row['low']:.2g} to {row['high']:.2g}, 90 %), mean "
        f"relative speed {answer.mean_speed_m_s / 1e3:.1f} km/s; {answer.crossing_count} objects cross the ship's heights.",
        "Arrival: " + ", ".join(f"{100 * share:.0f} % {name}" for name, share in sides.items()) + ".",
        *(caveat.text for caveat in answer.cross_section.caveats),
    ]
    held = {"cross_section_flux_per_m2_yr": row, "mean_speed_m_s": answer.mean_speed_m_s, "crossing_count": answer.crossing_count,
            "arrival_frac": sides, "caveats": [caveat.text for caveat in answer.cross_section.caveats]}  # fmt: skip
    return held, lines


def small_answer(flux: Estimate, diameter: str, sun: str) -> tuple[dict[str, Any], list[str]]:
    """Debris below 1 mm with its band, and each count of returned hardware predicted from the others."""
    from whipple.environment.small_debris import leave_one_out

    text = f"{sun}; NASA91 lets the number grow by 4 % a year from 2011 on, an assumption of 1988."
    row = numbers(flux, YEAR_s)
    counts: list[dict[str, Any]] = [
        {
            "name": each.name,
            "counted": each.counted,
            "predicted": numbers(each.predicted),
            "meteoroids_count": each.meteoroids_count,
        }
        for each in leave_one_out()
    ]
    lines = [
        f"Debris larger than {diameter} on a random plate: {row['median']:.2g} /m2/yr ({row['low']:.2g} to {row['high']:.2g}, 90 %); "
        f"on a cross-section four times that: {4 * row['median']:.2g} ({4 * row['low']:.2g} to {4 * row['high']:.2g}).",
        flux.caveats[0].text,
        text,
        "Each count predicted from the others:",
    ]
    lines += [
        f"  {each['name']}: counted {each['counted']}, predicted {each['predicted']['median']:.0f} "
        f"({each['predicted']['low']:.0f} to {each['predicted']['high']:.0f}), meteoroids alone {each['meteoroids_count']:.0f}"
        for each in counts
    ]  # fmt: skip
    held = {
        "plate_flux_per_m2_yr": row,
        "cross_section_flux_per_m2_yr": numbers(flux, 4 * YEAR_s),
        "caveats": [*(caveat.text for caveat in flux.caveats), text],
        "leave_one_out": counts,
    }
    return held, lines
