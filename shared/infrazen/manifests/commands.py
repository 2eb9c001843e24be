"""What people enter to look at a CloudConnection, to edit it, and to have it synced."""

from infrazen.manifests.names import REQUESTED_AT, SINGULAR


def look_command(managed_by: str) -> str:
    """Tells what ``namespace/name`` says of itself, its Events too."""
    return f"kubectl describe {_which(managed_by)}"


def edit_command(managed_by: str) -> str:
    """Opens ``namespace/name`` in an editor; Git undoes it where Git manages the resource."""
    return f"kubectl edit {_which(managed_by)}"


def sync_command(managed_by: str) -> str:
    """Asks ``namespace/name`` for a sync."""
    return f'kubectl annotate {_which(managed_by)} {REQUESTED_AT}="$(date -Is)" --overwrite'


def _which(managed_by: str) -> str:
    namespace, _, name = managed_by.partition("/")
    return f"{SINGULAR} {name} -n {namespace}"
