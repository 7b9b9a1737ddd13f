"""What do the pictures show, and where should the camera look next?

`measure` sizes the hole in every picture of a case, `measure_picture` in one picture, `find_hole` only outlines it.
"""

from whipple.imagery.measuring import measure, measure_picture
from whipple.imagery.outline import find_hole

__all__ = ["find_hole", "measure", "measure_picture"]
