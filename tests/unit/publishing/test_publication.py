"""Everything becomes visible by one path, and two who use it at once undo nothing of each other."""

import pyarrow.compute as pc
import pytest

from tests.support.interrupted import Garbling, Interrupted, folder_of
from tests.unit.export.published import manifest, row
from transforms.errors import (
    AuditError,
    NotFoundError,
    ReconciliationError,
    StaleRunError,
    StorageError,
)
from transforms.publishing.manifest import replace_pictures
from transforms.publishing.publication import make_visible, roll_back, take_down
from transforms.publishing.version import read_pointer, read_published
from transforms.records.layout import manifest_key
from transforms.storage.folder import FolderStorage


@pytest.fixture
def published(tmp_path) -> FolderStorage:
    return FolderStorage(tmp_path / "published")


def add(storage, *rows):
    return make_visible(storage, lambda current: replace_pictures(current, manifest(*rows)))


def skus(storage) -> list[str]:
    return read_published(storage)["sku"].to_pylist()


def test_what_another_one_publishes_at_the_same_moment_is_built_upon(published):
    add(published, row("A"))
    both = Interrupted(folder_of(published), lambda: add(published, row("B")))

    swap = add(both, row("C"))

    assert skus(published) == ["A", "B", "C"]
    assert (swap.before.sequence, swap.after.sequence) == (2, 3)


def test_who_never_gets_through_says_so_and_undoes_nothing(published):
    others = [lambda sku=sku: add(published, row(sku)) for sku in "BCDEFG"]
    crowded = Interrupted(folder_of(published), *others)

    with pytest.raises(StaleRunError, match="another run published meanwhile"):
        add(crowded, row("A"))

    assert skus(published) == ["B", "C", "D", "E", "F"]


def test_the_same_again_is_no_new_version(published):
    first = add(published, row("A"))

    again = add(published, row("A"))

    assert not again.changed
    assert again.after == first.after == read_pointer(published)[0]


def test_a_manifest_that_does_not_read_back_stays_invisible(published):
    add(published, row("A"))
    before = read_pointer(published)

    with pytest.raises(AuditError, match="did not read back as written"):
        add(Garbling(folder_of(published)), row("B"))

    assert read_pointer(published) == before


def test_a_picture_that_would_be_listed_twice_stays_invisible(published):
    with pytest.raises(ReconciliationError, match="A/front/standard/shop/jpg/2000"):
        add(published, row("A", content="1"), row("A", content="2"))

    assert read_pointer(published) == (None, None)


def test_what_is_taken_down_is_counted_by_files(published):
    add(published, row("A"), row("A", channel="amazon"), row("B"))

    def stays(current):
        return pc.not_equal(current["sku"], "A")

    assert take_down(published, stays) == 2
    assert take_down(published, stays) == 0
    assert skus(published) == ["B"]


def test_a_rollback_at_the_moment_of_a_publication_shows_the_older_version(published):
    first = add(published, row("A")).after
    add(published, row("B"))
    both = Interrupted(folder_of(published), lambda: add(published, row("C")))

    swap = roll_back(both, first.version)

    assert skus(published) == ["A"]
    assert (swap.before.sequence, swap.after.sequence) == (3, 3), "no number is given twice"
    assert swap.after.previous == swap.before.version
    assert add(published, row("D")).after.sequence == 4


def test_rolling_back_to_what_is_current_changes_nothing(published):
    add(published, row("A"))
    before = read_pointer(published)

    assert not roll_back(published, before[0].version).changed

    assert read_pointer(published) == before


def test_a_rollback_needs_a_version_that_is_there_and_whole(published):
    with pytest.raises(NotFoundError, match="nothing is published, so there is nothing to roll"):
        roll_back(published, "000001-abc")
    first = add(published, row("A")).after
    second = add(published, row("B")).after

    with pytest.raises(
        NotFoundError, match=f"no such version; there: {first.version}, {second.version}"
    ):
        roll_back(published, "000009-none")
    published.delete([manifest_key(first.version)])
    published.create(manifest_key(first.version), b"something else")
    with pytest.raises(StorageError, match="altered since published"):
        roll_back(published, first.version)

    assert read_pointer(published)[0] == second
