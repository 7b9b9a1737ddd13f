"""At the door a quantity is one plain number and its unit: what pint would turn into arithmetic is refused, not guessed."""

import pytest

from whipple.casefile.tables.loop import LoopTable
from whipple.casefile.units import parse_quantity
from whipple.errors import RangeError

MISREAD = [
    ("1,5 mm", "m"), ("3,04 bar", "Pa"), ("-71,9 deg", "rad"), ("19 520 N*m*s", "N*m*s"), ("430 000 kg", "kg"), ("430,000 kg", "kg"),
    ("0.8±0.1 mm", "m"), ("0.8 +/- 0.1 mm", "m"), ("<1 mm", "m"), ("~1 mm", "m"), ("1 1/2 inch", "m"), ("1/3 m", "m"), ("1_000 mm", "m"),
    ("5 deg 30 arcmin", "rad"), ("1 ton", "kg"), ("1 - 2 mm", "m"), ("2*3 m", "m"), ("3 m + 2 m", "m"), ("nan m", "m"), ("", "m"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "unit"), MISREAD)
def test_what_is_not_one_number_and_a_unit_is_refused(text: str, unit: str) -> None:
    with pytest.raises(RangeError) as error:
        parse_quantity(text, unit)
    assert error.value.remedy


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("80 W/degC", "W/K", 80.0), ("4.2 kJ/kg/degC", "J/kg/K", 4200.0), ("3.6 degC/hour", "K/s", 1e-3), ("9 degF/s", "K/s", 5.0),
        ("20 degC", "K", 293.15), ("25 °C", "K", 298.15), ("36.525 / year", "1/s", 0.1 / 86400), ("2 1/day", "1/s", 2 / 86400),
        ("2.8 g/cm3", "kg/m**3", 2800.0), ("3 cm^-2", "1/m**2", 3e4), ("5 m s**-1", "m/s", 5.0), ("5*m", "m", 5.0), ("50 %", "", 0.5),
        ("-3e-2 m", "m", -0.03), ("430 t", "kg", 4.3e5), (3, "", 3.0),
    ],
)  # fmt: skip
def test_what_people_write_is_read(text: object, unit: str, value: float) -> None:
    assert parse_quantity(text, unit) == pytest.approx(value, rel=1e-12)


def test_a_difference_of_temperature_is_not_a_temperature() -> None:
    assert parse_quantity("2 degC", "K", change=True) == pytest.approx(2.0)
    assert parse_quantity("3.6 degF", "K", change=True) == pytest.approx(2.0)
    loop = {
        "name": "ring", "fluid": "isooctane", "inventory": "44 L", "pressure": "3 bar", "temperature": "20 degC", "gas_volume": "4 L",
        "pushed_volume": "4 L", "discharge_coefficient": "0.62", "velocity_coefficient": "0.97", "residue": "0", "source": "x",
    }  # fmt: skip
    read = LoopTable.model_validate(loop | {"swing": "2 degC", "uneven": "0.3 K"})
    assert read.temperature_K.value == pytest.approx(293.15)
    assert (read.swing_K.value, read.uneven_K.value) == (pytest.approx(2.0), pytest.approx(0.3))
