"""Which ships could this be? Draws of every uncertain number of a network, and the networks made of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from whipple.casefile.estimate import Array
from whipple.casefile.given import Given
from whipple.errors import RangeError
from whipple.physics.cited import Cited
from whipple.physics.constants import SOLAR_CONSTANT_W_m2
from whipple.thermal.network import Network
from whipple.thermal.network_tables import SHARES, NetworkFile
from whipple.thermal.surroundings import ALBEDO, OUTGOING_W_m2, absorbed_W_m2

__all__ = ["Ships", "State", "build_networks", "draw_ships", "first_ship", "start_K"]

_ASSUMED = "thermal_sheet"
#: Largest beta the orbit can have: inclination 51.6 deg and obliquity 23.4 deg.
LARGEST_BETA_rad = Cited(1.309, unit="rad", source="thermal_sheet", grade="recalled")
#: Sun and Earth over the years: 1322-1413 W/m2, albedo 0.2-0.4, 220-270 W/m2 (thermal sheet, section 3, recalled).
SURROUNDINGS: Mapping[str, Given] = {
    "sun.solar": Given(SOLAR_CONSTANT_W_m2, 1322.0, 1413.0, "W/m**2", _ASSUMED),
    "sun.albedo": Given(ALBEDO, 0.2, 0.4, "", _ASSUMED),
    "sun.outgoing": Given(OUTGOING_W_m2, 220.0, 270.0, "W/m**2", _ASSUMED),
}


@dataclass(frozen=True)
class State:
    """What the ship is doing: docked or free, which equipment heats, where its orbit is (`beta_rad` one value, or one a ship)."""

    docked: bool
    equipment: str
    altitude_m: float
    beta_rad: Array


@dataclass(frozen=True)
class Ships:
    """Equally likely ships: every number of the file (by its place in it) as draws (n_ship,)."""

    draws: Mapping[str, Array]

    @property
    def ship_count(self) -> int:
        """How many ships."""
        return len(self.draws["sun.solar"])

    def chosen(self, index: npt.NDArray[np.int64]) -> Ships:
        """The ships of these indices, in this order (repeats allowed)."""
        return Ships({key: values[index] for key, values in self.draws.items()})


def _uncertain(network: NetworkFile) -> Iterator[tuple[str, Given]]:
    yield from SURROUNDINGS.items()
    for name, node in network.nodes.items():
        for key in ("capacity", "start", "fixed"):
            if getattr(node, key) is not None:
                yield f"node.{name}.{key}", getattr(node, key)
    for index, link in enumerate(network.links):
        for key in ("conductance", "radiation", "flow"):
            if getattr(link, key) is not None:
                yield f"link.{index}", getattr(link, key)
    for index, skin in enumerate(network.skins):
        for key in ("area", "absorptance", "emittance", "shadowed"):
            yield f"skin.{index}.{key}", getattr(skin, key)
    for equipment, by_node in network.loads.items():
        for heated, heat in by_node.items():
            yield f"loads.{equipment}.{heated}", heat
    if network.crew_room is not None:
        for key in ("volume", "wall_area", "film", "body_film", "humidity"):
            yield f"crew_room.{key}", getattr(network.crew_room, key)


def draw_ships(network: NetworkFile, count: int, rng: np.random.Generator) -> Ships:
    """That many ships, every number drawn from its own range. "sun.any_beta" is any beta angle.

    A range that begins at 0 would be drawn below it in one case of twenty: those stand at 0 (loads apart, which may cool); shares stay below 1.
    """
    draws = {key: given.draw(rng, count) for key, given in _uncertain(network)}
    draws = {key: value if key.startswith("loads.") else np.maximum(value, 0.0) for key, value in draws.items()}
    draws = {key: np.minimum(value, 0.99) if key.endswith(SHARES) else value for key, value in draws.items()}
    return Ships({**draws, "sun.any_beta": rng.uniform(-LARGEST_BETA_rad, LARGEST_BETA_rad, count)})


def start_K(network: NetworkFile, ships: Ships) -> Array:
    """First temperatures (n_ship, n_node) [K]: starts, and fixed values of boundaries."""
    keys = [f"node.{name}.{'fixed' if node.fixed is not None else 'start'}" for name, node in network.nodes.items()]
    return np.stack([ships.draws[key] for key in keys], axis=-1)


def build_networks(network: NetworkFile, ships: Ships, state: State) -> Network:
    """The networks (leading axis n_ship) of these ships in this state.

    Raises RangeError when the file has no loads of that name.
    """
    if state.equipment not in network.loads:
        known = ", ".join(network.loads)
        raise RangeError(
            "thermal network", "equipment", repr(state.equipment), f"one of [loads]: {known}", "correct the scenario"
        )
    count, position = ships.ship_count, {name: i for i, name in enumerate(network.names)}
    n = len(position)
    capacity, load = np.zeros((count, n)), np.zeros((count, n))
    gl, gr, flow = (np.zeros((count, n, n)) for _ in range(3))
    for name, node in network.nodes.items():
        if node.capacity is not None:
            capacity[:, position[name]] = ships.draws[f"node.{name}.capacity"]
    for index, link in enumerate(network.links):
        if link.when != ("free" if state.docked else "docked"):
            here, there = (position[end] for end in link.between)
            value = ships.draws[f"link.{index}"]
            if link.flow is not None:
                flow[:, there, here] += value
            else:
                _couple(gl if link.conductance is not None else gr, here, there, value)
    for heated in network.loads[state.equipment]:
        load[:, position[heated]] += ships.draws[f"loads.{state.equipment}.{heated}"]
    _add_skins(network, ships, state, load, gr)
    fixed = np.array([node.fixed is not None for node in network.nodes.values()])
    return Network(network.names, capacity, fixed, load, gl, gr, flow)


def _couple(matrix: Array, here: int, there: int, value: Array) -> None:
    matrix[:, here, there] += value
    matrix[:, there, here] += value


def _add_skins(network: NetworkFile, ships: Ships, state: State, load: Array, gr: Array) -> None:
    position = {name: i for i, name in enumerate(network.names)}
    for index, skin in enumerate(network.skins):
        area, absorptance, emittance = (
            ships.draws[f"skin.{index}.{key}"] for key in ("area", "absorptance", "emittance")
        )
        hidden = ships.draws[f"skin.{index}.shadowed"] if state.docked else 0.0
        flux = absorbed_W_m2(
            absorptance, emittance, state.altitude_m, state.beta_rad,
            solar_W_m2=ships.draws["sun.solar"], albedo=ships.draws["sun.albedo"], outgoing_W_m2=ships.draws["sun.outgoing"],
        )  # fmt: skip
        load[:, position[skin.node]] += area * flux * (1.0 - hidden)
        _couple(gr, position[skin.node], position[skin.space], area * emittance * (1.0 - hidden))
        _couple(gr, position[skin.node], position[skin.station], area * emittance * hidden)


def first_ship(network: NetworkFile, state: State) -> tuple[Network, Array]:
    """The one network of the file's best guesses in this state, and its first temperatures (n_node,) [K]."""
    ships = Ships({key: np.array([given.value]) for key, given in _uncertain(network)})
    many = build_networks(network, ships, state)
    one = Network(
        many.names, many.capacity_J_K[0], many.fixed, many.load_W[0], many.gl_W_K[0], many.gr_m2[0], many.flow_W_K[0]
    )
    return one, start_K(network, ships)[0]
