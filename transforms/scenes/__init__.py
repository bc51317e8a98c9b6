"""Backdrops: procedural scaffolds and photographed plates, with their ground and their light."""
