"""Standing a product in a scene: pose, place, shadow, reflection, and what lies before it."""
