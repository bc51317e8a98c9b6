"""Makes the sample catalogue. A development tool: nothing at run time imports it.

    catalogue   which picture shows which product, and what its photographer did wrong
                (kitchen_pictures, cloth_pictures, home_pictures, in the words of picture)
    truth_pictures   products alone, which cut-outs are measured against
    products/   the things themselves, modelled to the centimetre
    shapes, materials, cloth, labels   what the products are made of
    studio, backdrops                  light, camera, one path-traced picture
    camera_faults, files, icc_profiles what a camera, a hurried editor and an archive do to it
    bad_files   the pictures that no pipeline should publish

Lengths are decimetres (1.0 is 10 cm), z points up, products stand on z = 0 and face -y.
Colours are linear RGB in [0, 1] unless a name says sRGB.
"""
