"""What stages hand to each other: records in Parquet, under keys that this package decides."""
