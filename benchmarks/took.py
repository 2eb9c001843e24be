"""Run a command and write what it took: wall and CPU seconds, peak memory in MB.

A process of its own, and a small one: the kernel counts what forks a process towards its
peak memory. Arguments: where to write the JSON, then the command.
"""

import json
import os
import sys
import time


def main() -> int:
    """Run it; the exit code is the command's."""
    target, *command = sys.argv[1:]
    started = time.monotonic()
    environment = {**os.environ, "BENCH_STARTED": repr(started)}
    pid = os.posix_spawn(command[0], command, environment)
    _, status, usage = os.wait4(pid, 0)
    took = {
        "wall": time.monotonic() - started,
        "cpu": usage.ru_utime + usage.ru_stime,
        "mb": usage.ru_maxrss / 1024,
    }
    with open(target, "w", encoding="utf-8") as file:  # noqa: PTH123 (pathlib costs memory)
        json.dump(took, file)
    return os.waitstatus_to_exitcode(status)


if __name__ == "__main__":
    sys.exit(main())
