"""Commands of the documentation that its tests do not run, each with the reason.

What is not run is parsed all the same: command, sub-command and every option must exist.
"""

NOT_RUN = {
    "packshot models fetch sdxl": "asks a hub for gigabytes",
    "packshot models fetch house-look": "of a folder that readers bring",
    "packshot models verify": "hashes every network's weights that are here: seconds, and no story",
    "packshot sweep --preset ink-drawing": "needs a checkpoint's weights",
    "packshot sweep --preset anime": "needs a checkpoint's weights",
    "packshot sweep --preset winter --scaffold": "makes sixty pictures; another page makes two",
    ".venv/bin/packshot run --source photos": "the tutorial runs the same",
    "packshot bench": "takes minutes, and has tests of its own",
}
"""By how a command begins."""

STANDS_FOR = {
    "make demo": "the workspace holds what such a night and two seasons leave",
    "make up": "starts Airflow; tests/dags and tests/plugins do",
    "make test": "is this",
    "source .venv/bin/activate": "the command is called in this process",
    "export AWS_ACCESS_KEY_ID=": "the workspace has credentials, of a SeaweedFS",
    "export AWS_ENDPOINT_URL_S3=": "the workspace has that of a SeaweedFS",
    "docker compose": "no Docker engine; tests/integration/test_compose.py checks the stack",
    "python3.11 -m venv .venv-rembg": "installs rembg, to be compared with",
    "airflow": "read by Airflow's own parser",
}
"""What is not Packshot's own command line."""
