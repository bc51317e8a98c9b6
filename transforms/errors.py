"""Every error raised on purpose, and who reacts.

* PackshotError
  - ConfigError           a person; the task fails at once
  - ModelError            a person: weights are missing or not the ones we know
  - SourceError           quarantine this picture, keep the run
  - RenderError           record the failed picture, keep the shard
  - StorageError          transient or the platform's; Airflow retries
    + NotFoundError       the caller decides
      . TornArtefactError a file of it is gone or altered: it counts as not there, and is made anew
    + ConflictError       somebody else swapped the object; the caller decides
  - StaleRunError         another run published meanwhile; nothing of this run is visible
  - AuditError            the run's audit failed; nothing is published; a person decides
    + HeldRunError        too much of the run went wrong; a person may release it as a whole
  - ReconciliationError   pictures do not add up; the run fails
"""


class PackshotError(Exception):
    """Base of all errors here."""


class ConfigError(PackshotError):
    """A configuration file or an argument is wrong: names file, field, value, what is allowed."""


class ModelError(PackshotError):
    """Model weights are missing or their hash differs: says which command mends it."""


class SourceError(PackshotError):
    """One source image cannot be used.

    Args:
        reason: Code of the refusal, as counted in the run's summary: `unreadable`, `too_small`.
        message: What is wrong and what to do, in words a photographer understands.
    """

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(f"{reason}: {message}")
        self.reason = reason
        self.message = message

    def __reduce__(self) -> tuple[type["SourceError"], tuple[str, str]]:
        return type(self), (self.reason, self.message)


class RenderError(PackshotError):
    """One picture could not be made; the rest of its shard goes on."""


class StorageError(PackshotError):
    """The storage did not answer as it should: names the URI and what to check."""


class NotFoundError(StorageError):
    """No object has this key."""


class TornArtefactError(NotFoundError):
    """An artefact has facts, and not the files that they are about.

    Args:
        message: Names it, and what is wrong.
        key: Of its facts.
    """

    def __init__(self, message: str, key: str) -> None:
        super().__init__(message)
        self.key = key

    def __reduce__(self) -> tuple[type["TornArtefactError"], tuple[str, str]]:
        return type(self), (str(self), self.key)


class ConflictError(StorageError):
    """The object changed since it was read, so it was not replaced."""


class StaleRunError(PackshotError):
    """Another run swapped the pointer first."""


class AuditError(PackshotError):
    """The audit of a run or of what is published failed."""


class HeldRunError(AuditError):
    """Too much of a run went wrong to publish the rest without a person's word: says what."""


class ReconciliationError(PackshotError):
    """The pictures of a run do not add up: some would be lost or counted twice."""
