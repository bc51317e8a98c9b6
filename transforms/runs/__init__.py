"""A run: its plan, its inventory, jobs and shards, what became of every picture, its summary."""
