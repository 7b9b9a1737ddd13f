"""Which published environments are inside? One file a paper, one literal table."""

from __future__ import annotations

import numpy as np

from whipple.environment.models import jenniskens_1994, peterson_1999, verniani_1973
from whipple.environment.models.blaauw_2011 import heavier_ratio
from whipple.environment.models.grun_1985 import LARGEST_kg, SMALLEST_kg, grun_flux_per_m2_s
from whipple.environment.models.johnson_2001 import area_to_mass_density, collision_count, explosion_count
from whipple.environment.models.jones_brown_1993 import lobe_per_sr
from whipple.environment.models.kessler_1991 import collision_speed_law, debris_flux_per_m2_s
from whipple.environment.models.koschack_rendtel_1990 import flux_heavier_per_m2_s
from whipple.environment.models.mcbride_1997 import streams_per_m2_s
from whipple.environment.models.moorhead_activity import zhr_per_h
from whipple.environment.models.outburst_years import excess_zhr_per_h
from whipple.environment.models.picone_2002 import density_kg_m3
from whipple.environment.models.pokorny_2019 import moon_speed_law_s_m
from whipple.environment.models.ssp30425 import ssp_face_flux_per_m2_s
from whipple.physics.models import Model

__all__ = ["MODELS"]

_METEOR_SPEED = {"speed_m_s": (12e3, 72e3)}

#: Every published model of this room.
MODELS: tuple[Model, ...] = (
    Model("grun_1985", grun_flux_per_m2_s, "meteoroid flux at 1 au by mass", "grun1985", "source",
          {"mass_kg": (float(SMALLEST_kg), float(LARGEST_kg))}, "one side of a tumbling plate, no Earth, showers in it on average"),
    Model("ssp30425", ssp_face_flux_per_m2_s, "meteoroid flux on a face in low orbit", "ssp30425", "recalled",
          {"altitude_m": (200e3, 2000e3)}, "isotropic; its focusing goes with its own slow speed law only; for comparison"),
    Model("jones_brown_1993", lobe_per_sr, "directions, speeds and strengths of six sporadic sources", "jones_brown1993", "recalled",
          {}, "strengths of Fentzke & Janches 2008; radar counts as the alternative; MEM 3 split as a cross-check only"),
    Model("blaauw_2011", heavier_ratio, "number of sporadic meteoroids by mass, as a ratio", "blaauw2011", "source",
          {"mass_ratio": (0.01, 100.0)}, "near 1e-7 kg; used to bring radar meteors to a limiting mass, never for the level"),
    Model("pokorny_2019", moon_speed_law_s_m, "impact speeds of meteoroids at the Moon", "pokorny2019", "source",
          {}, "a dust model of comets and asteroids, by mass flux; an alternative to corrected radar speeds"),
    Model("moorhead_activity", zhr_per_h, "zenithal hourly rate of a shower by solar longitude", "rms_flux", "source",
          {}, "23 annual showers and one of the IMO list; outbursts: outburst_years"),
    Model("outburst_years", excess_zhr_per_h, "what a reported outburst added to a shower, by hour", "jenniskens1995", "source",
          {}, "34 peaks of 1985 to 2022, each with its own source and grade; a slope on both sides, typical where no width is printed"),
    Model("mcbride_1997", streams_per_m2_s, "flux of the annual streams together above a mass", "mcbride1997", "recalled",
          {}, "heaviest mass scale; a second opinion on what showers add; the Ursids' level is corrected tenfold"),
    Model("koschack_rendtel_1990", flux_heavier_per_m2_s, "shower flux above a mass from ZHR", "koschack_rendtel1990", "source",
          {"population_ratio": (1.8, 3.5)}, "a +6.5 magnitude limit and a power law in mass"),
    Model("peterson_1999", peterson_1999.meteor_mass_kg, "mass of a meteor from magnitude and speed", "rms_flux", "source",
          _METEOR_SPEED, "lightest of the three scales"),
    Model("verniani_1973", verniani_1973.meteor_mass_kg, "mass of a meteor from magnitude and speed", "verniani1973", "recalled",
          _METEOR_SPEED, "the middle scale"),
    Model("jenniskens_1994", jenniskens_1994.meteor_mass_kg, "mass of a meteor from magnitude and speed", "jenniskens1994", "recalled",
          _METEOR_SPEED, "heaviest of the three scales; zenith term left out"),
    Model("kessler_1991", debris_flux_per_m2_s, "debris flux by diameter, altitude, inclination, year", "kessler1989", "recalled",
          {"diameter_m": (1e-4, 10.0), "altitude_m": (200e3, 1000e3), "inclination_rad": (float(np.radians(28.5)), float(np.radians(120)))},
          "growth terms of 1988; an order of magnitude or worse below 5 mm"),
    Model("kessler_1991_speed", collision_speed_law, "collision speed and direction of debris", "kessler1989", "recalled",
          {}, "circular orbits: horizontal arrival at acos(v / 2 v0) from ram"),
    Model("johnson_2001_explosion", explosion_count, "fragments of an explosion by size", "johnson2001", "source",
          {"length_m": (1e-3, 1.0)}, "6 S Lc^-1.6"),
    Model("johnson_2001_collision", collision_count, "fragments of a collision by size", "johnson2001", "source",
          {"length_m": (1e-3, 1.0)}, "0.1 M^0.75 Lc^-1.71; mass as corrected in 2011"),
    Model("johnson_2001", area_to_mass_density, "area to mass of fragments by size", "johnson2001", "source",
          {"length_m": (1e-4, 10.0)}, "a true mixture of two peaks above 11 cm; sphere of aluminium below 1 mm"),
    Model("picone_2002", density_kg_m3, "density of the upper air by altitude and solar flux", "picone2002", "computed",
          {"altitude_m": (100e3, 2000e3), "solar_sfu": (65.0, 280.0)}, "NRLMSISE-00 averaged over globe, local time and season"),
)  # fmt: skip
