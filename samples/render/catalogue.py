"""Every picture of the sample catalogue."""

from samples.render.cloth_pictures import CLOTH_PICTURES
from samples.render.home_pictures import HOME_PICTURES
from samples.render.kitchen_pictures import KITCHEN_PICTURES

PICTURES = [*KITCHEN_PICTURES, *CLOTH_PICTURES, *HOME_PICTURES]
