"""A channel that wants clipping paths says so in its recipe; others' recipes are as they were."""

import pytest
from pydantic import ValidationError

from transforms.presets.channel import Channel

PLAIN = {"name": "print", "purpose": "Catalogues in print."}


def test_only_who_wants_a_path_says_so():
    without, wanting = Channel(**PLAIN), Channel(**PLAIN, clipping_path=True)

    assert "clipping_path" not in without.identity
    assert '"clipping_path": true' in wanting.identity
    assert Channel.model_validate_json(wanting.model_dump_json()) == wanting


@pytest.mark.parametrize("kinds", [{"format": "tiff"}, {"formats": ["jpeg", "webp"]}])
def test_files_that_cannot_hold_a_path_are_told_of(kinds):
    with pytest.raises(ValidationError, match="clipping_path: written into JPEG only"):
        Channel(**PLAIN, clipping_path=True, **kinds)
