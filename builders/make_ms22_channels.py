"""Simulate the telemetry of the bundled Soyuz MS-22 case: the real telemetry was never published.

    python builders/make_ms22_channels.py            writes the two CSV files, prints the truth; --block: also the [[channel]] tables

Physics: 44 L of isooctane in one loop, a gas-loaded accumulator, a sharp-edged hole into vacuum. The hole is fed by the accumulator until
its 40 L are out, then by the vapour pressure of the rest, then vapour alone leaves (choked). The gas follows the liquid's temperature with
a lag and is not measured. Equations: ../shared/reference/leak_and_dynamics.md sections 3.1 to 3.3; sensors: telemetry.md section 5.1.
Everything marked *assumed* is nobody's measurement. The truth lives here and in the tests only; whipple reads the CSV files.
"""

from __future__ import annotations

import csv
import sys
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

FOLDER = Path(__file__).parents[1] / "src" / "whipple" / "cases" / "soyuz-ms22" / "channels"
EPOCH = datetime(2022, 12, 15, 0, 45, tzinfo=UTC)  # first sign, NASA release of 19 Dec 2022
SEED = 53879  # the catalogue number of the ship


@dataclass(frozen=True)
class Truth:
    """What really happens in the simulated loop (SI). Defaults: the bundled case."""

    onset_s: float = -367.0  # a few minutes before anyone noticed; assumed
    opening_s: float = 0.0  # the hole grows evenly over this time; the bundled one opens at once
    hole_m: float = 0.8e-3  # TASS 19 Dec 2022
    discharge_ratio: float = 0.65  # assumed, sharp-edged hole
    inventory_m3: float = 44e-3  # Sputnik 21 Dec 2022, anonymous
    pressure_Pa: float = 3.04e5  # 3 atm, same source
    gas_m3: float = 6e-3  # assumed
    exponent_ratio: float = 1.0  # of the gas law; 1 isothermal, 1.4 adiabatic; assumed
    pushed_m3: float = 40e-3  # assumed
    temperature_K: float = 293.15
    swing_K: tuple[float, float] = (0.8, 0.3)  # assumed: small, the orbit had no night (beta -72 deg)
    walk_K: float = 0.004  # sd of the slow walk per 10 s; telemetry.md 5.1
    orbit_s: float = 5560.0
    gas_lag_s: float = 1500.0
    pressure_bias_Pa: float = 1000.0
    pressure_noise_Pa: float = 400.0
    pressure_step_Pa: float = 2000.0
    temperature_noise_K: float = 0.1
    temperature_step_K: float = 0.3
    start_s: float = -24 * 3600.0
    end_s: float = 20 * 3600.0
    cadence_s: float = 20.0


def density_kg_m3(t_K):
    """Isooctane, 1 atm, fit of leak_and_dynamics.md 5.1."""
    t = t_K / 300
    return -61.79557 * t**3 + 146.0622 * t**2 - 355.0323 * t + 957.2678


def vapour_Pa(t_K):
    """Saturation pressure of isooctane, fit of leak_and_dynamics.md 5.1."""
    u = 300 / t_K
    return np.exp(-0.1635585 * u**4 + 1.5934187 * u**3 - 6.6309322 * u**2 - 5.0308457 * u + 19.112587)


def liquid_temperature_K(truth: Truth, rng: np.random.Generator, t_s):
    """Orbital swing with its second harmonic, and a slow walk with half of its end-to-end trend removed."""
    phase = rng.uniform(0, 2 * np.pi)
    angle = 2 * np.pi * t_s / truth.orbit_s
    step = t_s[1] - t_s[0]
    walk = np.cumsum(rng.normal(0, truth.walk_K * np.sqrt(step / 10), t_s.size))
    walk -= 0.5 * walk[-1] * np.arange(t_s.size) / t_s.size
    swing = truth.swing_K[0] * np.sin(angle + phase) + truth.swing_K[1] * np.sin(2 * angle + 2.1 * phase)
    return truth.temperature_K + swing + walk


def lagged(value, step_s: float, lag_s: float):
    """First-order lag, started in equilibrium."""
    share, out = 1 - np.exp(-step_s / lag_s), np.empty_like(value)
    state = value[0]
    for i, now in enumerate(value):
        state += share * (now - state)
        out[i] = state
    return out


def loop_pressure_Pa(truth: Truth, t_s, liquid_K, gas_K):
    """March the mass of liquid through the three regimes with Heun steps; the hole opens at `onset_s` exactly."""
    area = truth.discharge_ratio * np.pi / 4 * truth.hole_m**2
    rho, p_sat = density_kg_m3(liquid_K), vapour_Pa(liquid_K)
    mass = truth.inventory_m3 * density_kg_m3(truth.temperature_K)
    g, r_s = 1.0471, 8.314462618 / 0.1142285
    c_star = np.sqrt(g * r_s * truth.temperature_K) * (2 / (g + 1)) ** ((g + 1) / (2 * (g - 1)))
    drain_s = truth.inventory_m3 / (0.84 * np.pi / 4 * truth.hole_m**2 * c_star) if truth.hole_m else np.inf

    def pressure(i: int, m: float) -> float:
        gas = truth.gas_m3 + truth.inventory_m3 - m / rho[i]
        if gas >= truth.gas_m3 + truth.pushed_m3:
            return p_sat[i]
        return truth.pressure_Pa * gas_K[i] / truth.temperature_K * (truth.gas_m3 / gas) ** truth.exponent_ratio

    def open_share(t: float) -> float:
        return min((t - truth.onset_s) / truth.opening_s, 1.0) if truth.opening_s else 1.0

    out, vapour_only = np.empty(t_s.size), 0.0
    for i in range(t_s.size):
        if mass <= 0:
            out[i] = p_sat[i] * np.exp(-vapour_only / drain_s)
            vapour_only += t_s[1] - t_s[0]
            continue
        out[i] = pressure(i, mass)
        if i + 1 < t_s.size and t_s[i + 1] > truth.onset_s:
            step = min(t_s[i + 1] - t_s[i], t_s[i + 1] - truth.onset_s)
            rate = open_share(t_s[i + 1] - step) * area * np.sqrt(2 * rho[i] * out[i])
            ahead = max(mass - rate * step, 0.0)
            rate = 0.5 * (rate + open_share(t_s[i + 1]) * area * np.sqrt(2 * rho[i + 1] * pressure(i + 1, ahead)))
            mass -= rate * step
    return out


def quantised(value, step: float):
    """The nearest code of a sensor that counts in steps."""
    return np.round(value / step) * step


def simulate_loop(truth: Truth, seed: int) -> dict[str, np.ndarray]:
    """`t_s`, three pressures `pressure_1_Pa` ... and two liquid temperatures `temperature_1_K`, as the sensors give them; and `true_Pa`."""
    rng = np.random.default_rng(seed)
    inner = 4 if truth.cadence_s >= 20 else 2
    step = truth.cadence_s / inner
    fine = np.arange(truth.start_s, truth.end_s + step / 2, step)
    liquid = liquid_temperature_K(truth, rng, fine)
    pressure = loop_pressure_Pa(truth, fine, liquid, lagged(liquid, step, truth.gas_lag_s))
    t_s, p, temp = fine[::inner], pressure[::inner], liquid[::inner]
    out = {"t_s": t_s, "true_Pa": p}
    for i in (1, 2, 3):
        read = p + rng.normal(0, truth.pressure_bias_Pa) + rng.normal(0, truth.pressure_noise_Pa, t_s.size)
        out[f"pressure_{i}_Pa"] = np.maximum(quantised(read, truth.pressure_step_Pa), 0.0)
    for i, offset in ((1, 0.0), (2, 0.2)):
        read = temp + offset + rng.normal(0, truth.temperature_noise_K, t_s.size)
        out[f"temperature_{i}_K"] = quantised(read, truth.temperature_step_K)
    return out


#: column: (mean, sd of the slow walk per sqrt(hour), noise sd, step, decimals). Unaffected by the leak; every value assumed.
OTHERS = {
    "cabin_pressure_1_mmHg": (742.0, 0.25, 0.3, 0.5, 1),
    "cabin_pressure_2_mmHg": (741.5, 0.25, 0.3, 0.5, 1),
    "cabin_temperature_degC": (23.4, 0.05, 0.05, 0.1, 1),
    "bus_voltage_V": (28.3, 0.02, 0.05, 0.1, 1),
    "propellant_tank_pressure_bar": (17.6, 0.005, 0.03, 0.1, 1),
    "rate_roll_deg_s": (0.0, 2e-4, 6e-4, 1e-3, 3),
    "rate_pitch_deg_s": (-0.0647, 2e-4, 6e-4, 1e-3, 3),
    "rate_yaw_deg_s": (0.0, 2e-4, 6e-4, 1e-3, 3),
}


def simulate_others(truth: Truth, seed: int, cadence_s: float = 60.0) -> dict[str, np.ndarray]:
    """Channels that the leak does not touch, on their own clock; both cabin pressures follow the same air."""
    rng = np.random.default_rng([seed, 1])
    t_s = np.arange(truth.start_s, truth.end_s + cadence_s / 2, cadence_s)
    out, air = {"t_s": t_s}, None
    for name, (mean, walk, noise, step, _) in OTHERS.items():
        slow = np.cumsum(rng.normal(0, walk * np.sqrt(cadence_s / 3600), t_s.size))
        slow -= slow[-1] * np.arange(t_s.size) / t_s.size  # it returns: somebody regulates it
        if name.startswith("cabin_pressure"):
            air = slow if air is None else air
            slow = air
        out[name] = quantised(mean + slow + rng.normal(0, noise, t_s.size), step)
    return out


#: name: (file, unit, measures, loop, data path, equivalence, resolution, bias). Data paths are assumed.
CHANNELS = {
    "loop_pressure_1_bar": ("loop_simulated.csv", "bar", "pressure", "external", "A", 0.05, 0.02, "16 mbar"),
    "loop_pressure_2_bar": ("loop_simulated.csv", "bar", "pressure", "external", "B", 0.05, 0.02, "16 mbar"),
    "loop_pressure_3_bar": ("loop_simulated.csv", "bar", "pressure", "external", "A", 0.05, 0.02, "16 mbar"),
    "loop_temperature_1_degC": ("loop_simulated.csv", "degC", "temperature", "external", "A", 1.0, 0.3, ""),
    "loop_temperature_2_degC": ("loop_simulated.csv", "degC", "temperature", "external", "B", 1.0, 0.3, ""),
    "cabin_pressure_1_mmHg": ("other_simulated.csv", "mmHg", "pressure", "", "A", 2.0, 0.5, ""),
    "cabin_pressure_2_mmHg": ("other_simulated.csv", "mmHg", "pressure", "", "B", 2.0, 0.5, ""),
    "cabin_temperature_degC": ("other_simulated.csv", "degC", "temperature", "", "A", 0.5, 0.1, ""),
    "bus_voltage_V": ("other_simulated.csv", "V", "voltage", "", "A", 0.3, 0.1, ""),
    "propellant_tank_pressure_bar": ("other_simulated.csv", "bar", "pressure", "", "B", 0.2, 0.1, ""),
    "rate_roll_deg_s": ("other_simulated.csv", "deg/s", "rate", "", "C", 0.005, 0.001, ""),
    "rate_pitch_deg_s": ("other_simulated.csv", "deg/s", "rate", "", "C", 0.005, 0.001, ""),
    "rate_yaw_deg_s": ("other_simulated.csv", "deg/s", "rate", "", "C", 0.005, 0.001, ""),
}  # fmt: skip


def channel_block() -> str:
    """The [[channel]] tables for case.toml."""
    lines: list[str] = []
    for column, (file, unit, measures, loop, path, equivalence, resolution, bias) in CHANNELS.items():
        lines += [
            "[[channel]]",
            f'name = "{column.rsplit("_" + unit.replace("/", "_"), 1)[0]}"',
            f'file = "channels/{file}"',
            f'column = "{column}"',
        ]
        lines += ['time_column = "time"', f'unit = "{unit}"', f'measures = "{measures}"']
        lines += [f'loop = "{loop}"'] if loop else []
        lines += [f'data_path = "multiplexer {path}"', f"equivalence = {equivalence}", f"resolution = {resolution}"]
        lines += [f'bias = {{ is = "0 mbar", low = "-{bias}", high = "{bias}" }}'] if bias else []
        lines += ["simulated = true", 'source = "whipple-simulated"', ""]
    return "\n".join(lines)


def write_table(path: Path, t_s, columns: dict[str, list[str]]) -> None:
    """One CSV: ISO 8601 UTC first, then the columns as text."""
    with path.open("w", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(["time", *columns])
        stamps = [(EPOCH + timedelta(seconds=float(t))).strftime("%Y-%m-%dT%H:%M:%SZ") for t in t_s]
        writer.writerows(zip(stamps, *columns.values(), strict=True))


def main() -> None:
    """Write the bundled files and print the truth."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    truth = Truth()
    loop, other = simulate_loop(truth, SEED), simulate_others(truth, SEED)
    columns = {f"loop_pressure_{i}_bar": [f"{p / 1e5:.2f}" for p in loop[f"pressure_{i}_Pa"]] for i in (1, 2, 3)}
    columns |= {f"loop_temperature_{i}_degC": [f"{k - 273.15:.1f}" for k in loop[f"temperature_{i}_K"]] for i in (1, 2)}
    write_table(FOLDER / "loop_simulated.csv", loop["t_s"], columns)
    columns = {name: [f"{v + 0.0:.{row[4]}f}" for v in other[name]] for name, row in OTHERS.items()}
    write_table(FOLDER / "other_simulated.csv", other["t_s"], columns)
    if "--block" in sys.argv:
        print(channel_block())
    p = loop["true_Pa"]
    print(replace(truth))
    print(
        f"driven until {loop['t_s'][np.argmax(p < 2e4)]:.0f} s, tail until {loop['t_s'][np.argmax(p < 4e3)]:.0f} s after the epoch"
    )
    print({path.name: path.stat().st_size for path in sorted(FOLDER.iterdir())})


if __name__ == "__main__":
    main()
