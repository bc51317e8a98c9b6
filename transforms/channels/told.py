"""What a run's summary tells of channels: what they did not take, and whether files are signed."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from transforms.provenance.credentials import note
from transforms.records.renditions import QualityReport


def withheld(reports: Iterable[QualityReport]) -> dict[str, dict[str, int]]:
    """How many pictures each channel did not take, by rule; a picture may break several.

    Args:
        reports: Of a run.

    Returns:
        Channels by name, rules by how often they were broken.
    """
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for report in reports:
        for channel, rule in {(each.channel, each.rule) for each in report.withheld}:
            counts[channel][rule] += 1
    return {
        channel: dict(sorted(counted.items(), key=lambda item: (-item[1], item[0])))
        for channel, counted in sorted(counts.items())
    }


def notes(reports: Iterable[QualityReport], environment: Mapping[str, str]) -> tuple[str, ...]:
    """What a person should know of a run's files beside its counts, a sentence each.

    Args:
        reports: Of the run.
        environment: `os.environ`, or such.
    """
    unsigned = sum(not file.signed for report in reports for file in report.files)
    if not unsigned:
        return ()
    why = note(environment)
    return (why or f"{unsigned} files carry no C2PA credentials: no certificate was at hand.",)
