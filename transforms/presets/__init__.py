"""What people configure: catalogues, brands, presets, channels and the gate's limits."""
