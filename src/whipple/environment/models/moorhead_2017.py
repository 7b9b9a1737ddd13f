"""Moorhead et al. (2017): two bulk-density groups of meteoroids, split by the Tisserand parameter of their orbit."""

from __future__ import annotations

from whipple.physics.cited import Cited

__all__ = ["LONG_PERIOD_kg_m3", "SHORT_PERIOD_kg_m3", "STREAM_DENSITY_kg_m3"]

#: Tisserand parameter above 2 (asteroidal and short-period cometary): median of a log-normal, sigma 0.093 in log10.
SHORT_PERIOD_kg_m3 = Cited(3792.0, unit="kg/m^3", source="moorhead2017", grade="recalled")
#: Tisserand parameter below 2 (long-period, Halley type): median, sigma 0.127 in log10.
LONG_PERIOD_kg_m3 = Cited(857.0, unit="kg/m^3", source="moorhead2017", grade="recalled")
#: Streams with a measured density of their own.
STREAM_DENSITY_kg_m3 = {
    "GEM": Cited(2900.0, unit="kg/m^3", source="babadzhanov2009", grade="source"),
    "LEO": Cited(400.0, unit="kg/m^3", source="babadzhanov2009", grade="source"),
}
