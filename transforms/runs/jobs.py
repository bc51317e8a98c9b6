"""Jobs of rendering: a prepared picture in a look, whoever asks for it."""

from transforms.presets.look import Look
from transforms.records.fingerprint import rendition_fingerprint
from transforms.records.pictures import PreparedImage
from transforms.records.renditions import QualityReport, RenderJob


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
