"""Turns product photographs into one catalogue. Runs without Airflow.

Stages read one manifest and write the next:

    ingest -> measure -> validate -> prepare -> plan -> render -> check -> publish -> report

`preparation`, `images`, `cutout`, `recognition` and `quality` hold the parts they use. Import from
the module that defines a name: this package re-exports nothing.
"""

import os

# onnxruntime notes every session in a database under the user's cache, to be sent to its maker.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
