"""The lines that both pipelines learn from and are asked, as JSON: `lines.py ROOT`.

It runs in the Rasa server's Python, for `evaluate.py` says which lines count.
"""

import json
import sys
from pathlib import Path
from typing import Any


def main() -> None:
    """Print the examples as [label, text], and the questions as [language, place, label, text]."""
    root = Path(sys.argv[1])
    sys.path.insert(0, str(root / "rasa_server"))
    import evaluate

    known = evaluate.learnt()
    asked = [
        [language, place, label, text]
        for language in evaluate.LANGUAGES
        for place, label, text in evaluate.lines(language)
        if place in ("idle", "inside") and evaluate.folded(text) not in known
    ]
    print(json.dumps({"examples": _examples(root / "data"), "questions": asked}))


def _examples(data: Path) -> list[list[str]]:
    import yaml
    from leo_rasa import wanted

    read = [yaml.safe_load(file.read_text("utf-8")) for file in sorted(data.glob("nlu/*/*.yml"))]
    entries = [entry for content in read for entry in content["nlu"]]
    entries += wanted.gather(data / "practices")["nlu"]
    return [
        [_label(entry), line.removeprefix("- ")]
        for entry in entries
        for line in entry["examples"].splitlines()
    ]


def _label(entry: dict[str, Any]) -> str:
    practice = entry.get("metadata", {}).get("practice")
    return f"{entry['intent']}/{practice}" if practice else str(entry["intent"])


if __name__ == "__main__":
    main()
