"""Diffusion models. Only this package imports torch and diffusers, inside what runs them."""
