"""Names of runs in the storage."""

import hashlib
import re

_LONGEST, _CUT = 120, 100
"""Readable lengths for a folder."""


def safe_run_id(run_id: str) -> str:
    """Turn an Airflow run id into one that is safe in keys, file names and URLs.

    `:` and `+` and all else that is not safe become `-`; then a short hash follows, so that two
    run ids stay two.
    """
    safe = re.sub(r"[^A-Za-z0-9._-]+", "-", run_id).strip(".-")
    if safe == run_id and len(safe) <= _LONGEST:
        return safe
    return f"{safe[:_CUT]}-{hashlib.sha256(run_id.encode()).hexdigest()[:8]}"
