"""`python -m demo.database`: brings Airflow's database up to date and makes the pools."""

import sys

from airflow.models.pool import Pool
from airflow.utils.db import initdb

POOLS = {
    "cpu": (2, "Tasks that need a processor; as many slots as it has cores to spare."),
    "gpu": (1, "Tasks that make pictures; one for each GPU."),
}


def create_pools(cores: int) -> None:
    """Create or update the pools, for a machine with so many cores."""
    for name, (slots, description) in POOLS.items():
        Pool.create_or_update_pool(
            name,
            slots=max(slots, cores) if name == "cpu" else slots,
            description=description,
            include_deferred=False,
        )


def main() -> None:
    """Migrate, and make the pools."""
    initdb()
    create_pools(int(sys.argv[1]))


if __name__ == "__main__":
    main()
