"""Great Expectations' Data Docs of a run, rendered by the library from the stored results."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from transforms.errors import PackshotError
from transforms.quality.expectations import great_expectations
from transforms.records.validation import SuiteValidation

_SITE = "data_docs"
_HARMLESS = str.maketrans({"<": "\u2039", ">": "\u203a", '"': "\u201d", "'": "\u2019"})
"""What ends a text or an attribute of a page, and what looks like it."""
_ALL_VALUES = {
    "unexpected_list": "partial_unexpected_list",
    "unexpected_index_list": "partial_unexpected_index_list",
}


def render_data_docs(validations: Sequence[SuiteValidation], folder: Path) -> Path:
    """Write the pages, and give the first one's path back.

    The library writes observed values and keys into its pages as they are, and a file may be
    called `<script>...`: what could become markup is replaced by what looks like it.

    Args:
        validations: Of one run.
        folder: Where to; made if it is not there. Pages that it holds of other runs stay.

    Raises:
        PackshotError: The library could not render a suite.
    """
    gx = great_expectations()
    from great_expectations.core import expectation_validation_result  # noqa: PLC0415  # as slow
    from great_expectations.data_context.types import resource_identifiers as ids  # noqa: PLC0415

    schema = expectation_validation_result.expectationSuiteValidationResultSchema
    context = gx.get_context(mode="ephemeral", project_config=_project(folder))
    for validation in validations:
        result = schema.load(_harmless(validation.great_expectations))
        run = result.meta["run_id"]
        suite = gx.ExpectationSuite(
            name=validation.suite,
            expectations=[each.expectation_config.to_domain_obj() for each in result.results],
        )
        context.suites.add(suite)
        context.validation_results_store.set(
            ids.ValidationResultIdentifier(
                expectation_suite_identifier=ids.ExpectationSuiteIdentifier(validation.suite),
                run_id=gx.core.RunIdentifier(
                    run_name=run["run_name"], run_time=datetime.fromisoformat(run["run_time"])
                ),
                batch_identifier=validation.suite,
            ),
            result,
        )
    context.build_data_docs()
    # The library notes in the log what it could not render, and goes on.
    written = {path.relative_to(folder).parts[1] for path in folder.glob("validations/*/**/*.html")}
    missing = [each.suite for each in validations if each.suite not in written]
    if missing:
        raise PackshotError(
            f"Great Expectations could not render {', '.join(missing)}: see the log."
        )
    return folder / "index.html"


def _project(folder: Path) -> Any:
    """A project of the library that lives in memory, and writes its pages into a folder."""
    from great_expectations.data_context.types import base  # noqa: PLC0415  # five seconds

    return base.DataContextConfig(
        store_backend_defaults=base.InMemoryStoreBackendDefaults(init_temp_docs_sites=False),
        progress_bars=base.ProgressBarsConfig(globally=False),
        analytics_enabled=False,
        data_docs_sites={
            _SITE: {
                "class_name": "SiteBuilder",
                "show_how_to_buttons": False,
                "store_backend": {
                    "class_name": "TupleFilesystemStoreBackend",
                    "base_directory": str(folder.resolve()),
                },
                "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
            }
        },
    )


def _harmless(found: Any) -> Any:
    """A validation result whose values hold nothing that a browser takes for markup.

    The twenty values that were kept also stand for all, of which the library shows the keys.
    """
    results = []
    for each in found["results"]:
        values = _without_markup(each["result"])
        kept = {whole: values[part] for whole, part in _ALL_VALUES.items() if part in values}
        results.append(each | {"result": values | kept})
    # Named so that the library reads no time out of it: "…Z-2345" breaks its pages.
    run = found["meta"]["run_id"] | {"run_name": f"run {found['meta']['run_id']['run_name']}"}
    return found | {"results": results, "meta": found["meta"] | {"run_id": run}}


def _without_markup(value: Any) -> Any:
    match value:
        case str():
            return value.translate(_HARMLESS)
        case list():
            return [_without_markup(each) for each in value]
        case dict():
            return {name: _without_markup(each) for name, each in value.items()}
    return value
