"""Does Basilisk (bsk, AVS Lab) turn a body as whipple does? Opt-in: 600 MB, so in an environment of its own.

python3.11 -m venv /tmp/bsk-venv && /tmp/bsk-venv/bin/pip install bsk . pytest hypothesis
/tmp/bsk-venv/bin/python -m pytest tests/oracles/test_dynamics_basilisk.py
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest

pytest.importorskip("Basilisk", reason="Basilisk is an opt-in cross-check: see docs/theory/dynamics.md")

from Basilisk.simulation import GravityGradientEffector, extForceTorque, reactionWheelStateEffector, spacecraft
from Basilisk.utilities import RigidBodyKinematics, SimulationBaseClass, macros, simIncludeGravBody, simIncludeRW

from whipple.dynamics.control import turn_of
from whipple.dynamics.gravity_gradient import point_mass_torque_Nm
from whipple.dynamics.held_stack import fly_stack
from whipple.dynamics.rigid_body import body_rates_rad_s

STATION = np.array([[1.02e8, -6.96e6, -5.48e6], [-6.96e6, 0.91e8, 5.90e5], [-5.48e6, 5.90e5, 1.64e8]])
MU, RADIUS_M = 3.986004415e14, 6.778e6
SOURCE = "Basilisk 2.12.1, RK4 with steps of 1 s"


@dataclass
class Run:
    """A Basilisk simulation under construction."""

    simulation: SimulationBaseClass.SimBaseClass
    craft: spacecraft.Spacecraft
    torque: extForceTorque.ExtForceTorque


def begin(inertia: np.ndarray, rate: np.ndarray, turn: np.ndarray | None = None) -> Run:
    simulation = SimulationBaseClass.SimBaseClass()
    simulation.CreateNewProcess("process").addTask(simulation.CreateNewTask("task", macros.sec2nano(1.0)))
    craft = spacecraft.Spacecraft()
    craft.hub.mHub = 4e5
    craft.hub.IHubPntBc_B = inertia.tolist()
    craft.hub.r_CN_NInit, craft.hub.v_CN_NInit = [RADIUS_M, 0.0, 0.0], [0.0, float(np.sqrt(MU / RADIUS_M)), 0.0]
    craft.hub.omega_BN_BInit = rate.reshape(3, 1).tolist()
    if turn is not None:
        craft.hub.sigma_BNInit = RigidBodyKinematics.C2MRP(turn).reshape(3, 1).tolist()
    torque = extForceTorque.ExtForceTorque()
    craft.addDynamicEffector(torque)
    simulation.AddModelToTask("task", torque)
    simulation.AddModelToTask("task", craft)
    return Run(simulation, craft, torque)


def recorded(run: Run, arcs: list[tuple[float, np.ndarray]]) -> dict[str, np.ndarray]:
    """Run through arcs of (end in s, body torque); states every second."""
    record = run.craft.scStateOutMsg.recorder()
    run.simulation.AddModelToTask("task", record)
    run.simulation.InitializeSimulation()
    for end, torque in arcs:
        run.torque.extTorquePntB_B = torque.reshape(3, 1).tolist()
        run.simulation.ConfigureStopTime(macros.sec2nano(end))
        run.simulation.ExecuteSimulation()
    return {
        "t": record.times() * macros.NANO2SEC, "rate": np.array(record.omega_BN_B), "sigma": np.array(record.sigma_BN),
        "r": np.array(record.r_BN_N), "v": np.array(record.v_BN_N),
    }  # fmt: skip


def at(states: dict[str, np.ndarray], times: np.ndarray, name: str) -> np.ndarray:
    return states[name][np.searchsorted(states["t"], times - 1e-6)]


def test_station_under_a_body_torque(authority: Callable[..., None]) -> None:
    """The body and torque of JEOD RUN_9C: 10 N m about x from 1000 s to 2000 s, then free."""
    push, free = np.array([10.0, 0.0, 0.0]), np.zeros(3)
    theirs = recorded(begin(STATION, np.zeros(3)), [(1000.0, free), (2000.0, push), (2500.0, free)])
    times = np.array([1500.0, 2000.0, 2400.0])
    ours = body_rates_rad_s(
        STATION,
        [(0.0, 1000.0, lambda t: free), (1000.0, 2000.0, lambda t: push), (2000.0, 2500.0, lambda t: free)],
        times,
    )
    for row, other, t in zip(ours, at(theirs, times, "rate"), times, strict=True):
        for axis, name in enumerate("xyz"):
            authority("dynamics", f"Basilisk body rate {name} at {t:.0f} s", float(row[axis]), float(other[axis]), source=SOURCE,
                      why="rounding of 2500 steps", rtol=1e-10, unit="rad/s")  # fmt: skip


def test_station_with_constant_momentum_aboard(authority: Callable[..., None]) -> None:
    """A wheel without motor torque keeps its own axial momentum: J w' + w x (J w + h) = 0 with a constant h."""
    rate, axis, spin_Nms = np.array([2e-4, -1e-3, 5e-4]), np.array([0.6, 0.0, 0.8]), 15000.0
    run = begin(STATION, rate)
    wheels = simIncludeRW.rwFactory()
    wheel = wheels.create("custom", axis.tolist(), Js=100.0, Jt=50.0, Jg=50.0, Omega_max=1e6, Omega=60.0 * (spin_Nms / 100.0) / (2 * np.pi),
                          rWB_B=[0.0, 0.0, 0.0], RWModel=0, useRWfriction=False, useMinTorque=False, useMaxTorque=False)  # fmt: skip
    state = reactionWheelStateEffector.ReactionWheelStateEffector()
    wheels.addToSpacecraft("wheels", state, run.craft)
    run.simulation.AddModelToTask("task", state)
    speed = float(wheel.Omega)  # Basilisk writes the running speed back into this
    theirs = recorded(run, [(2000.0, np.zeros(3))])
    body = STATION - wheel.Js * np.outer(axis, axis)
    held = wheel.Js * (speed + float(axis @ rate)) * axis
    times = np.array([500.0, 2000.0])
    ours = body_rates_rad_s(body, [(0.0, 2000.0, lambda t: np.zeros(3))], times, start_rad_s=rate, momentum_Nms=held)
    for row, other, t in zip(ours, at(theirs, times, "rate"), times, strict=True):
        for number, name in enumerate("xyz"):
            authority("dynamics", f"Basilisk body rate {name} with 15 000 N m s aboard, {t:.0f} s", float(row[number]), float(other[number]),
                      source=SOURCE, why="RK4 with 1 s steps", rtol=1e-12, unit="rad/s")  # fmt: skip


def lvlh_from_inertial(r: np.ndarray, v: np.ndarray) -> np.ndarray:
    z, normal = -r / np.linalg.norm(r), np.cross(r, v)
    y = -normal / np.linalg.norm(normal)
    return np.stack([np.cross(y, z), y, z])


def test_gravity_gradient_libration(authority: Callable[..., None]) -> None:
    """A station tilted by 1 to 3 degrees for half an orbit: torque at the start, tilt and rates at the end."""
    orbit, tilt = float(np.sqrt(MU / RADIUS_M**3)), np.array([0.02, 0.05, -0.03])
    times = np.arange(0.0, 2701.0, 300.0)
    ours = fly_stack(STATION, orbit, lambda t, turn: np.zeros(3), times, law="free", attitude_rad=tilt)
    start = turn_of(tilt) @ lvlh_from_inertial(np.array([RADIUS_M, 0.0, 0.0]), np.array([0.0, 1.0, 0.0]))
    run = begin(STATION, turn_of(tilt) @ np.array([0.0, -orbit, 0.0]), start)
    gravity = simIncludeGravBody.gravBodyFactory()
    earth = gravity.createEarth()
    earth.isCentralBody, earth.mu = True, MU
    gravity.addBodiesTo(run.craft)
    gradient = GravityGradientEffector.GravityGradientEffector()
    gradient.addPlanetName(earth.planetName)
    run.craft.addDynamicEffector(gradient)
    run.simulation.AddModelToTask("task", gradient)
    torque = gradient.gravityGradientOutMsg.recorder()
    run.simulation.AddModelToTask("task", torque)
    theirs = recorded(run, [(2700.0, np.zeros(3))])
    up = turn_of(tilt) @ np.array([0.0, 0.0, -1.0])
    first = np.array(torque.gravityGradientTorque_B)[1]
    for number, name in enumerate("xyz"):
        authority("dynamics", f"Basilisk gravity-gradient torque {name}", float(point_mass_torque_Nm(STATION, up, orbit)[number]),
                  float(first[number]), source=SOURCE, why="one second into the run", rtol=1e-5, unit="N m")  # fmt: skip
    for index in (3, 9):
        rate, sigma, r, v = (at(theirs, times[index : index + 1], name)[0] for name in ("rate", "sigma", "r", "v"))
        turn = RigidBodyKinematics.MRP2C(sigma) @ lvlh_from_inertial(r, v).T
        ours_turn = turn_of(ours.tilt_rad[index])
        off = float(np.linalg.norm(ours_turn @ turn.T - np.eye(3))) / np.sqrt(2.0)
        authority("dynamics", f"Basilisk libration: turn between the two attitudes at {times[index]:.0f} s", off, 0.0, source=SOURCE,
                  why="RK4 with 1 s steps", atol=1e-11, unit="rad")  # fmt: skip
        for number, name in enumerate("xyz"):
            authority("dynamics", f"Basilisk libration: body rate {name} at {times[index]:.0f} s", float(ours.rate_rad_s[index, number]),
                      float(rate[number]), source=SOURCE, why="RK4 with 1 s steps", rtol=1e-11, unit="rad/s")  # fmt: skip
