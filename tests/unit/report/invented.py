"""Invented findings of the shape the rooms return: small, realistic in size, true of nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from whipple.casefile.case import Case
from whipple.casefile.estimate import Caveat, Estimate, Evidence
from whipple.casefile.findings import Findings
from whipple.casefile.findings.checks import Checks, ClaimCheck, Contradiction
from whipple.casefile.findings.deposit import Deposit, PartShare, SurfaceDeposit
from whipple.casefile.findings.heat import Heat, HeatScenario, ReadingCheck
from whipple.casefile.findings.hole import Datum, Hole, LeakHistory
from whipple.casefile.findings.impactor import Impactor, LawAnswer, SourceImpactor
from whipple.casefile.findings.onset import ChannelVerdict, LoopRecord, Onset
from whipple.casefile.findings.pictures import BudgetTerm, PictureMeasure, Pictures
from whipple.casefile.findings.plan import Flip, OptionAnswer, Plan
from whipple.casefile.findings.push import Push
from whipple.casefile.findings.sky import OrbitFacts, ShowerTrack, Sky, Stream
from whipple.casefile.findings.strikes import PartRate, ShowerReach, Strikes
from whipple.casefile.findings.verdict import Excluded, HypothesisVerdict, Mover, Verdict
from whipple.casefile.tables.case_table import AttitudeTable, CaseTable, CrewTable, OrbitTable, VehicleTable
from whipple.casefile.tables.claim import ClaimTable
from whipple.vehicle.stack import Stack
from whipple.vehicle.surfaces import Part, Surfaces

__all__ = ["invented_case", "invented_findings", "invented_stack"]

YEAR_S = 365.25 * 86400
ASSUMED = Caveat("assumed", "The accumulator volume is assumed, not published.")
THIN = Caveat("thin", "One source only; treat the interval as a lower limit of the doubt.")
CAUSES = ("sporadic", "shower:GEM", "shower:HYD", "debris", "manufacturing", "fatigue", "other")


def about(median: float, spread: float, unit: str, *caveats: Caveat) -> Estimate:
    return Estimate(
        median, median / spread, median * spread, unit, sources=("leak-sheet",), models=("invented",), caveats=caveats
    )


def near(median: float, half: float, unit: str) -> Estimate:
    return Estimate(median, median - half, median + half, unit)


def directions(azimuth_rad: np.ndarray, elevation_rad: np.ndarray) -> np.ndarray:
    flat = np.cos(elevation_rad)
    return np.stack([flat * np.cos(azimuth_rad), flat * np.sin(azimuth_rad), -np.sin(elevation_rad)], axis=-1)


def invented_case(folder: Path) -> Case:
    """A case without files: only what the page reads."""
    source = {"source": "leak-sheet"}
    vehicle = {
        "file": "vehicle.toml",
        "ship": "ship",
        "site_part": "ship.radiator",
        "site_wall": "1 mm",
        "site_area": "3 m**2",
        "site_material": "AMg6",
        "mass": "430000 kg",
        "centre_of_mass": ("0 m", "0 m", "0 m"),
        "centre_of_mass_spread": "0 m",
        "inertia_kg_m2": ((1e8, 0, 0), (0, 1e8, 0), (0, 0, 1e8)),
        "gyro_capacity": ("19000 N*m*s",),
        **source,
    }
    claims = (
        {
            "id": "hole-said",
            "about": "hole.diameter_m",
            "says": "0.8 mm",
            "said_by": "an official",
            "said_on": "2022-12-19",
            "use": "check",
        },
        {
            "id": "plume",
            "about": "hole.normal_azimuth_rad",
            "says": "135 deg",
            "said_by": "a note",
            "said_on": "2022-12-22",
            "use": "evidence",
        },
        {
            "id": "slip",
            "about": "onset.noticed_s",
            "says": "12 h",
            "said_by": "a page",
            "said_on": "2022-12-16",
            "use": "ignore",
        },
    )
    return Case(
        folder,
        "0" * 64,
        "2023-04-01",
        CaseTable(
            name="invented",
            title="Invented ship: loss of a cooling loop",
            epoch=datetime(2022, 12, 15, 0, 45, tzinfo=UTC),
            exposed_since=datetime(2022, 9, 21, tzinfo=UTC),
            summary="A made-up case for tests.",
            **source,
        ),
        OrbitTable(elements="iss.tle", **source),
        AttitudeTable(**source),
        VehicleTable.model_validate(vehicle),
        CrewTable.model_validate({"count": 3, "seats": 3, "metabolic": "137 W", **source}),
        claims=tuple(ClaimTable.model_validate({**row, **source}) for row in claims),
        sources={
            "leak-sheet": {
                "author": "A. Writer",
                "title": "On leaks",
                "year": "1999",
                "where": "J. Leaks 1",
                "link": "https://example.org/leaks",
                "grade": "source",
            }
        },
    )


def drum(
    name: str, module: str, middle: tuple[float, float, float], radius: float, length: float, along: int, first: int
) -> tuple[np.ndarray, np.ndarray, Part]:
    turn = np.linspace(0, 2 * np.pi, 24, endpoint=False)
    rings = np.zeros((2, 24, 3))
    across = [axis for axis in range(3) if axis != along]
    rings[:, :, along] = np.array([-length / 2, length / 2])[:, None]
    rings[:, :, across[0]], rings[:, :, across[1]] = radius * np.cos(turn), radius * np.sin(turn)
    vertices = rings.reshape(-1, 3) + np.array(middle)
    this, after = np.arange(24), (np.arange(24) + 1) % 24
    faces = np.concatenate([np.stack([this, after, this + 24], 1), np.stack([after, after + 24, this + 24], 1)]) + first
    return vertices, faces, Part(name, module, "AMg6", 1e-3, 0, 0, 0.4, 0.8, 290, "leak-sheet")


def invented_stack() -> Stack:
    """Three drums and a plate: a station module, a hanging module, a ship with its radiator."""
    pieces, vertices, faces, index = (
        [
            ("station.core", "station", (0, 0, 0), 2.1, 24, 0),
            ("ship.body", "ship", (-4, 0, 8), 1.2, 7, 2),
            ("ship.radiator", "ship", (-4, 0, 10.5), 1.36, 2, 2),
            ("station.truss", "station", (4, 0, -3), 1.0, 60, 1),
        ],
        [],
        [],
        [],
    )
    parts = []
    for number, (name, module, middle, radius, length, along) in enumerate(pieces):
        ring, triangles, part = drum(name, module, middle, radius, length, along, 48 * number)
        vertices.append(ring)
        faces.append(triangles)
        index.append(np.full(len(triangles), number))
        parts.append(part)
    surfaces = Surfaces.from_triangles(np.concatenate(vertices), np.concatenate(faces), np.concatenate(index), parts)
    normals = directions(np.radians([135.0, 90, 110, 160, 180]), np.zeros(5))
    return Stack(
        surfaces,
        np.eye(3),
        "ship.radiator",
        np.array([-5.0, 1.0, 10.5]),
        normals,
        np.array([0.4, 0.1, 0.2, 0.2, 0.1]),
        np.zeros(3),
        np.eye(3) * 1e8,
        430000.0,
    )


def invented_onset() -> Onset:
    t_s = np.linspace(-7200, 14400, 400)
    swing = np.sin(t_s / 880.0)
    fall = np.where(t_s > -120, 3.04e5 / (1 + np.maximum(t_s + 120, 0) / 3000), 3.04e5)
    steps = near(-118.0, 25.0, "s")
    channels = [
        ChannelVerdict(
            f"loop pressure {n}",
            "kPa",
            "changed",
            near(-190.0 + n, 6.0, "kPa"),
            3.5,
            "fell from 304 to 114 kPa",
            True,
            t_s,
            fall / 1e3 + swing + n,
        )
        for n in range(3)
    ]
    channels += [
        ChannelVerdict(
            "loop temperature",
            "degC",
            "changed",
            near(4.2, 0.8, "degC"),
            0.9,
            "rose",
            True,
            t_s,
            20 + swing + np.maximum(t_s, 0) / 3600,
        )
    ]
    channels += [
        ChannelVerdict(
            f"bus voltage {n}", "V", "unchanged", near(0.01, 0.05, "V"), 0.1, "no change", True, t_s, 28 + 0.05 * swing
        )
        for n in range(3)
    ]
    channels += [
        ChannelVerdict(
            "cabin pressure",
            "mmHg",
            "too coarse to say",
            near(0.5, 2.0, "mmHg"),
            6.0,
            "one count is 1 mmHg",
            True,
            t_s,
            740 + 0 * t_s,
        )
    ]
    grid = np.linspace(-240, 0, 120)
    density = np.exp(-0.5 * ((grid + 118) / 15) ** 2) / 15 / 2.507
    record = LoopRecord("external", t_s, fall, np.full_like(t_s, 500.0), 293 + 0 * t_s, 2000.0, True)
    kinds = {
        "leak": 0.97,
        "sensor fault": 0.004,
        "common data path": 0.01,
        "thermal transient": 0.006,
        "pump or valve event": 0.006,
        "unknown": 0.004,
    }
    return Onset(
        steps,
        40.0,
        grid,
        density,
        kinds,
        41.0,
        tuple(channels),
        (record,),
        True,
        "The loop began to lose pressure at 00:43:02 UTC (90 %: 00:42:37 to 00:43:27); four loop channels changed, the buses did not.",
        (Caveat("simulated", "The channels are simulated: the real telemetry was never published."),),
    )


def invented_hole() -> Hole:
    t_s = np.geomspace(1, 80000, 80)
    flow = np.stack([0.0062 * f / (1 + t_s / 6000) for f in (0.8, 1.0, 1.25)])
    gone = np.minimum(np.cumsum(flow * np.gradient(t_s), axis=1), 30.0)
    history = LeakHistory(
        t_s, np.stack([3.04e5 * f / (1 + t_s / 3000) for f in (0.95, 1.0, 1.05)]), flow, gone, flow * 29.0
    )
    data = (
        Datum("pressure alone", "Pressure gives Vg0/(Cd A) only.", about(9e-4, 1.9, "m"), ("leak-sheet",)),
        Datum("inventory", "44 L in all.", about(8.4e-4, 1.35, "m"), ("leak-sheet",), 2.1, 0.76),
        Datum("picture", "0.81 mm across.", about(8.1e-4, 1.1, "m"), ("leak-sheet",), 3.1, 1.15),
    )
    return Hole(
        "external",
        about(1.9e4, 1.05, "m"),
        about(8.1e-4, 1.1, "m", ASSUMED),
        data,
        {"gas": 0.8, "spring": 0.2},
        about(6.2e-3, 1.3, "kg/s"),
        near(28.9, 1.2, "m/s"),
        about(0.18, 1.3, "N"),
        about(560, 1.4, "N*s"),
        about(27.0, 1.1, "kg"),
        about(14000, 1.5, "s"),
        about(48000, 1.6, "s"),
        history,
        True,
        "The hole is 0.81 mm across (90 %: 0.74 to 0.89 mm); half of the coolant was gone after 3.9 h.",
        (ASSUMED,),
        ("A discharge test of such a hole would shrink the diameter interval 1.3-fold.",),
    )


def invented_push() -> Push:
    t_s = np.linspace(0, 80000, 60)
    momentum = np.stack([f * 900 * (1 - np.exp(-t_s / 9000)) for f in (0.6, 1.0, 1.5)])
    return Push(
        about(0.18, 1.3, "N"),
        tuple(near(x, 0.04, "N") for x in (0.12, -0.12, 0.0)),
        near(9.0, 1.0, "m"),
        tuple(near(x, 0.3, "N*m") for x in (1.1, 0.9, 0.2)),
        about(910, 1.5, "N*m*s"),
        (19520.0, 18970.0),
        0.0,
        about(3e-4, 2.0, "rad"),
        about(1.3e-3, 1.4, "m/s"),
        t_s,
        momentum,
        "Roll and yaw trade places each orbit; only pitch (Y) builds up.",
        "The jet pushed with 0.18 N; the gyros held at most 5 % of their capacity.",
        (THIN,),
        desaturation_kg=about(0.1, 1.5, "kg"),
        advice="Nothing needs doing: the gyros can hold this.",
    )


def invented_sky() -> Sky:
    t_s = np.linspace(0, 22000, 300)
    count = 600
    z = 1 - 2 * (np.arange(count) + 0.5) / count
    turn = np.arange(count) * 2.399963
    cells = np.stack([np.sqrt(1 - z**2) * np.cos(turn), np.sqrt(1 - z**2) * np.sin(turn), z], axis=1)
    speed = np.array([5e3, 15e3, 25e3, 35e3, 50e3, 65e3])
    lobe = np.exp(2.0 * (cells @ np.array([0.8, 0.5, -0.3]))) * (cells[:, 2] < 0.35)
    angle = 0.0011569 * t_s
    sun = directions(np.radians(79 + 5 * np.sin(angle)), np.radians(-14 + 10 * np.cos(angle)))
    orbit = OrbitFacts(
        "set 22350 (16 Dec 22:19 UTC)",
        ("set 22356: after the burn of 21 Dec",),
        t_s,
        np.zeros((300, 3)),
        np.zeros((300, 3)),
        sun,
        np.ones(300),
        np.radians(-71.92),
        np.radians(262.69),
        np.radians(79.0),
        np.radians(-14.0),
        417e3,
        5570.0,
        0.0,
    )
    masses = np.geomspace(1e-12, 1e-3, 40)
    common = (1e-9, masses, (masses / 1e-9) ** -1.0, np.array([2500.0]), np.array([1.0]))
    streams = (
        Stream(
            "sporadic",
            "sporadic",
            "sporadic",
            1e-11 * lobe[:, None] * np.ones(6),
            *common,
            2.0,
            ("gruen_1985",),
            ("leak-sheet",),
        ),
        Stream(
            "Geminids",
            "shower",
            "shower:GEM",
            1e-13 * lobe[:, None] * np.ones(6),
            *common,
            2.0,
            ("jenniskens",),
            ("leak-sheet",),
        ),
        Stream(
            "debris", "debris", "debris", 1e-12 * lobe[:, None] * np.ones(6), *common, 3.0, ("nasa91",), ("leak-sheet",)
        ),
    )
    tracks = []
    for name, code, start, high in (("Geminids", "GEM", -80, 30), ("sigma-Hydrids", "HYD", -88, 60)):
        path = directions(np.radians(start + 35 * np.sin(angle)), np.radians(8 + high * np.cos(angle)))
        tracks.append(
            ShowerTrack(
                name,
                code,
                1.98,
                0.56,
                about(75.0, 1.3, "1/h"),
                2.6,
                36e3 + 4e3 * np.sin(angle),
                path,
                (path[:, 2] < 0.33).astype(float),
                ("leak-sheet",),
            )
        )
    limit = np.radians(np.arange(0, 181, 10.0))
    return Sky(
        orbit,
        cells,
        np.full(count, 4 * np.pi / count),
        speed,
        streams,
        tuple(tracks),
        limit,
        3.2e3 + 11e3 * (1 + np.cos(limit)) / 2,
        "Beta was -71.9 deg, the Sun to starboard; the Geminids came from port on every revolution.",
        (THIN,),
    )


def invented_strikes(stack: Stack, sky: Sky) -> Strikes:
    azimuth = np.radians(np.arange(0, 360, 15.0))
    reach = [
        ShowerReach(
            name,
            code,
            0.67,
            0.0 if code == "GEM" else 0.31,
            (0.0, 0.16 if code == "GEM" else 0.46),
            best,
            tuple(np.radians([-115.0, -45.0])),
            tuple(np.radians([-19.0, 36.0])),
            (32e3, 41e3),
            azimuth,
            np.clip(0.6 * np.cos(azimuth - np.radians(-80)), 0, 1),
            f"The {name} arrive from port whenever they are up; a face toward 135 deg is never struck.",
        )
        for name, code, best in (("Geminids", "GEM", -0.34), ("sigma-Hydrids", "HYD", 0.33))
    ]
    rates = [
        PartRate(
            part.name,
            stream.name,
            20.0,
            1e-9,
            about(level * (1 + n) / YEAR_S, 2.0, "1/s"),
            about(level * 0.01 / YEAR_S, 3.0, "1/s") if n else None,
            22e3,
            0.8,
        )
        for n, part in enumerate(stack.surfaces.parts)
        for stream, level in zip(sky.streams, (3.0, 0.05, 0.8), strict=True)
    ]
    facets = np.stack(
        [
            level * np.clip(stack.surfaces.normal_body @ np.array([0.8, 0.4, -0.3]), 0, 1)
            for level in (1e-8, 1e-10, 2e-9)
        ]
    )
    shadow = np.clip((sky.direction_lvlh @ stack.site_normal_body.T).T * 2, 0, 1)
    return Strikes(
        "ship.radiator",
        stack.site_normal_body,
        stack.site_normal_frac,
        shadow,
        3.0,
        np.zeros((3, 5, 6)),
        tuple(s.name for s in sky.streams),
        tuple(reach),
        tuple(rates),
        facets,
        123456,
        "A particle that holes the radiator comes once in 900 years (90 %: 300 to 2 500); the Geminids cannot reach the site.",
        (THIN,),
    )


def invented_impactor() -> Impactor:
    speed = np.linspace(3e3, 70e3, 40)
    laws = tuple(
        LawAnswer(name, "hole of 0.8 mm in 1 mm of aluminium", speed, level * (speed / 7e3) ** -0.6, ("leak-sheet",))
        for name, level in (("hole_nysmith_1969", 3.4e-4), ("limit_cour_palais_1979", 5.1e-4))
    )
    found = (
        about(2.1e-4, 1.8, "m"),
        about(1.2e-8, 4.0, "kg"),
        about(24e3, 1.7, "m/s"),
        near(0.7, 0.5, "rad"),
        about(2500, 1.6, "kg/m**3"),
        about(3.4, 2.0, "J"),
    )
    slow = (
        about(4.0e-4, 1.5, "m"),
        about(9e-8, 3.0, "kg"),
        about(3.6e3, 1.2, "m/s"),
        near(0.7, 0.5, "rad"),
        about(2800, 1.3, "kg/m**3"),
        about(0.6, 2.0, "J"),
    )
    rows = (
        SourceImpactor("sporadic", "sporadic", "sporadic", *found, about(2.4e-3, 3.0, "", THIN), about(6e-3, 3.0, "")),
        SourceImpactor(
            "Geminids",
            "shower",
            "shower:GEM",
            None,
            None,
            None,
            None,
            None,
            None,
            Estimate.exactly(0.0, ""),
            Estimate.exactly(0.0, ""),
        ),
        SourceImpactor("debris", "debris", "debris", *slow, about(8e-5, 4.0, ""), about(2e-4, 4.0, "")),
    )
    return Impactor(
        "ship.radiator",
        about(8.1e-4, 1.1, "m"),
        "1.0 mm AMg6, single wall",
        7.3e6,
        rows,
        laws,
        "A sporadic meteoroid of 0.21 mm (90 %: 0.12 to 0.38) at 24 km/s would make this hole.",
        (ASSUMED,),
    )


def invented_verdict() -> Verdict:
    posts = (0.81, 0.002, 0.01, 0.03, 0.09, 0.04, 0.018)
    words = ("likely", "remote", "very unlikely", "very unlikely", "unlikely", "very unlikely", "very unlikely")
    rows = [
        HypothesisVerdict(
            name,
            name.replace("shower:", "shower ").capitalize(),
            1 / 7,
            Estimate(p, p / 2, min(1.0, p * 1.15), ""),
            w,
            "what speaks for and against it",
        )
        for name, p, w in zip(CAUSES, posts, words, strict=True)
    ]
    ledger = [
        Evidence(
            f"observation {n}",
            f"group {n // 2}",
            {name: float(-((n + k) % 5) * 1.3) for k, name in enumerate(CAUSES)},
            {name: f"reason {n} for {name}" for name in CAUSES},
            ("leak-sheet",),
        )
        for n in range(5)
    ]
    movers = (
        Mover("spray direction", "sporadic", 0.81, 0.62, "Without the spray direction the Geminids return."),
        Mover("no plume before", "manufacturing", 0.09, 0.16, "Without the record the factory defect doubles."),
    )
    excluded = (
        Excluded(
            "shower:GEM",
            "It came from port; the hole faces aft-starboard.",
            "A hole that faces azimuth 180 deg or more.",
        ),
    )
    return Verdict(
        tuple(rows),
        tuple(ledger),
        movers,
        excluded,
        True,
        0.66,
        "IPCC calibrated language: likely is 66 % and more",
        "A sporadic meteoroid is likely (81 %, 90 %: 41 to 93 %); the Geminids are excluded by direction.",
        (THIN,),
    )


def invented_plan() -> Plan:
    options = [
        OptionAnswer(
            name,
            title,
            about(p, 2.0, ""),
            n,
            e,
            near(day * 86400.0, 5 * 86400.0, "s"),
            deg * 86400.0,
            ab * 86400.0,
            "the new ship",
            "the damaged part burns up",
            "why",
        )
        for name, title, p, n, e, day, deg, ab in (
            ("crewed", "Return the crew on the damaged ship", 0.031, "no", "only with two", 30, 90, 0),
            ("seats", "Move seats to another ship", 0.012, "no", "yes", 33, 60, 30),
            ("uncrewed", "Return uncrewed, send a replacement", 0.0036, "no", "only with two", 73, 219, 0),
        )
    ]
    flips = (
        Flip("cabin limit of the crew", "40 °C", "48 °C", "crewed return"),
        Flip("replacement ready on", "day 73", "day 190", "move seats"),
        Flip("third", "a", "b", "c"),
    )
    return Plan(
        tuple(options),
        "uncrewed",
        "Emergency only: worst case decides.",
        flips,
        ("A second picture from 60 degrees aside", "Cabin humidity record"),
        "Return the ship uncrewed and send a replacement: harm 0.4 % (90 %: 0.2 to 0.7 %), ready on day 73.",
        (ASSUMED,),
    )


def invented_heat() -> Heat:
    t_s = np.linspace(0, 6 * 3600, 40)
    nodes = ("cabin", "instrument")
    scenarios = []
    for name, crew, docked, top in (
        ("docked, loop dead", 0, True, 303.0),
        ("return with 3 crew", 3, False, 316.0),
        ("return with 2 crew", 2, False, 313.0),
        ("return with 0 crew", 0, False, 308.0),
    ):
        middle = 295 + (top - 295) * (1 - np.exp(-t_s / 6000))
        bands = np.stack([np.stack([middle + d, middle + 8 + 1.5 * d]) for d in (-3.0, 0.0, 3.5)])
        scenarios.append(
            HeatScenario(
                name,
                crew,
                docked,
                21600.0,
                nodes,
                t_s,
                bands,
                near(top, 3.5, "K"),
                near(0.7, 0.2, ""),
                0.62 if crew == 3 else 0.1,
                "heat strain",
            )
        )
    readings = (
        ReadingCheck("cabin-16dec", "cabin", 303.15, near(303.0, 3, "K"), True, "calibration", "said 30, ours 29.9"),
        ReadingCheck("cabin-27", "cabin", 300.15, near(301.0, 3, "K"), True, "held out", "said 27, ours 27.9"),
    )
    return Heat(
        tuple(scenarios),
        readings,
        "With three aboard the cabin peaks at 43 °C (90 %: 39 to 46) on a six-hour return.",
        (ASSUMED,),
    )


def invented_deposit(stack: Stack) -> Deposit:
    surfaces = [
        SurfaceDeposit(
            name,
            d,
            a,
            s,
            about(x, 3.0, "kg/m**2/s") if s else Estimate.exactly(0.0, "kg/m**2/s"),
            about(1e17, 4.0, "1/m**2"),
            280.0,
            about(20.0, 3.0, "s"),
            about(2e-9, 5.0, "m"),
            "line of sight checked",
            over_limit_prob=0.2,
            over_column_s=about(4000.0, 1.5, "s"),
            toward_hole_per_m2=about(3e18, 2.0, "1/m**2") if s else None,
        )
        for name, d, a, s, x in (("station.truss", 18.0, 1.2, True, 1e-9), ("ship.body", 3.0, 1.7, False, 0.0))
    ]
    return Deposit(
        near(0.35, 0.1, ""),
        near(250.0, 12, "K"),
        about(300, 3.0, "s"),
        tuple(surfaces),
        1e18,
        np.linspace(0, 10, 5),
        "A third flashes; no surface in view keeps a film for more than a minute.",
        (THIN,),
        reached=(
            PartShare("station.truss", 0.05, 0.02, 0.01, near(0.05, 0.03, ""), near(0.02, 0.02, "")),
            PartShare("ship.body", 0.02, 0.0, 0.0, near(0.02, 0.01, ""), near(0.0, 0.0, "")),
        ),
        vapour_escaped_frac=0.93,
        droplets_escaped_frac=0.6,
        advice=(
            "Turn station.truss edge-on for 3.2 h from the onset (90 %: 3.0 h–3.4 h): 20 % chance that residue passes 130 Å.",
        ),
        spacewalk_s=about(5000.0, 1.4, "s"),
        vapour_near_frac=near(0.3, 0.1, ""),
        droplet_diameter_m=about(5e-4, 4.0, "m"),
        intact_m=about(0.6, 3.0, "m"),
        shattered_prob=0.5,
        facet_residue_m=np.where(stack.surfaces.part_index == 0, 3e-9, 0.0)
        + np.where(stack.surfaces.part_index == 1, 2e-8, 0.0),
        limit="Against SSP 30426: the yearly 130 Å of deposit may be passed by residue on 2 of 2 surfaces examined.",
    )


def invented_pictures() -> Pictures:
    turn = np.linspace(0, 2 * np.pi, 40)
    outline = np.stack([100 + 5 * np.cos(turn), 90 + 4.6 * np.sin(turn)], axis=1)
    budget = (
        BudgetTerm("scale reference", 0.03, "vernier"),
        BudgetTerm("edge", 0.025, "half maximum"),
        BudgetTerm("angle of view", 0.015, "ellipse"),
    )
    measure = PictureMeasure(
        "close-up",
        "nowhere.png",
        about(8.1e-4, 1.08, "m"),
        9.4,
        8.6e-5,
        1.08,
        outline,
        budget,
        True,
        "0.81 mm across on 9.4 px",
        ("leak-sheet",),
    )
    return Pictures(
        (measure,),
        about(8.1e-4, 1.08, "m"),
        True,
        "The picture shows a hole 0.81 mm across (90 %: 0.75 to 0.87 mm).",
        (Caveat("rendered", "The picture is rendered, not taken."),),
    )


def invented_checks() -> Checks:
    claims = (
        ClaimCheck("hole-said", "hole.diameter_m", "0.8 mm (an official)", "0.81 mm", "yes", ("leak-sheet",)),
        ClaimCheck("cause", "cause.leading", "debris", "sporadic", "no", ("leak-sheet",)),
    )
    return Checks(
        claims,
        (Contradiction("onset.noticed_s", ("00:45 UTC (agency)", "12:45 UTC (a page)"), ("leak-sheet",)),),
        "One of two held-out claims agrees.",
        (),
    )


def invented_findings(stack: Stack | None = None) -> Findings:
    """Every slot answered."""
    stack = stack or invented_stack()
    sky = invented_sky()
    empty = Findings("invented", "0" * 64, 1, "2023-04-01")
    return replace(
        empty,
        onset=invented_onset(),
        pictures=invented_pictures(),
        hole=invented_hole(),
        push=invented_push(),
        sky=sky,
        strikes=invented_strikes(stack, sky),
        impactor=invented_impactor(),
        deposit=invented_deposit(stack),
        heat=invented_heat(),
        verdict=invented_verdict(),
        plan=invented_plan(),
        checks=invented_checks(),
    )
