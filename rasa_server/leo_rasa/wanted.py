"""How people ask for a practice: its file says it, so that a coach can add one without code."""

from pathlib import Path
from typing import Any, Dict, Text

import yaml

INTENT = "want_practice"


def gather(practices: Path) -> Dict[Text, Any]:
    """Return the `wanted` lines of all practice files as Rasa's training data."""
    entries = []
    for file in sorted(practices.glob("*.yml")):
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
        lines = [line for said in (content.get("wanted") or {}).values() for line in said]
        if lines:
            examples = "".join(f"- {' '.join(line.split())}\n" for line in lines)
            metadata = {"practice": content["id"]}
            entries.append({"intent": INTENT, "metadata": metadata, "examples": examples})
    return {"version": "3.1", "nlu": entries}
