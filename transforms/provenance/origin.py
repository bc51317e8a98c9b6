"""How a picture came about, and what each of its files says of that. Pure, but for signing."""

from dataclasses import dataclass

from transforms.errors import AuditError
from transforms.presets.channel import Making
from transforms.presets.channel_rule import SourceType
from transforms.provenance.credentials import Credentials, Deed, signed, verified
from transforms.provenance.embedding import source_type_of, stated
from transforms.provenance.making import source_type as term_of
from transforms.provenance.xmp import NO_RIGHTS, Rights, Statement
from transforms.records.outcomes import PublishedFile


@dataclass(frozen=True, slots=True)
class Origin:
    """How a picture came about. What the brand does not disclose is empty."""

    made: Making
    source_key: str
    source_sha256: str
    rights: Rights = NO_RIGHTS
    steps: tuple[str, ...] = ()
    """Names of the steps of preparation that were applied."""
    preset: str = ""
    model: str = ""
    """Identity of the diffusion model that ran."""
    prompt: str = ""

    @property
    def generated(self) -> bool:
        """Whether a model made the picture or a part of it."""
        return self.made in ("on_generated", "restyled")


def told(data: bytes, origin: Origin, instead: dict[Making, SourceType]) -> bytes:
    """An encoded picture that says how it was made and whose it is; its pixels are the same bits.

    Args:
        data: An encoded JPEG, PNG, WebP, AVIF or TIFF.
        origin: How it came about.
        instead: Terms that its channel asks for (`Channel.source_types`).
    """
    statement = Statement(
        source_type=term_of(origin.made, instead),
        rights=origin.rights,
        preset=origin.preset,
        system=origin.model,
        prompt=origin.prompt,
    )
    return stated(data, statement)


def signed_as(
    data: bytes, origin: Origin, credentials: Credentials, *, title: str, extension: str
) -> bytes:
    """An encoded picture with C2PA content credentials. Raises as `signed` does.

    Args:
        data: It already says in XMP what it says: the signature covers that as well.
        origin: How it came about.
        credentials: What to sign with.
        title: Of the picture.
        extension: Of the file.
    """
    deed = Deed(
        title=title,
        source_key=origin.source_key,
        source_sha256=origin.source_sha256,
        made=origin.made,
        steps=origin.steps,
        preset=origin.preset,
        model=origin.model,
    )
    return signed(data, deed, credentials, extension=extension)


def prove(row: PublishedFile, data: bytes) -> None:
    """Prove that a published file says of itself what was written into it.

    Args:
        row: Of the manifest.
        data: The file, as read back.

    Raises:
        AuditError: It says something else, or its credentials are altered.
        ConfigError: It should be signed, and c2pa-python is missing.
    """
    claimed = source_type_of(data) or ""
    if claimed != row.source_type:
        raise AuditError(
            f"{row.key}: claims {claimed or 'nothing'} where {row.source_type or 'nothing'} was "
            "written; nothing was published"
        )
    if row.signed:
        found = verified(data, extension=row.extension)
        if found.state not in ("valid", "trusted"):
            raise AuditError(
                f"{row.key}: its C2PA credentials are {found.state} "
                f"({', '.join(found.problems)}); nothing was published"
            )
