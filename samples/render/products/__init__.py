"""The things in the catalogue. Each function builds one product on z = 0, facing -y.

Functions take the folder where they may leave printed artwork, and return nothing: the scene
holds the product, and only the product, when they are done.
"""
