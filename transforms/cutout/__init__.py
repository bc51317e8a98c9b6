"""Cutting the product out: weights, the network, its matte, the colours at the matte's edge."""
