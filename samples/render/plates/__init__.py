"""Makes the plates: photographs of empty sets that products are stood in.

    plate       what a plate is made of: set, view, light, notes
    plate_list  every plate that the project ships
    winter, spring, summer, autumn, festive, diwali, lunar_new_year, wood_tables, stone_tables,
    linen_tables, interiors  the sets; daylight: what tables share
    timber, stone, flax, relief   what a product stands on; surface: how it is textured
    plants, trees, flowers, ornaments, lamps, rooms, gardens   what stands around it and behind
    scatter                  many instances of one thing
    camera, exposure, bokeh, print   from a set to a file with its notes

As everywhere in this kit lengths are decimetres, z points up, and the camera looks along +y. The
origin is the place to stand: a product's lowest pixel. The middle of a picture is about 3.6 wide
there, so a product that fills it as a brand wants is 10 to 30 cm high.
"""
