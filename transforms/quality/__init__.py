"""Judging: expectation suites for what comes in, metrics and the gate for what goes out."""
