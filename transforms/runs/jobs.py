"""What a run has to make: prepared images, and each of them in a look, by their fingerprints."""

from transforms.presets.configuration import Configuration
from transforms.presets.look import Look
from transforms.records.fingerprint import CODE_VERSIONS, fingerprint, rendition_fingerprint
from transforms.records.pictures import AcceptedImage, PreparedImage
from transforms.records.renditions import QualityReport, RenderJob


def prepared_fingerprint(image: AcceptedImage, configuration: Configuration) -> str:
    """Equal for pictures that are prepared equally."""
    return fingerprint(
        image.sha256,
        image.mask_sha256,
        configuration.catalogue.preparation,
        *configuration.recognisers(),
        CODE_VERSIONS["prepare"],
    )


def render_job(picture: PreparedImage | QualityReport, look: Look, *, prepared: str) -> RenderJob:
    """The job that makes a picture in a look.

    Args:
        picture: Says of which source it is: as it was prepared, or an earlier rendition of it.
        look: All that is done to it.
        prepared: Fingerprint of the prepared image.
    """
    return RenderJob(
        key=picture.key,
        sku=picture.sku,
        view=picture.view,
        sha256=picture.sha256,
        prepared=prepared,
        variant=look.variant,
        fingerprint=rendition_fingerprint(prepared, look, sku=picture.sku),
    )
