"""Chance of perforation of a Whipple shield: coefficients learned from 545 shots, their spread, where they were learned, how they score.

Written by builders/make_probabilistic_limit.py from the shot table of pyBLOSSUM (github.com/shannonjryan/pyBLOSSUM, MIT); do not edit.
Of its 568 shots the 23 of AFML-TR-70-135 are left out (their outcomes contradict themselves) and seven that only spalled count as held
(builders/perforation_chance/contradictions.py).
Columns: ln(d/limit), three regimes of normal speed, then each covariate in each regime (`perforation_terms.columns`).
"""

from whipple.physics.cited import Cited

__all__ = ["BARE", "BARE_ROOT", "COEFFICIENTS", "COVARIANCE_ROOT", "LABORATORY_SD", "MEASURED", "TESTED"]

# fmt: off
#: How far a laboratory not seen may lie from the rest, in the logit.
LABORATORY_SD = Cited(0.395, unit="", source="pyblossum", grade="computed")
COEFFICIENTS = (6.7120, -0.9617, 0.5232, -0.4771, 0.1084, -0.4858, -0.5914, 0.0572, 0.4458, -0.2817, -0.2989, -0.4249, -0.3824, 0.0532,
        0.0674, 0.1634, -0.1179, -0.0731, 0.0087)
#: Lower triangle whose product with its transpose is the covariance of the coefficients.
COVARIANCE_ROOT = (
    (0.7809,),
    (-0.0680, 0.4612),
    (0.0152, 0.0534, 0.5655),
    (0.0168, 0.0405, 0.0123, 0.3099),
    (-0.0092, -0.0904, 0.0389, 0.0459, 0.4301),
    (-0.1135, -0.0173, -0.2481, -0.0977, -0.0761, 0.4522),
    (-0.1324, -0.0275, -0.0703, -0.1782, -0.0117, 0.0260, 0.2916),
    (-0.0067, -0.0922, 0.0121, 0.0337, -0.1023, -0.0274, -0.0060, 0.3528),
    (0.1021, -0.0562, -0.0776, 0.2240, 0.0165, -0.1618, -0.0571, -0.0120, 0.5173),
    (-0.1138, 0.0260, -0.0123, -0.2169, -0.0020, 0.0655, 0.0151, -0.0020, -0.1610, 0.2738),
    (-0.0617, -0.2325, -0.0580, -0.0491, -0.0851, 0.0750, 0.0587, -0.1152, -0.0418, 0.0279, 0.4144),
    (-0.0540, -0.0499, -0.3993, -0.0636, -0.0238, 0.1135, 0.0623, -0.0037, -0.0128, 0.0344, -0.0084, 0.4764),
    (-0.0821, -0.0080, -0.0499, -0.3276, -0.0121, 0.0673, 0.0503, -0.0051, -0.0942, 0.2015, 0.0173, -0.0170, 0.3000),
    (0.0264, -0.0665, 0.0038, 0.0253, -0.0256, -0.0187, -0.0024, -0.0244, 0.0296, -0.0091, -0.0203, -0.0047, 0.0057, 0.3280),
    (0.0266, -0.0327, -0.0329, 0.0228, 0.0103, -0.0227, -0.0045, 0.0006, 0.0217, -0.0173, -0.0022, 0.0005, 0.0074, 0.0085,
        0.3362),
    (0.0564, -0.0733, -0.0115, -0.0081, 0.0148, -0.0501, 0.0172, 0.0122, 0.1065, -0.0237, -0.0052, -0.0112, 0.0425, 0.0595,
        0.0645, 0.3358),
    (-0.0335, 0.1855, -0.0129, -0.0563, -0.0204, 0.0295, 0.0027, -0.0078, -0.0637, 0.0088, 0.0043, 0.0042, -0.0096, -0.0423,
        -0.0459, -0.0813, 0.2842),
    (-0.0281, 0.0402, 0.0387, -0.0338, -0.0042, 0.0473, 0.0020, -0.0064, -0.0301, 0.0133, 0.0064, 0.0276, -0.0065, -0.0276,
        -0.0322, -0.0648, 0.0162, 0.3519),
    (0.0028, -0.0060, 0.0059, 0.0060, 0.0002, -0.0027, 0.0026, 0.0003, 0.0062, -0.0025, -0.0011, -0.0010, 0.0014, 0.0027,
        0.0068, 0.0106, -0.0035, -0.0052, 0.3732),
)
#: The same for the equations' mean alone (scale, offset), used for shields and shots unlike any tested.
BARE = (6.2622, -0.5814)
BARE_ROOT = (
    (0.6689,),
    (-0.0472, 0.1749),
)
#: Least and greatest of each covariate in the shots.
TESTED = {
    "bumper": (-3.682, 2.978),
    "gap": (-2.493, 1.938),
    "wall": (-1.162, 1.876),
    "yield": (-2.197, 0.484),
    "cosine": (-0.861, 0.000),
}
#: Left out in turn: (groups, log loss, accuracy, calibration error, best log loss and best accuracy of one equation). As filed: all 568.
MEASURED = {
    "source": (19, 0.3900, 0.8092, 0.0237, 0.4050, 0.7982),
    "laboratory": (10, 0.3907, 0.8092, 0.0279, 0.4056, 0.7982),
    "source, as filed": (20, 0.4217, 0.7852, 0.0229, 0.4330, 0.7782),
    "laboratory, as filed": (10, 0.4226, 0.7799, 0.0244, 0.4324, 0.7782),
}
