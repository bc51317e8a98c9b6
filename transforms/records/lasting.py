"""JSON records that outlive the release that wrote them: each says its format.

A record of this format, or of the one before, is read; keys that it does not know are passed over.
A newer one is refused and never skipped: a reader that takes what it cannot read for nothing would
make a whole catalogue anew.
"""

import json
from typing import Annotated, Any, ClassVar, Self

from pydantic import Field, ValidationError

from transforms.errors import StorageError
from transforms.presets.strict import Strict


class LastingRecord(Strict):
    """Base of such a record. A subclass that changes raises both numbers and reads the one before.

    Only a change that an older reader would misunderstand needs another format: a field that was
    added, with a default, does not.
    """

    newest: ClassVar[int] = 1
    """The format that this code writes."""
    format: Annotated[int, Field(ge=1)] = 1
    """Records without this field are of format 1."""

    @classmethod
    def from_format_before(cls, found: dict[str, Any]) -> dict[str, Any]:
        """The fields of a record that is one format older, as they are called now."""
        return found

    @classmethod
    def parse(cls, data: bytes, uri: str) -> Self:
        """Read a record.

        Args:
            data: Content of the object.
            uri: Names the object in errors.

        Raises:
            StorageError: A newer Packshot wrote it, or one too old, or it is no such record.
        """
        try:
            found = json.loads(data)
            written = found.get("format", 1)
        except (ValueError, AttributeError) as error:
            raise StorageError(f"{uri}: is not a record of Packshot (no JSON object)") from error
        if not isinstance(written, int) or not written >= 1:
            raise StorageError(f"{uri}: is not a record of Packshot (format {written!r})")
        if written > cls.newest:
            raise StorageError(
                f"{uri}: written by a newer Packshot (format {written}, this one reads up to "
                f"{cls.newest}): upgrade, nothing was changed"
            )
        if written < cls.newest - 1:
            raise StorageError(
                f"{uri}: written by a Packshot that is too old (format {written}, this one reads "
                f"from {cls.newest - 1}); run the version in between first"
            )
        try:
            if written < cls.newest:
                found = cls.from_format_before(found) | {"format": cls.newest}
            return cls.model_validate_json(json.dumps(found), extra="ignore")
        except (ValidationError, KeyError, TypeError) as error:
            raise StorageError(
                f"{uri}: is not what Packshot writes there (format {written}): {_first(error)}"
            ) from error


def _first(error: Exception) -> str:
    if not isinstance(error, ValidationError):
        return f"{error!r}"
    first = error.errors()[0]
    return f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
