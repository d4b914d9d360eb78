"""One of the two pipelines at work, in the Python of its own Rasa.

`pipeline.py train CONFIG DATA FOLDER` trains it; `pipeline.py read FOLDER QUESTIONS ANSWERS` has it
read each question, a message as JSON with `text` and `expects`, and writes what it understood. With
`--leo ROOT` first, the parts of Leo's Rasa server are at hand, and TensorFlow is not.
"""

import asyncio
import json
import os
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

MODEL = "reader"
FALLBACK = "nlu_fallback"


def train(config: str, data: str, folder: str) -> None:
    """Train an NLU model into a folder."""
    from rasa.model_training import train_nlu

    with suppress(ImportError):
        from leo_rasa import sentences

        sentences.KEPT = Path(folder)  # What an earlier training kept would flatter this one.
    if not train_nlu(config, data, folder, fixed_model_name=MODEL):
        sys.exit("Rasa trained no model.")


def read(folder: str, questions: str, answers: str) -> None:
    """Read the questions one by one; write the answers, the times (ms) and the memory (MiB)."""
    from rasa.core.agent import Agent

    agent = Agent.load(str(Path(folder, f"{MODEL}.tar.gz")))
    messages = json.loads(Path(questions).read_text(encoding="utf-8"))
    asyncio.run(_parse(agent, messages[0]))  # The first message pays for what is made only once.
    told, times = [], []
    for message in messages:
        start = time.perf_counter()
        parsed = asyncio.run(_parse(agent, message))
        times.append(1000 * (time.perf_counter() - start))
        told.append(_understood(parsed))
    done = {"answers": told, "ms": times, "rss": _rss()}
    Path(answers).write_text(json.dumps(done), encoding="utf-8")


async def _parse(agent: Any, message: dict[str, Any]) -> dict[str, Any]:
    from rasa.core.channels.channel import UserMessage

    told = UserMessage(message["text"], metadata={"expects": message["expects"]})
    parsed: dict[str, Any] = await agent.processor.parse_message(told)
    return parsed


def _understood(parsed: dict[str, Any]) -> dict[str, Any]:
    """Return the likeliest label, and what the whole pipeline made of it."""
    ranked = [entry["name"] for entry in parsed["intent_ranking"] if entry["name"] != FALLBACK]
    intent = parsed["intent"]["name"]
    practices = [e["value"] for e in parsed.get("entities") or [] if e["entity"] == "practice"]
    return {"best": ranked[0], "understood": "/".join([intent, *practices])}


def _rss() -> float:
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS"))


def main() -> None:
    """Read the arguments and do what they say."""
    arguments = sys.argv[1:]
    if arguments[0] == "--leo":
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # As `serve.py` has it.
        sys.path.insert(0, str(Path(arguments[1], "rasa_server")))
        from leo_rasa.without_tensorflow import leave_tensorflow_out

        leave_tensorflow_out()
        from leo_rasa.quicker import share_examples, walk_the_graph_directly

        share_examples()
        walk_the_graph_directly()
        arguments = arguments[2:]
    {"train": train, "read": read}[arguments[0]](*arguments[1:])


if __name__ == "__main__":
    main()
