"""Train or serve Leo's Rasa model: `serve.py train OUT_DIR NAME`, `serve.py run MODEL PORT`.

`serve.py sentences NAME` prints the folder of a sentence model, or says what is wrong with it.

Run from `rasa_server/`. Secrets come from the environment, never from the command line,
which every user of the machine can read.
"""

import os
import sys
import tempfile
import threading
import time
from pathlib import Path

os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
# The products of one short message are too small to be shared out: threads wait for each other.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent


def train(folder: str, name: str) -> None:
    """Train one model from `data/` and `domain/` into `folder/name.tar.gz`."""
    import rasa.api
    import yaml
    from leo_rasa import wanted
    from leo_rasa.quicker import share_examples

    share_examples()
    with tempfile.TemporaryDirectory() as gathered:
        practices = Path(gathered) / "wanted.yml"
        lines = wanted.gather(ROOT / "data" / "practices")
        practices.write_text(yaml.safe_dump(lines, allow_unicode=True), encoding="utf-8")
        result = rasa.api.train(
            domain=str(ROOT / "domain"),
            config=str(HERE / "config.yml"),
            training_files=[str(ROOT / "data" / "nlu"), str(ROOT / "data" / "rules"), gathered],
            output=folder,
            fixed_model_name=name,
            force_training=True,
        )
    sys.exit(result.code)


def serve(model: str, port: int) -> None:
    """Serve the model on loopback until SIGTERM, or until the parent process is gone."""
    from leo_rasa.logs import keep_words_out_of_logs
    from leo_rasa.quicker import KeptConnection, walk_the_graph_directly
    from leo_rasa.remote_action import keep_validator_compiled
    from rasa.core.run import serve_application
    from rasa.core.utils import AvailableEndpoints

    keep_words_out_of_logs()
    keep_validator_compiled()
    walk_the_graph_directly()
    endpoints = AvailableEndpoints.read_endpoints(str(HERE / "endpoints.yml"))
    endpoints.action = KeptConnection.like(endpoints.action)
    serve_application(
        model_path=model,
        interface="127.0.0.1",
        port=port,
        credentials=str(HERE / "credentials.yml"),
        endpoints=endpoints,
        auth_token=os.environ["LEO_LOOPBACK_TOKEN"],
        enable_api=True,
    )


def find_sentences(name: str) -> None:
    """Print the folder of a sentence model; end with a message when it cannot be used."""
    from leo_rasa.sentences import find

    try:
        print(find(name).folder)
    except ValueError as error:
        sys.exit(str(error))


def _leave_with_parent() -> None:
    # A supervisor killed by SIGKILL cannot end its children: they must notice themselves.
    parent = os.environ.get("LEO_SUPERVISOR_PID")
    while parent and os.getppid() == int(parent):
        time.sleep(0.5)
    if parent:
        os._exit(0)


if __name__ == "__main__":
    threading.Thread(target=_leave_with_parent, daemon=True).start()
    os.chdir(HERE)
    sys.path.insert(0, str(HERE))
    from leo_rasa.without_tensorflow import leave_tensorflow_out

    leave_tensorflow_out()
    if sys.argv[1:2] == ["train"]:
        train(sys.argv[2], sys.argv[3])
    elif sys.argv[1:2] == ["sentences"]:
        find_sentences(sys.argv[2])
    else:
        serve(sys.argv[2], int(sys.argv[3]))
