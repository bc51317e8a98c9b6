"""What is written down: rows, facts and their keys. Knows no run and no stage."""
