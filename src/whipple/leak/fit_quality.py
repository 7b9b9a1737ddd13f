"""Does any of the laws that were tried describe the record at all? A posterior of a law that does not fit is not to be relied on."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.stats import chi2

from whipple.casefile.estimate import Caveat
from whipple.leak.infer import Weighed
from whipple.leak.record import Bins
from whipple.leak.terms import record_residuals
from whipple.physics.cited import Cited

__all__ = ["POOR_prob", "fit_prob", "poor_fit"]

#: A record as badly described as this by the best law tried would come from that law less often than once in ten thousand.
POOR_prob = Cited(1e-4, unit="", source="whipple_judgement", grade="proposal")
#: Numbers that the record itself fits: ln K, onset, start pressure, exponent (sheet leak_and_dynamics, section 6).
_FITTED = 4


def fit_prob(weighed: Weighed, bins: Bins) -> tuple[float, float]:
    """Chi-square of the record at the best of the draws, and how often a record of this very law would be described worse.

    Residuals are whitened with the noise the record showed (`Bins`); their number less the four that the record fits.
    """
    residual = record_residuals(weighed.stage.prior, bins, weighed.scored)
    least = float(np.min(np.sum(residual**2, axis=1)))
    return least, float(chi2.sf(least, max(residual.shape[1] - _FITTED, 1)))


def poor_fit(tried: Sequence[Weighed], bins: Bins | None) -> Caveat | None:
    """What to say when even the best of the laws that the answer is drawn from describes the record badly; None when one does."""
    if bins is None or not tried:
        return None
    least, prob = max((fit_prob(weighed, bins) for weighed in tried), key=lambda row: row[1])
    if prob >= float(POOR_prob):
        return None
    return Caveat(
        "leak-poor-fit",
        f"No law tried describes the pressure record (chi-square {least:.0f} for {len(bins.pressure_Pa)} bins; by chance in {prob:.0e} of "
        "records): the loop did something that is not modelled here, the noise is not what it seems, or the search ended at a wrong "
        "optimum. No interval of the leak can be relied on; look at the record before anything is decided on it.",
    )
