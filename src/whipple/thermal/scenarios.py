"""Every thermal scenario of the case, with bands over the ships that fit the published temperatures.

Docked scenarios follow one another from the case epoch, each starting where the one before ended; a free flight starts where
the docked life ended. The readings weigh the ships on the docked part; free flights use the ships that remain.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from whipple.casefile.case import Case
from whipple.casefile.estimate import Array, Caveat, Estimate
from whipple.casefile.findings.heat import Heat, HeatScenario
from whipple.casefile.findings.sky import Sky
from whipple.casefile.given import Given
from whipple.casefile.tables.thermal import ScenarioTable
from whipple.errors import CaseError, Problem
from whipple.physics.cited import Cited
from whipple.thermal.calibrate import Reading, check_readings, effective_count, find_readings, resample, weigh_ships
from whipple.thermal.march import Cabin, History, march
from whipple.thermal.network_tables import NetworkFile
from whipple.thermal.read_network import read_network
from whipple.thermal.ship import Ships, State, build_networks, draw_ships, start_K
from whipple.thermal.words import harm, headline

__all__ = ["how_hot"]

HOT_K = Cited(313.15, unit="K", source="thermal_proposal", grade="proposal")
#: When the environment was not asked: a typical ISS altitude.
TYPICAL_ALTITUDE_m = Cited(417_000.0, unit="m", source="thermal_sheet", grade="computed")
#: Steps of the march: an hour docked; a minute with people aboard or in free flight.
_DOCKED_STEP_s = 3600.0
_FREE_STEP_s = 60.0
#: Below this effective number of draws the ends of a 90 % band are rough.
FEW_SHIPS = 100.0
_DRAWN, _KEPT = 3000, 200
_MODEL = ("node network of the case",)

_ASSUMED = Caveat(
    "thermal-network-assumed",
    "No heat capacity, conductance or load by compartment of this ship is public: the network's numbers are assumptions with "
    "wide ranges, narrowed by a handful of published temperatures against three unknown groups (internal coupling, duct and "
    "docking loss, environment and loads), so the assumed ranges decide much of the bands.",
)
_FREE = Caveat(
    "thermal-return-assumed",
    "Return flights take any Sun angle the orbit can have, closed inner hatch, fans running and no drying of the air; pressure "
    "suits are not modelled, and heating by the entry itself (minutes, behind the heat shield) is left out.",
)
_NO_SKY = Caveat("thermal-no-sky", "No orbit was worked out: any Sun angle and a typical altitude are taken.")


@dataclass(frozen=True)
class _Run:
    """One scenario marched: its table, when it began (seconds since the epoch), and the history of every ship."""

    table: ScenarioTable
    began_s: float
    history: History


def how_hot(case: Case, sky: Sky | None) -> Heat:
    """Temperatures and humidity of every scenario of [thermal] with 90 % bands, and the published readings beside ours.

    Bands are percentiles 5, 50, 95 over the ships kept; nothing but caveats when the case has no [thermal].
    Raises CaseError when the network file is wrong.
    """
    if case.thermal is None or not case.thermal.scenario:
        missing = Caveat(
            "thermal-no-network", "The case describes no thermal network or scenario: add [thermal] to case.toml."
        )
        return Heat((), (), "How hot the ship gets cannot be said: the case has no thermal network.", (missing,))
    network = read_network(case.path(case.thermal.file), case.thermal.file)
    rng = case.rng("thermal")
    ships = draw_ships(network, _DRAWN, rng)
    docked = _docked_life(case, network, ships, sky)
    last_s = docked[-1].began_s + float(docked[-1].history.t_s[-1]) if docked else 0.0
    readings = find_readings(case, network.readings, 0.0, last_s)
    used = tuple(reading for reading in readings if reading.claim.use == "evidence")
    weight = weigh_ships(used, [_at(docked, network, reading) for reading in used], _DRAWN)
    kept = resample(weight, _KEPT, rng)
    runs = [replace(run, history=_chosen(run.history, kept)) for run in docked]
    begin_K = runs[-1].history.temperature_K[-1] if runs else start_K(network, ships)[kept]
    runs += _free_flights(case, network, ships.chosen(kept), begin_K, sky)
    in_order = {run.table.name: run for run in runs}
    scenarios = tuple(
        _scenario(network, in_order[table.name], case.crew.metabolic_W) for table in case.thermal.scenario
    )
    checks = check_readings(readings, [_at(runs, network, reading) for reading in readings])
    return Heat(scenarios, checks, headline(scenarios), _caveats(sky, used, weight))


def _state(table: ScenarioTable, sky: Sky | None, ships: Ships) -> State:
    """Docked at the epoch the orbit is known; later flights, or a case without a sky, take any Sun angle."""
    beta_rad = ships.draws["sun.any_beta"]
    if table.docked and sky is not None:
        beta_rad = np.full_like(beta_rad, float(sky.orbit.beta_rad))
    altitude_m = float(sky.orbit.altitude_m) if sky is not None else float(TYPICAL_ALTITUDE_m)
    return State(table.docked, table.equipment, altitude_m, beta_rad)


def _docked_life(case: Case, network: NetworkFile, ships: Ships, sky: Sky | None) -> list[_Run]:
    runs: list[_Run] = []
    begin_K, began_s = start_K(network, ships), 0.0
    for table in case.thermal.scenario if case.thermal else ():
        if table.docked:
            history = _flown(case, network, ships, begin_K, (table, _state(table, sky, ships)))
            runs.append(_Run(table, began_s, history))
            begin_K, began_s = history.temperature_K[-1], began_s + table.duration_s.value
    return runs


def _free_flights(case: Case, network: NetworkFile, ships: Ships, begin_K: Array, sky: Sky | None) -> list[_Run]:
    tables = [table for table in (case.thermal.scenario if case.thermal else ()) if not table.docked]
    return [
        _Run(table, 0.0, _flown(case, network, ships, begin_K, (table, _state(table, sky, ships)))) for table in tables
    ]


def _flown(
    case: Case, network: NetworkFile, ships: Ships, begin_K: Array, what: tuple[ScenarioTable, State]
) -> History:
    table, state = what
    duration_s = table.duration_s.value
    fine = not table.docked or table.crew > 0
    steps = max(8, round(duration_s / (_FREE_STEP_s if fine else _DOCKED_STEP_s)))
    return march(build_networks(network, ships, state), begin_K, duration_s, steps, _cabin(case, network, ships, table))


def _cabin(case: Case, network: NetworkFile, ships: Ships, table: ScenarioTable) -> Cabin | None:
    room = network.crew_room
    if table.crew == 0:
        return None
    if room is None:
        file = case.thermal.file if case.thermal else "network.toml"
        wanted = f"a [crew_room], because {table.crew} people fly {table.name!r}"
        raise CaseError([Problem(file, "crew_room", "nothing", wanted, "add [crew_room] with air and wall node")])
    drawn = {key: ships.draws[f"crew_room.{key}"] for key in ("volume", "wall_area", "film", "body_film", "humidity")}
    heat = case.crew.metabolic_W.draw(case.rng("thermal.crew"), ships.ship_count)
    return Cabin(
        network.names.index(room.air), network.names.index(room.wall), table.crew,
        drawn["volume"], drawn["wall_area"], drawn["film"], drawn["body_film"], drawn["humidity"], heat,
    )  # fmt: skip


def _chosen(history: History, index: npt.NDArray[np.int64]) -> History:
    return History(
        history.t_s, history.temperature_K[:, index], history.humidity_frac[:, index], history.core_rise_K[:, index],
        history.condensed_kg[index], history.breathed_kg[index],
    )  # fmt: skip


def _at(runs: list[_Run], network: NetworkFile, reading: Reading) -> Array:
    """What each ship had (n_ship,) [K] at the time of a reading."""
    run = max((run for run in runs if run.table.docked and run.began_s <= reading.t_s), key=lambda run: run.began_s)
    where = [network.names.index(name) for name in network.readings[reading.slot]]
    mean = run.history.temperature_K[:, :, where].mean(axis=2)
    clock = run.history.t_s + run.began_s
    upper = int(np.clip(np.searchsorted(clock, reading.t_s), 1, len(clock) - 1))
    share = (reading.t_s - clock[upper - 1]) / (clock[upper] - clock[upper - 1])
    between: Array = (1 - share) * mean[upper - 1] + share * mean[upper]
    return between


def _cabin_nodes(network: NetworkFile, docked: bool) -> list[int]:
    """Docked: the nodes of reading "cabin"; after undocking: the air of the crew's room; else the first node."""
    if network.crew_room is not None and (not docked or "cabin" not in network.readings):
        return [network.names.index(network.crew_room.air)]
    return [network.names.index(name) for name in network.readings.get("cabin", network.names[:1])]


def _scenario(network: NetworkFile, run: _Run, metabolic_W: Given) -> HeatScenario:
    history, table = run.history, run.table
    every = max(1, (len(history.t_s) - 1) // 96)
    free = [index for index, node in enumerate(network.nodes.values()) if node.fixed is None]
    bands = np.quantile(history.temperature_K[::every][:, :, free], [0.05, 0.5, 0.95], axis=1).transpose(0, 2, 1)
    cabin = history.temperature_K[:, :, _cabin_nodes(network, table.docked)].mean(axis=2)
    peak = Estimate.from_samples(cabin.max(axis=0), "K", models=_MODEL, sources=(network.header.source,))
    aboard = table.crew > 0
    humidity = Estimate.from_samples(history.humidity_frac.max(axis=0), "", models=_MODEL) if aboard else None
    rise = Estimate.from_samples(history.core_rise_K[-1], "K", models=_MODEL) if aboard else None
    over = float((cabin.max(axis=0) > HOT_K).mean())
    return HeatScenario(
        table.name, table.crew, table.docked, float(history.t_s[-1]), tuple(network.names[i] for i in free),
        history.t_s[::every], bands, peak, humidity, over, harm(table.crew, peak, humidity, rise, over, metabolic_W), rise,
    )  # fmt: skip


def _caveats(sky: Sky | None, used: tuple[Reading, ...], weight: Array) -> tuple[Caveat, ...]:
    caveats = [_ASSUMED, _FREE]
    if sky is None:
        caveats.append(_NO_SKY)
    if not used:
        caveats.append(
            Caveat(
                "thermal-not-calibrated", "No published temperature entered: the bands are the assumed ranges alone."
            )
        )
    elif effective_count(weight) < FEW_SHIPS:
        caveats.append(
            Caveat(
                "thermal-few-ships-fit",
                f"Only about {effective_count(weight):.0f} of {len(weight)} drawn ships fit the published temperatures: bands are rough.",
            )
        )
    return tuple(caveats)
