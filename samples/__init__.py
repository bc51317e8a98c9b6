"""The sample catalogue: photographs to try Packshot on, and the scripts that made them."""
