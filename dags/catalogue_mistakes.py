"""Shows mistakes under config/ as an Airflow import error; makes no DAG of its own.

`nightly_standardise.py` leaves a broken catalogue out, so that the others keep their nights. This
file then fails to import, and the UI shows each mistake with file, field and value.
"""

from catalogue_files import read_catalogues

from transforms.errors import ConfigError

_, mistakes = read_catalogues()
if mistakes:
    raise ConfigError("\n".join(mistakes))
