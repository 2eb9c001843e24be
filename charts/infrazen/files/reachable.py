"""Wait until every address answers with 200; exit code 1 names those that did not."""

import sys
import time
import urllib.error
import urllib.request

PATIENCE_SECONDS = 120
PAUSE_SECONDS = 2


def problem(address: str) -> str:
    """Why ``address`` is not well, empty where it is."""
    try:
        with urllib.request.urlopen(address, timeout=10):  # noqa: S310 (the chart's own addresses)
            return ""
    except urllib.error.HTTPError as error:
        return f"{error} {error.read().decode(errors='replace')}"
    except OSError as error:
        return str(error)


def main(addresses: list[str]) -> int:
    """Try each address until it is well or time is up."""
    until = time.monotonic() + PATIENCE_SECONDS
    failed = 0
    for address in addresses:
        while (why := problem(address)) and time.monotonic() < until:
            time.sleep(PAUSE_SECONDS)
        sys.stdout.write(f"{address}: {why or 'ready'}\n")
        failed += bool(why)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
