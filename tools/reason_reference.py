"""The page of the reference about reasons of conditions and Events, from what the operator says."""

from collections.abc import Iterable

from infrazen_operator.reasons import KNOWN, STALLING, Known, Reason

_INTRO = """\
What `kubectl get cloudconnections` prints as the reason, what the conditions of a
[CloudConnection](../kubernetes/cloudconnection.md) and its Events have as theirs, and what to do.
Reasons are never renamed. Start with the resource, whose message says the same of the very case,
with names and what the provider said, and with the logs of its Jobs:

```bash
kubectl describe --namespace finops cloudconnection beget-main
kubectl get --namespace finops jobs --selector infrazen.io/connection=beget-main
kubectl logs --namespace finops --selector infrazen.io/connection=beget-main --tail=20
```

Where a sync has to be asked for:

```bash
kubectl annotate --namespace finops cloudconnection beget-main --overwrite \\
  reconcile.infrazen.io/requestedAt="$(date -Is)"
```"""
_STALLED = (
    "Nothing is tried again by itself: once the cause is mended, a change of the spec or the"
    " Secret, or a request by hand, starts the next sync."
)
_OTHERS = "What went wrong here is tried again when the next sync is due; often nothing did."
_BEFORE_A_JOB = {Reason.INVALID_SPEC, Reason.ORGANIZATION_NOT_ALLOWED, Reason.JOB_REFUSED}


def reasons_page() -> str:
    """Every reason with its meaning and the way out, those that stall a connection first."""
    stalling = STALLING | _BEFORE_A_JOB
    return (
        "\n\n".join(
            [
                "# Troubleshooting by reason",
                _INTRO,
                f"## What people must act upon\n\n{_STALLED}",
                _table((reason, known) for reason, known in KNOWN.items() if reason in stalling),
                f"## Everything else\n\n{_OTHERS}",
                _table(
                    (reason, known) for reason, known in KNOWN.items() if reason not in stalling
                ),
            ]
        )
        + "\n"
    )


def _table(rows: Iterable[tuple[str, Known]]) -> str:
    lines = [f"| `{reason}` | {known.meaning} | {known.way_out or '—'} |" for reason, known in rows]
    return "\n".join(["| Reason | Meaning | What to do |", "|---|---|---|", *lines])
