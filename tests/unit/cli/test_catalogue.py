"""A photograph is prepared as the catalogue says that it belongs to."""

from pathlib import Path

import yaml

from transforms.cli.catalogue import find_catalogue_of, sku_of


def written(config: Path, name: str, source: str, keys: list[str]) -> None:
    known = {
        "name": name, "source": {"uri": source}, "work": {"uri": "w"}, "published": {"uri": "p"},
        "keys": keys, "variants": {"standard": "standard"}, "channels": ["shop"],
    }  # fmt: skip
    (config / "catalogues").mkdir(parents=True, exist_ok=True)
    (config / "catalogues" / f"{name}.yaml").write_text(yaml.safe_dump(known))


def test_a_photograph_belongs_to_the_catalogue_whose_folder_it_lies_in(tmp_path):
    written(tmp_path, "bucket", "s3://studio/products", ["{sku}/{view}.{ext}"])
    written(tmp_path, "studio", "../../the photos", ["{any}/{sku}_{view}.{ext}"])
    photograph = tmp_path.parent / "the photos" / "monday" / "MUG-1_front.jpg"

    known = find_catalogue_of(photograph, tmp_path)

    assert known is not None
    assert known.name == "studio"
    assert sku_of(photograph, known) == "MUG-1"


def test_without_a_catalogue_the_folder_names_the_product(tmp_path):
    written(tmp_path, "studio", "../../photos", ["{sku}.{ext}"])
    photograph = tmp_path / "photos" / "MUG-1" / "front.jpg"

    assert find_catalogue_of(photograph, tmp_path) is None
    assert sku_of(photograph, None) == "MUG-1"
