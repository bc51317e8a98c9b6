"""Runs Packshot on this machine: a local Airflow, a night over the sample catalogue."""
