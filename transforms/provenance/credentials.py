"""C2PA content credentials: signed into an encoded picture, and verified in it.

Needs the optional package `c2pa-python` (`pip install packshot[provenance]`) and a certificate.
Certificate and key come from files that environment variables name, never from configuration, and
nothing here reaches for the network: there is no time stamp from an authority.
"""

import hashlib
import importlib.util
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from transforms.errors import AuditError, ConfigError
from transforms.provenance.lineage import Lineage, choose_source_type

CERTIFICATE = "PACKSHOT_C2PA_CERTIFICATE"
"""Names a PEM file: the signing certificate, then those that it hangs on, up to the root's."""
KEY = "PACKSHOT_C2PA_KEY"
"""Names a PEM file: the certificate's private key, PKCS #8."""
ANCHORS = "PACKSHOT_C2PA_ANCHORS"
"""Names a PEM file: roots that are trusted beside C2PA's own list; may be left out."""
ALGORITHM = "PACKSHOT_C2PA_ALGORITHM"
"""Of the key: `es256` where it is left out."""
ALGORITHMS = ("es256", "es384", "es512", "ps256", "ps384", "ps512", "ed25519")

MEDIA_TYPES = {
    "jpg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "avif": "image/avif",
    "tif": "image/tiff",
}

_VERSION = "0.1.0"
_SOURCE = "source"
_ACTIONS = {
    "denoise": "c2pa.filtered",
    "deblock": "c2pa.filtered",
    "tone": "c2pa.color_adjustments",
    "straighten": "c2pa.orientation",
}


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a picture is signed with."""

    certificate: str
    """PEM."""
    key: str
    """PEM. Never shown."""
    anchors: str = ""
    """PEM."""
    algorithm: str = "es256"

    @property
    def identity(self) -> str:
        """Tells certificates apart; says nothing of the key."""
        return hashlib.sha256(f"{self.algorithm} {self.certificate}".encode()).hexdigest()

    def __repr__(self) -> str:
        return f"Credentials(algorithm={self.algorithm!r})"


@dataclass(frozen=True, slots=True)
class Verification:
    """What reading credentials back found."""

    state: Literal["trusted", "valid", "invalid", "none"]
    """`trusted`: whole, and by somebody whom the anchors vouch for. `valid`: whole. `invalid`: the
    picture or its credentials were altered. `none`: there are no credentials."""
    problems: tuple[str, ...] = ()
    """Codes of C2PA: `assertion.dataHash.mismatch`, `signingCredential.untrusted`."""
    source_types: tuple[str, ...] = ()
    """IPTC terms' addresses that its actions name."""


def read_credentials(environment: Mapping[str, str]) -> Credentials | None:
    """Read certificate and key.

    Args:
        environment: `os.environ`, or such.

    Returns:
        None where no certificate is configured.

    Raises:
        ConfigError: Only one of both is, a file cannot be read, or it is no PEM.
    """
    if not environment.get(CERTIFICATE) and not environment.get(KEY):
        return None
    algorithm = environment.get(ALGORITHM) or ALGORITHMS[0]
    if algorithm not in ALGORITHMS:
        raise ConfigError(f"{ALGORITHM}={algorithm}: not one of {', '.join(ALGORITHMS)}")
    return Credentials(
        certificate=_pem(environment, CERTIFICATE, "CERTIFICATE"),
        key=_pem(environment, KEY, "PRIVATE KEY"),
        anchors=_pem(environment, ANCHORS, "CERTIFICATE") if environment.get(ANCHORS) else "",
        algorithm=algorithm,
    )


def explain_unsigned(environment: Mapping[str, str]) -> str:
    """One sentence on why pictures are not signed; empty: they are."""
    if not environment.get(CERTIFICATE) and not environment.get(KEY):
        return (
            "Pictures carry no C2PA credentials: no certificate is configured "
            f"({CERTIFICATE} and {KEY} name its files). IPTC's term in XMP does not need one."
        )
    if importlib.util.find_spec("c2pa") is None:
        return (
            "Pictures carry no C2PA credentials: a certificate is configured, but c2pa-python is "
            "not installed (pip install 'packshot[provenance]')."
        )
    return ""


def sign(
    data: bytes, lineage: Lineage, credentials: Credentials, *, title: str, extension: str
) -> bytes:
    """Sign an encoded picture, and verify it at once.

    Args:
        data: The file, its XMP already in it: the signature covers that as well.
        lineage: What the credentials say.
        credentials: What to sign with.
        title: Of the picture.
        extension: Of the file, a key of `MEDIA_TYPES`.

    Raises:
        ConfigError: The certificate or key is refused, or c2pa-python is missing.
        AuditError: What was signed does not verify.
    """
    c2pa = _library()
    kind = MEDIA_TYPES[extension]
    quiet = c2pa.Settings.from_dict({"builder": {"thumbnail": {"enabled": False}}})
    info = c2pa.C2paSignerInfo(
        alg=credentials.algorithm.encode(),
        sign_cert=credentials.certificate.encode(),
        private_key=credentials.key.encode(),
        ta_url=None,
    )
    target = io.BytesIO()
    try:
        builder = c2pa.Builder(
            json.dumps(write_manifest(lineage, title, kind)), context=c2pa.Context(quiet)
        )
        builder.sign(c2pa.Signer.from_info(info), kind, io.BytesIO(data), target)
    except c2pa.C2paError as error:
        raise ConfigError(
            f"{CERTIFICATE}, {KEY}: pictures cannot be signed with them: {_first_line(error)}"
        ) from error
    found = verify(target.getvalue(), extension=extension, anchors=credentials.anchors)
    if found.state not in ("trusted", "valid"):
        raise AuditError(
            f"{title}: its C2PA credentials are {found.state} right after signing: "
            f"{', '.join(found.problems)}"
        )
    return target.getvalue()


def write_manifest(lineage: Lineage, title: str, kind: str) -> dict[str, Any]:
    """The C2PA manifest: its source by hash, what was done to it step by step, and the IPTC term.

    Args:
        lineage: What to say.
        title: Of the picture.
        kind: Media type of the file.
    """
    term = choose_source_type(lineage.made)
    actions: list[dict[str, Any]] = [
        {"action": "c2pa.opened", "parameters": {"ingredientIds": [_SOURCE]}}
    ]
    actions += [
        {"action": _ACTIONS.get(step, "c2pa.edited"), "description": step} for step in lineage.steps
    ]
    if lineage.made == "restyled":
        last: dict[str, Any] = {"action": "c2pa.edited", "description": "made anew by a model"}
    else:
        last = {"action": "c2pa.edited", "description": "the product, cut out, on its backdrop"}
    if term:
        last["digitalSourceType"] = term
    if lineage.model:
        last["softwareAgent"] = {"name": lineage.model}
    return {
        "claim_generator_info": [{"name": "Packshot", "version": _VERSION}],
        "title": title,
        "format": kind,
        "ingredients": [
            {
                "label": _SOURCE,
                "title": lineage.source_key,
                "relationship": "parentOf",
                "instance_id": f"urn:sha256:{lineage.source_sha256}",
            }
        ],
        "assertions": [
            {"label": "c2pa.actions.v2", "data": {"actions": [*actions, last]}},
            {
                "label": "org.packshot.lineage",
                "data": {
                    "source": lineage.source_key,
                    "sourceSha256": lineage.source_sha256,
                    "preset": lineage.preset,
                },
            },
        ],
    }


def verify(data: bytes, *, extension: str, anchors: str = "") -> Verification:
    """Read the credentials in a file.

    Args:
        data: The file.
        extension: Of the file, a key of `MEDIA_TYPES`.
        anchors: Roots to trust, as PEM; empty: nobody is trusted, so the best is `valid`.

    Raises:
        ConfigError: c2pa-python is missing.
    """
    c2pa = _library()
    settings = {"verify": {"verify_trust": bool(anchors), "remote_manifest_fetch": False}}
    if anchors:
        settings["trust"] = {"user_anchors": anchors}  # type: ignore[dict-item]
    context = c2pa.Context(c2pa.Settings.from_dict(settings))
    try:
        reader = c2pa.Reader(MEDIA_TYPES[extension], io.BytesIO(data), context=context)
        report = json.loads(reader.json())
    except c2pa.C2paError as error:
        if "ManifestNotFound" in type(error).__name__ or "no JUMBF" in str(error):
            return Verification("none")
        return Verification("invalid", (_first_line(error),))
    problems = tuple(str(each["code"]) for each in report.get("validation_status", []))
    state = str(report.get("validation_state", "Invalid")).lower()
    if state not in ("trusted", "valid"):
        return Verification("invalid", problems, _source_types(report))
    return Verification(
        "trusted" if state == "trusted" else "valid", problems, _source_types(report)
    )


def _source_types(report: dict[str, Any]) -> tuple[str, ...]:
    active = report.get("manifests", {}).get(report.get("active_manifest"), {})
    return tuple(
        action["digitalSourceType"]
        for assertion in active.get("assertions", [])
        if assertion.get("label", "").startswith("c2pa.actions")
        for action in assertion["data"].get("actions", [])
        if "digitalSourceType" in action
    )


def _library() -> Any:
    try:
        import c2pa  # noqa: PLC0415 - optional, and most nights sign nothing
    except ImportError as error:
        raise ConfigError(
            "C2PA credentials need c2pa-python: pip install 'packshot[provenance]'"
        ) from error
    return c2pa


def _pem(environment: Mapping[str, str], variable: str, kind: str) -> str:
    path = environment.get(variable, "")
    if not path:
        raise ConfigError(f"{variable}: must name a PEM file, as the other of both is set")
    try:
        text = Path(path).read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{variable}={path}: cannot be read: {type(error).__name__}") from error
    if f"{kind}-----" not in text:
        raise ConfigError(f"{variable}={path}: holds no PEM block of a {kind.lower()}")
    return text


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0][:200] if str(error).strip() else type(error).__name__
