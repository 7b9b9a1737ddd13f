"""Where did the coolant go, and what did it do there?"""

from whipple.contamination.droplet import evaporate_droplet
from whipple.contamination.film import film_life_s
from whipple.contamination.whereabouts import where_it_went

__all__ = ["evaporate_droplet", "film_life_s", "where_it_went"]
