"""From numbers to a verdict, by the limits of `config/gate.yaml`."""

from collections.abc import Mapping

from transforms.errors import ConfigError
from transforms.presets.gate import Gate, Limit
from transforms.quality.metrics import METRICS
from transforms.records.renditions import RuleResult, RuleState, Verdict

Measured = dict[str, float | None]
"""Value by rule name; None: not measured."""

_SEVERITY: dict[RuleState, int] = {"FAIL": 0, "REVIEW": 1, "PASS": 2, "NOT_MEASURED": 3}


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


def judge(measured: Mapping[str, float | None], gate: Gate) -> list[RuleResult]:
    """Apply the gate's rules, worst first; what was not measured comes last and passes nothing.

    Args:
        measured: Value by rule name.
        gate: Limits; `check_gate` proved that they fit.

    Raises:
        ConfigError: The gate has no limit for a value, or a limit that nothing was measured for.
    """
    check_gate(gate)
    results = [_result(name, value, gate.rules[name]) for name, value in measured.items()]
    return sorted(results, key=lambda result: (_SEVERITY[result.state], result.rule))


def _result(name: str, value: float | None, limit: Limit) -> RuleResult:
    state: RuleState = "NOT_MEASURED" if value is None else limit.state(value)
    return RuleResult(
        rule=name,
        value=None if value is None else round(value, 5),
        limit=_decisive(limit, state),
        state=state,
        why=limit.why,
    )


def verdict_of(results: list[RuleResult]) -> Verdict:
    """The worst state of the rules that were measured; FAIL where none was."""
    states: list[Verdict] = [each.state for each in results if each.state != "NOT_MEASURED"]
    return min(states, key=_SEVERITY.__getitem__, default="FAIL")


def list_objections(results: list[RuleResult]) -> list[str]:
    """Rules that did not pass, worst first."""
    return [each.rule for each in results if each.state in ("REVIEW", "FAIL")]


def keep_worst(first: Measured, second: Measured, gate: Gate) -> Measured:
    """For each rule the value that its limit likes less: a picture is as good as its worst file.

    Args:
        first: Values of one channel's file; empty: none was measured yet.
        second: Values of another's.
        gate: Limits.
    """
    merged = dict(first)
    for name, value in second.items():
        before = merged.get(name)
        if before is None or value is None:
            merged[name] = value if before is None else before
            continue
        merged[name] = max(before, value, key=gate.rules[name].excess)
    return merged


def _decisive(limit: Limit, state: RuleState) -> str:
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
