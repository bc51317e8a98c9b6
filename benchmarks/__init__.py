"""Measures Packshot, on real servers and pictures; `packshot bench` runs it from a checkout."""
