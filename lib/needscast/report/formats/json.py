"""JSON: the blocks as they are, for programs."""

from __future__ import annotations

import json
from pathlib import Path

from needscast.report.blocks import Block


def write(blocks: tuple[Block, ...], path: Path, language: str) -> None:
    """Write the blocks; they know no language, the words of their keys are in the catalogues."""
    held = {"language": language, "blocks": [block.to_json() for block in blocks]}
    path.write_text(json.dumps(held, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
