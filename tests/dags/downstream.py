"""The example of a downstream DAG, as other systems copy it."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "docs" / "examples" / "take_over_pictures.py"


def downstream_dag():
    """Parse the file as the DAG processor does."""
    from airflow.dag_processing.dagbag import BundleDagBag

    folder = EXAMPLE.parent
    bag = BundleDagBag(folder, bundle_path=folder, bundle_name="examples")
    assert bag.import_errors == {}
    return bag.dags["take_over_pictures"]
