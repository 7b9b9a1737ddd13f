"""What does the vehicle look like, where is everything, and what sees what?

`build` makes the stack of a case; `vehicle_problems` lists what is wrong with a shape file.
"""

from __future__ import annotations

from whipple.vehicle.build import build
from whipple.vehicle.read_vehicle import vehicle_problems
from whipple.vehicle.stack import Stack
from whipple.vehicle.surfaces import Part, Surfaces

__all__ = ["Part", "Stack", "Surfaces", "build", "vehicle_problems"]
