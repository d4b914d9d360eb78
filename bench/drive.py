"""What a bench needs to drive an assistant and weigh it: processes, memory, percentiles.

Linux only, for memory is read from /proc.
"""

import contextlib
import math
import os
import signal
import socket
import statistics
import subprocess
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import httpx

PROC = Path("/proc")


def free_port() -> int:
    """A TCP port that is free on loopback now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def start_process(
    command: Sequence[str], *, cwd: Path, env: Mapping[str, str], log: Path
) -> subprocess.Popen[bytes]:
    """Start a command in a process group of its own; `env` is added to ours, output goes to `log`.

    Raises OSError when it cannot be started.
    """
    with log.open("wb") as output:
        return subprocess.Popen(
            command,
            cwd=cwd,
            env={**os.environ, **env},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def timed(
    command: Sequence[str], *, cwd: Path, log: Path, env: Mapping[str, str] | None = None
) -> float:
    """Run a command to its end; the seconds that took. Raises RuntimeError when it fails."""
    start = time.perf_counter()
    process = start_process(command, cwd=cwd, env=env or {}, log=log)
    if process.wait():
        tail = "\n".join(log.read_text(errors="replace").splitlines()[-15:])
        raise RuntimeError(f"{command[0]} ended with status {process.returncode}:\n{tail}")
    return time.perf_counter() - start


def stop_process(process: subprocess.Popen[bytes], grace: float = 10) -> None:
    """End a started process and its group: asked first, killed after `grace` seconds."""
    _signal_group(process, signal.SIGTERM)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(grace)
    # Workers may outlive the process that started them.
    _signal_group(process, signal.SIGKILL)
    process.wait()


def wait_ready(
    url: str, process: subprocess.Popen[bytes] | None = None, timeout: float = 300
) -> float:
    """Ask `url` until it answers with success; the seconds that took.

    Raises RuntimeError when `process` ends first, TimeoutError after `timeout` seconds.
    """
    start = time.perf_counter()
    with httpx.Client(trust_env=False, timeout=5) as client:
        while (waited := time.perf_counter() - start) < timeout:
            if process is not None and process.poll() is not None:
                raise RuntimeError(f"the server of {url} ended with status {process.returncode}")
            if _answers(client, url):
                return waited
            time.sleep(0.1)
    raise TimeoutError(f"{url} was not ready after {timeout:g} s")


def cpu_s(pid: int) -> float:
    """Processor seconds that one process has used so far; 0 once it has ended."""
    try:
        # The name, in parentheses, may hold spaces; user and system time are fields 14 and 15.
        fields = (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def tree(pid: int) -> dict[int, str]:
    """A process and all below it, with their command lines."""
    return {each: _command(each) for each in _trees([pid])}


def rss_mb(pids: Iterable[int]) -> float:
    """Resident memory in MiB of these processes and all below them; shared pages count in each."""
    return sum(_field(pid, "status", "VmRSS") for pid in _trees(pids)) / 1024


def pss_mb(pids: Iterable[int]) -> float:
    """Like `rss_mb`, with each shared page split among those who share it."""
    return sum(_field(pid, "smaps_rollup", "Pss") for pid in _trees(pids)) / 1024


def percentile(values: Iterable[float], percent: float) -> float:
    """The value below which `percent` (0 to 100) of the values lie, interpolated.

    Raises ValueError when there are no values or `percent` is out of range.
    """
    ordered = sorted(values)
    if not ordered or not 0 <= percent <= 100:
        raise ValueError("a percentile needs values, and a percent from 0 to 100")
    place = (len(ordered) - 1) * percent / 100
    low, high = ordered[math.floor(place)], ordered[math.ceil(place)]
    return low + (high - low) * (place % 1)


def p50_at(runs: Iterable[Sequence[float]], turn: int, around: int = 2) -> float:
    """The median at one turn (from 1) over conversations, with `around` neighbours on each side.

    Raises statistics.StatisticsError when no conversation is that long.
    """
    first = max(0, turn - 1 - around)
    return statistics.median(
        seconds for run in runs if len(run) >= turn for seconds in run[first : turn + around]
    )


def _signal_group(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, number)


def _command(pid: int) -> str:
    try:
        return (PROC / str(pid) / "cmdline").read_text().replace("\0", " ")
    except (FileNotFoundError, ProcessLookupError):
        return ""


def _answers(client: httpx.Client, url: str) -> bool:
    try:
        return client.get(url).is_success
    except httpx.TransportError:
        return False


def _trees(pids: Iterable[int]) -> set[int]:
    children: dict[int, list[int]] = {}
    for pid in (int(folder.name) for folder in PROC.glob("[0-9]*")):
        children.setdefault(_field(pid, "status", "PPid"), []).append(pid)
    found: set[int] = set()
    waiting = list(pids)
    while waiting:
        pid = waiting.pop()
        if pid not in found:
            found.add(pid)
            waiting += children.get(pid, [])
    return found


def _field(pid: int, file: str, name: str) -> int:
    """A number from a file of /proc; 0 for a process that has ended or has no such field."""
    try:
        lines = (PROC / str(pid) / file).read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith(f"{name}:")), 0)
