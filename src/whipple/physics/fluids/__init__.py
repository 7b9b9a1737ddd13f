"""How do the coolants behave: density, vapour pressure, heats, viscosity and surface tension against temperature?"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from whipple.errors import RangeError
from whipple.physics.constants import GAS_CONSTANT_J_molK
from whipple.physics.fluids.coolprop_fits import COOLPROP_GASES, COOLPROP_LIQUIDS
from whipple.physics.fluids.fluid import Fit, Fluid
from whipple.physics.fluids.gas import Gas
from whipple.physics.fluids.isooctane import ISOOCTANE

__all__ = ["FLUIDS", "GASES", "Fit", "Fluid", "GAS_CONSTANT_J_molK", "Gas", "fluid", "gas"]

#: Every liquid by the names a case may use.
FLUIDS: Mapping[str, Fluid] = MappingProxyType({"isooctane": ISOOCTANE, "lz-tk-2": ISOOCTANE, **COOLPROP_LIQUIDS})
GASES: Mapping[str, Gas] = COOLPROP_GASES


def fluid(name: str) -> Fluid:
    """The fluid of that name (upper or lower case); an unknown name raises RangeError with the known ones.

    >>> fluid("Isooctane").triple_point_K
    165.77
    """
    try:
        return FLUIDS[name.strip().lower()]
    except KeyError:
        raise RangeError("fluid", "name", repr(name), f"one of {', '.join(FLUIDS)}", "use a listed name") from None


def gas(name: str) -> Gas:
    """The gas of that name (upper or lower case); an unknown name raises RangeError with the known ones.

    >>> round(gas("Nitrogen").heat_capacity_ratio, 2)
    1.4
    """
    try:
        return GASES[name.strip().lower()]
    except KeyError:
        raise RangeError("gas", "name", repr(name), f"one of {', '.join(GASES)}", "use a listed name") from None
