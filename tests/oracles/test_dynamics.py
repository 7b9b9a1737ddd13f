"""Does an authority agree with the dynamics room: NASA's JEOD verification rows and the sheet's ISS numbers?"""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from whipple.dynamics.gravity_gradient import gradient_per_s2, gradient_torque_Nm, stiffness_Nm_rad
from whipple.dynamics.held_stack import Gyros, fly_stack
from whipple.dynamics.momentum import held_momentum_Nms, roll_yaw_bound_Nms
from whipple.dynamics.reaction import thrust_N
from whipple.dynamics.rigid_body import body_rates_rad_s

FOLDER = Path(__file__).parents[2] / "authorities"
JEOD_INERTIA = np.array([[1.02e8, -6.96e6, -5.48e6], [-6.96e6, 0.91e8, 5.90e5], [-5.48e6, 5.90e5, 1.64e8]])
RATE_RAD_S = 1.13115e-3


def rows(name: str) -> list[dict[str, float]]:
    text = (FOLDER / name).read_text().splitlines()
    found = csv.DictReader(line for line in text if not line.startswith("#"))
    return [{key: float(value) for key, value in row.items()} for row in found]


def test_body_under_a_torque(authority: Callable[..., None]) -> None:
    """JEOD RUN_9C: rest, then 10 N m about body x from 1000 s to 2000 s, then free."""
    printed = rows("dynamics_run9c.csv")
    times = np.array([row["t_s"] for row in printed])
    arcs = [(1000.0, 2000.0, lambda t: np.array([10.0, 0.0, 0.0])), (2000.0, 2500.0, lambda t: np.zeros(3))]
    rates = body_rates_rad_s(JEOD_INERTIA, arcs, times)
    for row, rate in zip(printed, rates, strict=True):
        for axis, name in enumerate("xyz"):
            authority(
                "dynamics", f"RUN_9C body rate {name} at {row['t_s']:.0f} s", float(rate[axis]), row[f"{name}_rad_s"],
                source="nasa/jeod RUN_9C (source)", why="two integrators at rtol 1e-13", rtol=1e-11, unit="rad/s",
            )  # fmt: skip


def unit(latitude_deg: float, longitude_deg: float) -> np.ndarray:
    lat, lon = np.radians([latitude_deg, longitude_deg])
    return np.array([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])


def lumpy_planet() -> tuple[np.ndarray, np.ndarray]:
    six = [(45, 0), (45, 120), (45, 240), (-45, 180), (-45, 300), (-45, 60)]
    pairs = [((23, 73), (-23, 253), 0.8), ((77, 303), (-77, 123), 0.6), ((51, 12), (-51, 192), 0.6)]
    lumps = [(place, 1.0, 4000.0) for place in six]
    for light, heavy, weight in pairs:
        lumps += [(light, weight, 4000.0), (heavy, 2 - weight, 4000.0 * weight / (2 - weight))]
    gm = np.array([weight for _, weight, _ in lumps]) * 3.986004415e14 / 12
    return gm, np.array([radius * unit(*place) for place, _, radius in lumps])


def test_gravity_torque_near_a_lumpy_planet(authority: Callable[..., None]) -> None:
    a, b, c = np.radians([40.0, 30.0, 20.0])
    rx = np.array([[1, 0, 0], [0, np.cos(a), np.sin(a)], [0, -np.sin(a), np.cos(a)]])
    rz = np.array([[np.cos(b), np.sin(b), 0], [-np.sin(b), np.cos(b), 0], [0, 0, 1]])
    ry = np.array([[np.cos(c), 0, -np.sin(c)], [0, 1, 0], [np.sin(c), 0, np.cos(c)]])
    turn, (gm, source_m) = rx @ rz @ ry, lumpy_planet()
    mass = np.array([50.0, 20.0, 10.0])
    place = np.array([[1.625, 1.25, -1.75], [-2.375, -1.75, 3.25], [-3.375, -2.75, 2.25]])
    assert mass @ place == pytest.approx([0, 0, 0])
    for row in rows("dynamics_gravity_torque.csv"):
        gradient = gradient_per_s2(gm, source_m, 6.8e6 * unit(row["latitude_deg"], row["longitude_deg"]))
        torque = gradient_torque_Nm(mass, place, turn @ gradient @ turn.T)
        for axis, name in enumerate("xyz"):
            authority(
                "dynamics", f"gravity torque {name} at {row['latitude_deg']:.0f}, {row['longitude_deg']:.0f}", float(torque[axis]),
                row[f"{name}_Nm"], source="nasa/jeod gravity-torque verification (source)", why="ten printed digits", rtol=1e-6, unit="N m",
            )  # fmt: skip


def test_stiffness_and_momentum_of_the_sheet(authority: Callable[..., None]) -> None:
    roll, pitch = stiffness_Nm_rad(JEOD_INERTIA, RATE_RAD_S)
    source, why = "leak sheet 8.2", "last printed digit"
    authority(
        "dynamics", "pitch stiffness", abs(np.radians(pitch)), 4.15, source=source, why=why, atol=0.005, unit="N m/deg"
    )
    authority(
        "dynamics", "roll stiffness", abs(np.radians(roll)), 4.89, source=source, why=why, atol=0.005, unit="N m/deg"
    )
    bound = float(roll_yaw_bound_Nms(3.0, RATE_RAD_S))
    authority(
        "dynamics",
        "roll and yaw bound at 3 N m",
        bound,
        5304.0,
        source="leak sheet 8.3",
        why=why,
        atol=0.5,
        unit="N m s",
    )
    t = np.linspace(0.0, 5554.7, 2001)
    held = held_momentum_Nms(np.broadcast_to([3.0, 3.0, 0.0], (2001, 3)), t, RATE_RAD_S)
    pitch_gain = float(held[-1, 1])
    authority(
        "dynamics",
        "pitch momentum, 3 N m for an orbit",
        pitch_gain,
        16664.0,
        source="leak sheet 8.3",
        why=why,
        atol=0.5,
        unit="N m s",
    )
    largest = float(np.hypot(held[:, 0], held[:, 2]).max())
    authority(
        "dynamics",
        "peak of roll and yaw, 3 N m for an orbit",
        largest,
        5304.0,
        source="leak sheet 8.3",
        why="60 s steps",
        rtol=1e-3,
        unit="N m s",
    )


def test_thrust_of_air_leaks_and_liquid_jets(authority: Callable[..., None]) -> None:
    for row in rows("dynamics_thrust.csv"):
        area = np.pi / 4 * (row["diameter_mm"] * 1e-3) ** 2
        kind = "liquid" if row["regime"] else "gas"
        push = thrust_N(kind, area, row["discharge"], row["pressure_Pa"], 0.98)
        authority(
            "dynamics", f"thrust, {kind}, {row['diameter_mm']:g} mm, Cd {row['discharge']:g}, {row['pressure_Pa']:.0f} Pa", push.value,
            row["thrust_N"], source="leak sheet 9.3, 9.4", why="last printed digit", atol=1.01 * row["half_digit_N"], unit="N",
        )  # fmt: skip


def test_the_flown_stack_is_the_published_body(authority: Callable[..., None]) -> None:
    """RUN_9C through the simulation that also carries gyros and attitude: gravity off, no control."""
    printed = rows("dynamics_run9c.csv")
    times = np.array([1000.0, *(row["t_s"] for row in printed)])
    run = fly_stack(
        JEOD_INERTIA, RATE_RAD_S, lambda t, turn: np.array([10.0 if t < 2000.0 else 0.0, 0.0, 0.0]), times, law="free", gravity=False,
        rate_rad_s=np.zeros(3), breaks_s=[2000.0],
    )  # fmt: skip
    for row, rate in zip(printed, run.rate_rad_s[1:], strict=True):
        for axis, name in enumerate("xyz"):
            authority(
                "dynamics", f"RUN_9C flown with attitude, body rate {name} at {row['t_s']:.0f} s", float(rate[axis]), row[f"{name}_rad_s"],
                source="nasa/jeod RUN_9C (source)", why="two integrators", rtol=1e-11, unit="rad/s",
            )  # fmt: skip


def test_the_held_stack_fills_its_gyros_as_the_sheet_says(authority: Callable[..., None]) -> None:
    """3 N m for one orbit of 5554.7 s, principal axes on LVLH, full control loop: the closed forms of sheet 8.3."""
    flat, times = np.diag(np.diag(JEOD_INERTIA)), np.linspace(0.0, 5554.7, 401)
    why = "the body moves by 0.005 deg before the loop has answered"
    for torque, what, theirs in (
        ((0.0, 3.0, 0.0), "pitch", 16664.0),
        ((3.0, 0.0, 0.0), "roll", 5304.0),
        ((0.0, 0.0, 3.0), "yaw", 5304.0),
    ):
        run = fly_stack(flat, RATE_RAD_S, lambda t, turn, torque=torque: np.array(torque), times, gyros=Gyros(1e6))
        ours = float(np.linalg.norm(run.momentum_Nms, axis=1).max())
        authority("dynamics", f"controlled stack, 3 N m in {what} for an orbit", ours, theirs, source="leak sheet 8.3", why=why, rtol=1e-3,
                  unit="N m s")  # fmt: skip


def libration_s(tilt: tuple[float, float, float], axis: int) -> float:
    """Mean time between upward zero crossings of a thin rod along the local vertical, set free."""
    orbit = 2 * np.pi / RATE_RAD_S
    times = np.linspace(0.0, 1.8 * orbit, 1801)
    run = fly_stack(
        np.diag([1e6, 1e6, 1.0]),
        RATE_RAD_S,
        lambda t, turn: np.zeros(3),
        times,
        law="free",
        attitude_rad=np.array(tilt),
    )
    angle = run.tilt_rad[:, axis]
    up = np.flatnonzero((angle[:-1] < 0) & (angle[1:] >= 0))
    crossing = times[up] - angle[up] * (times[up + 1] - times[up]) / (angle[up + 1] - angle[up])
    return float(np.diff(crossing).mean())


def test_libration_of_a_thin_rod(authority: Callable[..., None]) -> None:
    orbit, source = 2 * np.pi / RATE_RAD_S, "leak sheet 8.2"
    why = "amplitude of 1e-3 rad, crossings between points"
    authority("dynamics", "libration of a rod in the orbit plane", libration_s((0.0, 1e-3, 0.0), 1), orbit / np.sqrt(3.0), source=source,
              why=why, rtol=3e-6, unit="s")  # fmt: skip
    authority("dynamics", "libration of a rod out of the plane", libration_s((1e-3, 0.0, 0.0), 0), orbit / 2.0, source=source, why=why,
              rtol=3e-6, unit="s")  # fmt: skip
