"""Where Great Expectations writes its pages: into memory, so that a killed run leaves none on disk.

Imported by the library itself, by the name that `data_docs.project` gives it.
"""

from typing import Any

from great_expectations.data_context.store import tuple_store_backend
from great_expectations.exceptions.exceptions import InvalidKeyError

Key = tuple[str, ...]
_Store: Any = tuple_store_backend.TupleStoreBackend
"""Its own annotations say that nothing is ever returned."""

_SITES: dict[str, dict[str, bytes]] = {}
"""Pages by path, by site. The library copies its configuration, so a site is told by name."""


def open_site(name: str) -> dict[str, bytes]:
    """Begin a site; what is returned fills as the library writes."""
    return _SITES.setdefault(name, {})


def close_site(name: str) -> None:
    """Forget a site."""
    _SITES.pop(name, None)


class PageStore(_Store):  # type: ignore[misc]  # a class of a library without usable types
    """A part of a site, such as its index: it knows the paths with its prefix and suffix."""

    def __init__(self, site: str, root_directory: str | None = None, **options: Any) -> None:
        """Open it.

        Args:
            site: Its name.
            root_directory: The library gives it to every store; not used.
            options: As every store of the library takes them.
        """
        del root_directory
        super().__init__(**options)
        self._site, self._options = site, options
        self._pages = open_site(site)

    @property
    def config(self) -> dict[str, Any]:
        """What it was made with."""
        made = {"module_name": __name__, "class_name": type(self).__name__, "site": self._site}
        return made | self._options

    def list_keys(self, prefix: Key = ()) -> list[Key]:
        """Keys of its pages that begin with `prefix`."""
        keys = (self._convert_filepath_to_key(path) for path in self._pages if self._owns(path))
        return [key for key in keys if key and key[: len(prefix)] == prefix]

    def remove_key(self, key: Key) -> bool:
        """Remove a page; False when it is not there."""
        return self._pages.pop(self._convert_key_to_filepath(key), None) is not None

    def get_url_for_key(self, key: Key, protocol: str | None = None) -> str:
        """Path of a page in its site."""
        del protocol
        return str(self._convert_key_to_filepath(key))

    def _owns(self, path: str) -> bool:
        missing = self._is_missing_prefix_or_suffix(
            self.filepath_prefix, self.filepath_suffix, path
        )
        return not missing

    def _set(self, key: Key, value: str | bytes, **_: Any) -> str:
        path = str(self._convert_key_to_filepath(key))
        self._pages[path] = value.encode() if isinstance(value, str) else value
        return path

    def _get(self, key: Key) -> str:
        try:
            return self._pages[self._convert_key_to_filepath(key)].decode()
        except KeyError as error:
            raise InvalidKeyError(f"{self._site}: no page {key}") from error

    def _get_all(self) -> list[str]:
        return [self._get(key) for key in self.list_keys()]

    def _move(self, source_key: Key, dest_key: Key, **_: Any) -> Key | bool:
        page = self._pages.pop(self._convert_key_to_filepath(source_key), None)
        if page is None:
            return False
        self._set(dest_key, page)
        return dest_key

    def _has_key(self, key: Key) -> bool:
        return self._convert_key_to_filepath(key) in self._pages
