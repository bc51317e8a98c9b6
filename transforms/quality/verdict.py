"""From numbers to a verdict, by the limits of `config/gate.yaml`."""

from transforms.errors import ConfigError
from transforms.manifest.records import RuleResult, Verdict
from transforms.presets.gate import Gate, Limit
from transforms.quality.metrics import METRICS

_SEVERITY: dict[Verdict, int] = {"FAIL": 0, "REVIEW": 1, "PASS": 2}


def check_gate(gate: Gate) -> None:
    """Prove that every rule is measured and every measure has a rule.

    Raises:
        ConfigError: Naming the rules that are too many or missing.
    """
    unknown = sorted(set(gate.rules) - METRICS)
    missing = sorted(METRICS - set(gate.rules))
    lines = [f"rules.{name}: no such metric; known: {', '.join(sorted(METRICS))}"
             for name in unknown]  # fmt: skip
    lines += [f"rules.{name}: missing; every metric needs its limit" for name in missing]
    if lines:
        raise ConfigError("\n".join(lines))


def judge(measured: dict[str, float], gate: Gate) -> list[RuleResult]:
    """Apply the gate's rules, worst first.

    Args:
        measured: Value by rule name.
        gate: Limits; `check_gate` proved that they fit.

    Raises:
        ConfigError: The gate has no limit for a value, or a limit that nothing was measured for.
    """
    check_gate(gate)
    results = [
        RuleResult(
            rule=name,
            value=round(value, 5),
            limit=_decisive(gate.rules[name], gate.rules[name].state(value)),
            state=gate.rules[name].state(value),
            why=gate.rules[name].why,
        )
        for name, value in measured.items()
    ]
    return sorted(results, key=lambda result: (_SEVERITY[result.state], result.rule))


def verdict_of(results: list[RuleResult]) -> Verdict:
    """The worst state of all rules."""
    return min((result.state for result in results), key=_SEVERITY.__getitem__, default="FAIL")


def worst(first: dict[str, float], second: dict[str, float], gate: Gate) -> dict[str, float]:
    """For each rule the value that its limit likes less: a picture is as good as its worst file.

    Args:
        first: Values of one channel's file; empty: none was measured yet.
        second: Values of another's.
        gate: Limits.
    """
    merged = dict(first)
    for name, value in second.items():
        limit = gate.rules[name]
        bounded_below = limit.review_below is not None or limit.fail_below is not None
        pick = min if bounded_below else max
        merged[name] = pick(merged.get(name, value), value)
    return merged


def _decisive(limit: Limit, state: Verdict) -> str:
    """The bounds that a value met or broke, as text."""
    fail = _bounds(limit.fail_below, limit.fail_above)
    review = _bounds(limit.review_below, limit.review_above)
    return (fail or review) if state == "FAIL" else (review or fail)


def _bounds(below: float | None, above: float | None) -> str:
    parts = []
    if below is not None:
        parts.append(f"at least {below:g}")
    if above is not None:
        parts.append(f"at most {above:g}")
    return " and ".join(parts)
