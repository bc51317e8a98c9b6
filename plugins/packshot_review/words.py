"""Codes in words for people."""

from datetime import UTC, datetime

STATUS = {
    "failed": "Failed",
    "waiting": "Waiting",
    "retried": "Trying again",
    "ready": "New attempt",
    "stuck": "Try failed",
    "approved": "Approved",
    "rejected": "Rejected",
    "quarantined": "Set aside",
    "published": "Published",
    "unchanged": "Unchanged",
    "deferred": "Deferred",
}
ENDING = {
    "published": "Published",
    "unchanged": "Nothing new",
    "held": "Held back",
    "stale": "Overtaken",
}
ACTION = {
    "approve": "approved it",
    "reject": "rejected it",
    "retry": "asked for another try",
    "undo": "took the decision back",
}
CHANGE = {
    "worse": "Worse than before",
    "other_reasons": "Other reasons",
    "better": "Better than before",
    "remade": "Made anew",
    "new": "New",
    "gone": "Gone",
}
_RULES = {
    "product_lock_differing_pixels": "Product pixels untouched",
    "colour_difference": "Colour of the product",
    "worst_tile_similarity": "Detail of the product",
    "background_exact_share": "Background is the brand's",
    "border_exact_share": "Outer edge is background",
    "fill_deviation": "Size on the canvas",
    "baseline_deviation": "Stands on the baseline",
    "enlargement": "Enlarged too far",
    "matte_disagreement": "Two looks disagree",
    "matte_faded": "Faded part",
    "matte_left_out": "Something left out",
    "same_sku_view": "Two files for one view",
    "key_does_not_fit": "File name not understood",
    "unlike_its_batch": "Unlike its batch",
    "run_held": "The run is held",
    "kept_back": "Kept back when the run was released",
    "another_run_published": "Overtaken by another run",
    "no_channel": "No channel takes it",
    "unfinished": "Not finished",
}
_MINUTE, _HOUR, _DAY = 60, 3600, 86400


def rule(code: str) -> str:
    """A rule's or reason's name."""
    return _RULES.get(code) or code.replace("matte_", "cut-out: ").replace("_", " ").capitalize()


def number(value: float | None) -> str:
    """A measured value."""
    return "-" if value is None or value != value else f"{value:.4g}"  # noqa: PLR0124  # NaN


def duration(seconds: float) -> str:
    """`48 s`, `12 min`, `1 h 05 min`."""
    if seconds < _MINUTE:
        return f"{seconds:.0f} s"
    if seconds < _HOUR:
        return f"{seconds / _MINUTE:.0f} min"
    hours, rest = divmod(round(seconds / _MINUTE), 60)
    return f"{hours} h {rest:02d} min"


def moment(when: datetime) -> str:
    """`25 November, 15:37`."""
    return f"{when.astimezone(UTC):%-d %B %Y, %H:%M} UTC"


def ago(when: datetime) -> str:
    """`5 min ago`, `yesterday`."""
    seconds = (datetime.now(UTC) - when).total_seconds()
    if seconds < _HOUR:
        return f"{max(1, seconds // _MINUTE):.0f} min ago"
    if seconds < _DAY:
        return f"{seconds // _HOUR:.0f} h ago"
    days = seconds // _DAY
    return "yesterday" if days < 2 else f"{days:.0f} days ago"  # noqa: PLR2004  # two days
