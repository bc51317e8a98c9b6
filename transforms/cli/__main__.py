"""Lets `python -m transforms.cli` stand for the command `packshot`."""

from transforms.cli.app import main

main()
