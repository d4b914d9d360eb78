"""Runs `leo` commands, each in a process forked from one that has loaded Leo: a second saved each.

Orders come in as lines of JSON; the exit status of each goes out as a line.
"""

import json
import os
import sys
from typing import Any, NoReturn

from bot import cli


def become(order: dict[str, Any]) -> NoReturn:
    """Be `leo` with these words, in this folder and environment, on these files."""
    os.chdir(order["folder"])
    os.environ.clear()
    os.environ.update(order["env"])
    for number, path in enumerate(order["files"]):
        flags = os.O_RDONLY if number == 0 else os.O_WRONLY | os.O_CREAT | os.O_TRUNC
        os.dup2(os.open(path, flags, 0o600), number)
    sys.stdin = os.fdopen(0)
    sys.argv = ["leo", *order["words"]]
    cli.main()
    sys.exit(0)


def main() -> None:
    """Work on orders until the input ends."""
    for line in sys.stdin:
        if (child := os.fork()) == 0:
            become(json.loads(line))
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    main()
