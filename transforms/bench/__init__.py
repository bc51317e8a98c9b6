"""Measuring Packshot itself, on real servers and real pictures."""
