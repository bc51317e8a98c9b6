"""Shows mistakes under config/ as an Airflow import error; makes no DAG of its own.

`nightly_standardise.py` keeps the DAG of a broken catalogue without its schedule, so that a night
under way ends. This file then fails to import, and the UI shows each mistake with file, field and
value.
"""

from catalogue_files import read_catalogues

from transforms.errors import ConfigError

_, mistakes = read_catalogues()
if mistakes:
    raise ConfigError("\n".join(mistakes))
