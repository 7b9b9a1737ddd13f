"""The likelihood word beside the number."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["WORD_SCALE", "beside", "joined", "likelihood_word", "lower_title", "percent"]

#: (lower bound of the probability, word). Source: IPCC guidance, the four upper words as quoted in ATSB AR-2007-053; the lower
#: words mirror them. Key in sources.toml: atsb2007
_WORDS = (
    (0.99, "virtually certain"),
    (0.95, "extremely likely"),
    (0.90, "very likely"),
    (0.66, "likely"),
    (0.33, "about as likely as not"),
    (0.10, "unlikely"),
    (0.05, "very unlikely"),
    (0.01, "extremely unlikely"),
)
WORD_SCALE = (
    "IPCC words as used in ATSB AR-2007-053: virtually certain above 99 %, extremely likely above 95 %, very likely above 90 %, "
    "likely above 66 %, about as likely as not 33 to 66 %, unlikely below 33 %, very unlikely below 10 %, extremely unlikely below 5 %, "
    "exceptionally unlikely below 1 %"
)


def likelihood_word(probability_prob: float) -> str:
    """The word of the IPCC scale for a probability.

    >>> likelihood_word(0.7), likelihood_word(0.003)
    ('likely', 'exceptionally unlikely')
    """
    if not 0.0 <= probability_prob <= 1.0:
        raise ValueError(f"likelihood_word: found {probability_prob}, expected a probability from 0 to 1")
    return next((word for bound, word in _WORDS if probability_prob > bound), "exceptionally unlikely")


def percent(probability_prob: float) -> str:
    """A probability for people: whole percent, one digit below ten, "below 0.1 %" and "above 99.9 %" at the ends.

    >>> percent(0.714), percent(0.034), percent(0.0002)
    ('71 %', '3.4 %', 'below 0.1 %')
    """
    if probability_prob < 0.001:
        return "below 0.1 %"
    if probability_prob > 0.999:
        return "above 99.9 %"
    middling = 0.0995 <= probability_prob < 0.99
    return f"{100 * probability_prob:.0f} %" if middling else f"{100 * probability_prob:.1f} %"


def beside(probability_prob: float, bound_prob: float) -> str:
    """A probability beside a bound: as `percent`, with one or two digits more where rounding hides on which side of the bound it stands.

    >>> beside(0.714, 0.66), beside(0.662, 0.66), beside(0.6596, 0.66), beside(0.66, 0.66)
    ('71 %', '66.2 %', '65.96 %', '66 %')
    """
    texts = (percent(probability_prob), *(f"{100 * probability_prob:.{digits}f} %" for digits in (1, 2)))
    bounds = (percent(bound_prob), *(f"{100 * bound_prob:.{digits}f} %" for digits in (1, 2)))
    return next((text for text, bound in zip(texts, bounds, strict=True) if text != bound), texts[0])


def lower_title(title: str) -> str:
    """A title inside a sentence: lower case unless it starts with a name.

    >>> lower_title("Sporadic meteoroid"), lower_title("Geminid meteoroid")
    ('sporadic meteoroid', 'Geminid meteoroid')
    """
    plain = title.split(" ")[0] in (
        "Sporadic",
        "Orbital",
        "Hardware:",
        "Other",
        "Space",
        "Meteoroid",
        "Manufacturing",
        "Thermal",
    )
    return title[:1].lower() + title[1:] if plain else title


def joined(names: Sequence[str]) -> str:
    """Names in one breath.

    >>> joined(["one"]), joined(["one", "two", "three"])
    ('one', 'one, two and three')
    """
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1]
