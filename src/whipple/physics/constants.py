"""Constants that several questions share, each with its witness."""

from __future__ import annotations

from whipple.physics.cited import Cited

__all__ = [
    "ASTRONOMICAL_UNIT_m",
    "ATMOSPHERE_m",
    "EARTH_RADIUS_m",
    "GAS_CONSTANT_J_molK",
    "J2_ratio",
    "MU_EARTH_m3_s2",
    "OBLIQUITY_J2000_rad",
    "SOLAR_CONSTANT_W_m2",
    "STEFAN_BOLTZMANN_W_m2K4",
    "YEAR_s",
]

#: Gravitational parameter of the Earth.
MU_EARTH_m3_s2 = Cited(3.986004418e14, unit="m^3/s^2", source="iers2010", grade="official")
#: Equatorial radius of the Earth (WGS 84). The ECSS and SSP flux formulas round it to 6378 km, in their own files.
EARTH_RADIUS_m = Cited(6_378_137.0, unit="m", source="wgs84", grade="official")
#: Height below which the atmosphere stops particles.
ATMOSPHERE_m = Cited(100e3, unit="m", source="ecss_10_04", grade="source")
#: Dynamical form factor of the Earth (second zonal harmonic).
J2_ratio = Cited(1.0826359e-3, unit="", source="iers2010", grade="official")
#: Mean obliquity of the ecliptic at J2000 (84381.406 arcseconds, IAU 2006).
OBLIQUITY_J2000_rad = Cited(0.40909260060058289, unit="rad", source="iau2006", grade="official")
ASTRONOMICAL_UNIT_m = Cited(149_597_870_700.0, unit="m", source="iau2012", grade="official")
STEFAN_BOLTZMANN_W_m2K4 = Cited(5.670374419e-8, unit="W/m^2/K^4", source="codata2018", grade="official")
GAS_CONSTANT_J_molK = Cited(8.31446261815324, unit="J/mol/K", source="codata2018", grade="official")
#: Total solar irradiance at 1 au.
SOLAR_CONSTANT_W_m2 = Cited(1361.0, unit="W/m^2", source="kopp2011", grade="recalled", sigma=0.5)
#: A Julian year, the year of every flux here.
YEAR_s = Cited(3.15576e7, unit="s", source="iau2012", grade="official")
