"""Networks with known weights: fetched once, checked whenever they are loaded."""
