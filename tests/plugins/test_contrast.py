"""Every colour of text stands out from every ground that it may lie on, in light and in dark."""

import re
from itertools import product

import pytest

from tests.plugins.conftest import ROOT

STYLES = (ROOT / "plugins" / "packshot_review" / "static" / "review.css").read_text()
LEAST = 4.5
"""WCAG 2.2, 1.4.3: text of usual size."""
TEXTS = ("ink", "quiet", "good", "wait", "bad", "aside", "rest", "again", "accent")
GROUNDS = ("paper", "mat", "raised")
SOFT = ("good", "wait", "bad", "aside", "rest", "again")
THEMES = [dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", block))
          for block in re.findall(r"\{([^{}]*--paper:[^{}]*)\}", STYLES)]  # fmt: skip


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2) of `#rrggbb`, 0-1."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4 for x in parts]
    return sum(w * x for w, x in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    """Contrast ratio, 1-21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", THEMES, ids=["light", "dark", "dark by the system"])
def test_text_is_legible(theme):
    pairs = [*product(TEXTS, GROUNDS), *((name, f"{name}-soft") for name in SOFT)]
    pairs += [*product(("ink", "quiet"), (f"{name}-soft" for name in SOFT))]
    pairs += [("on-accent", "accent"), ("paper", "good"), ("paper", "ink"), ("paper", "bad")]

    faint = {pair: contrast(*(theme[name] for name in pair)) for pair in pairs}

    assert {pair: value for pair, value in faint.items() if value < LEAST} == {}


def test_the_dark_theme_is_one():
    _, dark, by_system = THEMES

    assert dark == by_system
