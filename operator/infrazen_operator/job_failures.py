"""When a Job gives up at once, and when it tries again."""

from typing import Any

from infrazen.cli.exits import Exit

HOPELESS = frozenset(
    {
        Exit.USAGE,
        Exit.NOT_FOUND,
        Exit.CONFLICT,
        Exit.CREDENTIALS_REFUSED,
        Exit.NOT_ALLOWED,
        Exit.KEYS,
        Exit.SECOND_FACTOR,
        Exit.ADDRESS_NOT_ALLOWED,
    }
)
"""Ends that somebody has to do something about: the same again would end the same way."""


def failure_policy(container: str) -> dict[str, Any]:
    """A ``podFailurePolicy``: a disruption does not count, a hopeless end fails the Job at once.

    Any other end counts as one of the Job's retries.
    """
    return {
        "rules": [
            {
                "action": "Ignore",
                "onPodConditions": [{"type": "DisruptionTarget", "status": "True"}],
            },
            {
                "action": "FailJob",
                "onExitCodes": {
                    "containerName": container,
                    "operator": "In",
                    "values": sorted(int(code) for code in HOPELESS),
                },
            },
        ]
    }
