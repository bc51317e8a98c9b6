"""The steps of a run. Each reads manifests and writes the next; none imports another."""
