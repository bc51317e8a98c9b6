"""What can go wrong with the demo's Airflow."""


class AirflowServerError(Exception):
    """The local Airflow did not start, or one of its components died; says where its log lies."""
