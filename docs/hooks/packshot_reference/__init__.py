"""Reference pages made from the code, so that they cannot go stale: each module makes some."""
