"""The likelihood word beside the number."""

from __future__ import annotations

__all__ = ["WORD_SCALE", "likelihood_word", "lower_title", "percent"]

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
