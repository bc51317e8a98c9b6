"""The command `packshot`: stages without Airflow, for people and for scripts."""
