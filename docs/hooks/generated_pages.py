"""MkDocs hook: adds the reference, made from the code, and the decisions, from where they lie."""

import re
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from packshot_reference import (
    commands,
    configuration,
    dags,
    gate,
    looks,
    outlets,
    records,
)

_ROOT = Path(__file__).resolve().parents[2]
_DECISIONS = _ROOT / "transforms" / "adr"


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add pages that lie in no file of `docs/`."""
    made: dict[str, str] = {}
    for module in (commands, configuration, dags, gate, looks, outlets, records):
        made |= module.pages()
    made["decisions/index.md"] = _list_of_decisions()
    for address, text in made.items():
        files.append(File.generated(config, address, content=text))
    for path in sorted(_DECISIONS.glob("*.md")):
        address = f"decisions/{path.name}"
        files.append(File.generated(config, address, abs_src_path=str(path)))
    return files


def _list_of_decisions() -> str:
    listed = []
    for path in sorted(_DECISIONS.glob("*.md")):
        title = re.match(r"# (\d+)\. (.+)", path.read_text(encoding="utf-8"))
        if title:
            listed.append(f"{int(title[1])}. [{title[2]}]({path.name})")
    return (
        "# Decisions\n\nWhat binds whoever changes the code, and why. They lie beside the code, in "
        "`transforms/adr`.\n\n" + "\n".join(listed) + "\n"
    )
