"""Which damage does each law call failure? A hole, spall that flies off, or a crack: numbers of different damage are never compared."""

from __future__ import annotations

__all__ = ["failure_of"]

_HOLE = "perforation"
_SPALL = "detached spall"
_EITHER = f"{_HOLE} or {_SPALL}"
#: As the sources define it (damage sheet 2 to 6; of NNO and its kin: recalled).
_FAILURE = (
    dict.fromkeys(
        ("Cour-Palais", "titanium", "steel 15-5PH", "CFRP", "fibreglass", "fused silica", "fused quartz", "polycarbonate", "carbon-carbon",
         "Reimerdes", "insulated aluminium wall", "Pailer-Grün", "bare tile"), _HOLE)
    | dict.fromkeys(
        ("NNO", "Ryan-Schonberg", "Christiansen-Kerr general", "Whipple, insulation outside", "Whipple, shaped projectile",
         "honeycomb as Whipple", "ISS flight shields", "Node 2/3", "ESA triple wall"), _EITHER)
    | dict.fromkeys(
        ("SRL dual wall", "SRL dual wall, CFRP", "SRL triple wall", "SRL triple wall, CFRP", "pipe behind one wall", "equipment under a blanket",
         "equipment in the open"), _SPALL)
    | dict.fromkeys(("Soyuz blanket", "toughened Soyuz blanket"), "hole or through-crack")
    | dict.fromkeys(("PICA", "Avcoat"), "that depth reached")
)  # fmt: skip


def failure_of(model: str) -> str:
    """The failure that a model's limit belongs to, by its name in `MODELS`; "not stated" where our sheet does not say.

    >>> failure_of("SRL dual wall"), failure_of("Cour-Palais"), failure_of("foam sandwich")
    ('detached spall', 'perforation', 'not stated')
    """
    return _FAILURE.get(model, "not stated")
