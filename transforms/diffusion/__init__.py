"""Diffusion models: the only package that imports torch and diffusers, and only inside functions
that run them."""
