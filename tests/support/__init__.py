"""Stand-ins for the world around Packshot: tests and benchmarks take them from here."""
