"""Chance of perforation of a Whipple shield: coefficients learned from 568 shots, their spread, where they were learned, how they score.

Written by builders/make_probabilistic_limit.py from the shot table of pyBLOSSUM (github.com/shannonjryan/pyBLOSSUM, MIT); do not edit.
Columns: ln(d/limit), three regimes of normal speed, then each covariate in each regime (`perforation_terms.columns`).
"""

from whipple.physics.cited import Cited

__all__ = ["BARE", "BARE_ROOT", "COEFFICIENTS", "COVARIANCE_ROOT", "LABORATORY_SD", "MEASURED", "TESTED"]

# fmt: off
#: How far a laboratory not seen may lie from the rest, in the logit.
LABORATORY_SD = Cited(0.395, unit="", source="pyblossum", grade="computed")
COEFFICIENTS = (5.8981, -0.9252, 0.5397, -0.3371, 0.1728, -0.5016, -0.5506, 0.0154, 0.4242, -0.2421, -0.2509, -0.4838, -0.3124, 0.0580,
        0.0628, 0.1134, -0.0608, -0.0649, 0.0109)
#: Lower triangle whose product with its transpose is the covariance of the coefficients.
COVARIANCE_ROOT = (
    (0.6852,),
    (-0.0489, 0.4149),
    (0.0127, 0.0480, 0.5503),
    (0.0144, 0.0394, 0.0160, 0.2933),
    (-0.0118, -0.0841, 0.0614, 0.0599, 0.4216),
    (-0.1062, -0.0243, -0.2792, -0.0894, -0.0893, 0.4377),
    (-0.1180, -0.0236, -0.0726, -0.1629, -0.0191, 0.0221, 0.2781),
    (-0.0226, -0.0736, 0.0072, 0.0116, -0.1059, -0.0166, -0.0037, 0.3432),
    (0.0755, -0.0200, -0.0670, 0.2025, 0.0423, -0.1699, -0.0590, -0.0403, 0.4969),
    (-0.0928, 0.0039, -0.0195, -0.1916, -0.0099, 0.0597, 0.0141, 0.0145, -0.1381, 0.2596),
    (-0.0507, -0.2367, -0.0491, -0.0284, -0.0966, 0.0563, 0.0425, -0.1015, -0.0298, 0.0211, 0.3694),
    (-0.0558, -0.0491, -0.4491, -0.0601, -0.0329, 0.1033, 0.0643, 0.0003, -0.0277, 0.0336, -0.0074, 0.4584),
    (-0.0540, -0.0153, -0.0515, -0.2996, -0.0181, 0.0548, 0.0441, 0.0066, -0.0754, 0.1900, 0.0160, -0.0171, 0.2864),
    (0.0254, -0.0455, 0.0036, 0.0276, -0.0190, -0.0214, -0.0042, -0.0295, 0.0336, -0.0097, -0.0125, -0.0064, 0.0058, 0.3232),
    (0.0227, -0.0171, -0.0273, 0.0232, 0.0116, -0.0188, -0.0066, -0.0039, 0.0210, -0.0157, -0.0027, 0.0020, 0.0069, 0.0138,
        0.3304),
    (0.0356, -0.0250, -0.0076, -0.0209, 0.0150, -0.0353, 0.0173, -0.0000, 0.0764, -0.0113, -0.0024, -0.0082, 0.0367, 0.0529,
        0.0422, 0.2931),
    (-0.0104, 0.1371, -0.0125, -0.0381, -0.0188, 0.0123, 0.0020, -0.0002, -0.0350, 0.0033, -0.0012, 0.0010, -0.0056,
        -0.0237, -0.0257, -0.0342, 0.2637),
    (-0.0218, 0.0186, 0.0319, -0.0323, -0.0065, 0.0440, 0.0045, 0.0001, -0.0260, 0.0129, 0.0058, 0.0271, -0.0051, -0.0308,
        -0.0238, -0.0472, 0.0036, 0.3485),
    (0.0030, -0.0037, 0.0061, 0.0070, 0.0007, -0.0037, 0.0022, -0.0009, 0.0077, -0.0034, -0.0010, -0.0015, 0.0012, 0.0042,
        0.0082, 0.0111, -0.0030, -0.0070, 0.3731),
)
#: The same for the equations' mean alone (scale, offset), used for shields and shots unlike any tested.
BARE = (5.5256, -0.4749)
BARE_ROOT = (
    (0.5911,),
    (-0.0420, 0.1650),
)
#: Least and greatest of each covariate in the shots.
TESTED = {
    "bumper": (-3.682, 2.978),
    "gap": (-2.493, 1.938),
    "wall": (-1.162, 1.876),
    "yield": (-2.197, 0.484),
    "cosine": (-0.861, 0.000),
}
#: Left out in turn: (number of groups, log loss, accuracy, calibration error, best log loss and best accuracy of one equation).
MEASURED = {
    "source": (20, 0.4217, 0.7852, 0.0229, 0.4330, 0.7782),
    "laboratory": (10, 0.4226, 0.7799, 0.0244, 0.4324, 0.7782),
}
