"""What a channel gets of a picture: files that keep its rules, or why it gets none."""

from collections.abc import Callable
from dataclasses import dataclass, field

from transforms.channels.checking import check
from transforms.channels.findings import HELP, Finding, suggest_remedy
from transforms.errors import AuditError, NotFoundError
from transforms.images.clipping_path import ClippingPath
from transforms.images.codec import Metadata
from transforms.images.encoding import Encoded, Unfit, encode_for
from transforms.pixels import Pixels
from transforms.presets.channel import Channel
from transforms.provenance.credentials import Credentials, sign, verify
from transforms.provenance.lineage import Lineage
from transforms.provenance.xmp import write_xmp
from transforms.records.facts import RenditionFacts
from transforms.records.fingerprint import sha256
from transforms.records.layout import encoded_key, signed_key
from transforms.records.renditions import Withheld
from transforms.storage.protocol import Storage


@dataclass(frozen=True, slots=True)
class Finisher:
    """Says of the files of one picture how they were made, and signs them, each once."""

    work: Storage
    fingerprint: str
    """Of the picture's own rendition: files in frames lie beside its, and are kept as long."""
    lineage: Lineage
    title: str
    outline: Callable[[], ClippingPath | None]
    """Draws the path around the product, if there is one; asked for where a channel wants it."""
    credentials: Credentials | None = None
    """None: files are not signed."""

    def metadata(self, channel: Channel) -> Metadata:
        """What every file of a channel says of itself: how it was made, and where to cut it out."""
        path = self.outline() if channel.clipping_path else None
        return Metadata(
            xmp=write_xmp(self.lineage, channel.source_types),
            photoshop=path.resources() if path is not None else b"",
        )

    def finish(self, made: Encoded, channel: Channel) -> tuple[str, bytes]:
        """Sign a file, where a certificate is at hand.

        Args:
            made: With all that it says of itself.
            channel: Whose.

        Returns:
            Its key in the work storage and its bytes. One that is signed is stored at once: signing
            it again would give other bytes.


        Raises:
            AuditError: A signed file is not whole, just made or found there.
            ConfigError: The certificate or key is refused.
            StorageError: Storage does not answer.
        """
        digest = sha256(made.data)
        if self.credentials is None:
            return encoded_key(self.fingerprint, channel.name, digest, made.extension), made.data
        named = sha256(f"{digest} {self.credentials.identity}".encode())
        key = signed_key(self.fingerprint, channel.name, named, made.extension)
        try:
            return key, self._signed_before(key, made.extension)
        except NotFoundError:
            fresh = sign(
                made.data,
                self.lineage,
                self.credentials,
                title=self.title,
                extension=made.extension,
            )
        if self.work.create(key, fresh):
            return key, fresh
        return key, self._signed_before(key, made.extension)

    def _signed_before(self, key: str, extension: str) -> bytes:
        data = self.work.read(key)
        found = verify(data, extension=extension)
        if found.state not in ("valid", "trusted"):
            raise AuditError(
                f"{self.work.uri}/{key}: its C2PA credentials are {found.state} "
                f"({', '.join(found.problems)}): delete the file, and run again"
            )
        return data


@dataclass(frozen=True, slots=True)
class Delivered:
    """One file, finished: exactly these bytes go out."""

    encoded: Encoded
    key: str
    """In the work storage."""
    data: bytes
    """With all that it says of itself, signed where a certificate is at hand."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """What a channel gets of a picture."""

    files: list[Delivered] = field(default_factory=list)
    """Also of a channel that takes none of them."""
    withheld: list[Withheld] = field(default_factory=list)
    """Rules that the channel has against them; empty: it takes them."""
    advice: list[Withheld] = field(default_factory=list)


def deliver(
    master: Pixels,
    channel: Channel,
    rendered: RenditionFacts,
    *,
    finisher: Finisher,
    read: Callable[[], list[str]],
) -> Delivery:
    """Encode a rendition for a channel, finish each file, and hold it against the channel's rules.

    Args:
        master: (height, width, 3), sRGB. Not modified.
        channel: Whose.
        rendered: The rendition's facts.
        finisher: Knows what each file says of itself, and signs it.
        read: Gives the text that was laid over the picture.

    Returns:
        All files; where one breaks a rule, the channel takes none of this picture, and no more are
        made.

    Raises:
        AuditError: A signed file is not whole, just made or found in the work storage.
        ConfigError: The certificate or key is refused.
        StorageError: Storage does not answer.
    """
    delivery, generated = Delivery(), finisher.lineage.generated
    for made in encode_for(master, channel, finisher.metadata(channel)):
        if isinstance(made, Unfit):
            delivery.withheld.append(_withhold_unfit(made, channel))
            return delivery
        key, data = finisher.finish(made, channel)
        delivery.files.append(Delivered(made, key, data))
        findings = check(data, channel, generated=generated, read=read)
        height, width = made.shown.shape[:2]
        for rule, finding in zip(channel.rules, findings, strict=True):
            remedy = suggest_remedy(rule, finding, rendered, (width, height))
            broken = _withhold(finding, channel, remedy)
            if finding.state == "FAIL":
                delivery.withheld.append(broken)
            elif finding.state == "WARN" and _demand(broken) not in map(_demand, delivery.advice):
                delivery.advice.append(broken)
        if delivery.withheld:
            return delivery
    return delivery


def withhold_frame(channel: Channel, message: str) -> Withheld:
    """Withhold a picture that is not to be had in a channel's frame.

    Args:
        channel: Whose.
        message: Why not, with what would be needed.
    """
    return Withheld(channel=channel.name, rule="not_framed", found=message, wanted="")


def _demand(broken: Withheld) -> tuple[str, str]:
    return broken.rule, broken.wanted


def _withhold_unfit(made: Unfit, channel: Channel) -> Withheld:
    source = next((rule.source for rule in channel.rules if rule.rule == made.rule), "")
    return Withheld(
        channel=channel.name,
        rule=made.rule,
        found=made.found,
        wanted=made.wanted,
        needed=HELP[made.rule],
        source=source,
    )


def _withhold(finding: Finding, channel: Channel, remedy: str) -> Withheld:
    return Withheld(
        channel=channel.name,
        rule=finding.rule,
        found=finding.found,
        wanted=finding.wanted,
        needed=remedy,
        source=finding.source,
    )
