"""How hot and humid will ship and crew get, docked and on the way home?"""

from whipple.thermal.read_network import network_problems, read_network
from whipple.thermal.scenarios import how_hot

__all__ = ["how_hot", "network_problems", "read_network"]
