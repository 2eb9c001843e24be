"""What the custom resource, its annotations, labels and finalizer are called. Never renamed."""

from enum import StrEnum

GROUP = "infrazen.io"
VERSION = "v1alpha1"
API_VERSION = f"{GROUP}/{VERSION}"
KIND = "CloudConnection"
PLURAL = "cloudconnections"
SINGULAR = "cloudconnection"
SHORT_NAMES = ("cloudconn", "cconn")
CATEGORY = "infrazen"

FINALIZER = f"{GROUP}/connection"

# On a CloudConnection.
REQUESTED_AT = f"reconcile.{GROUP}/requestedAt"
"""Annotation: sync now. Its value is echoed in ``status.lastHandledReconcileAt``."""
CREDENTIALS_VERSION = f"{GROUP}/credentials-version"
"""Annotation, written by the Secret watcher: it changes when the Secret does."""
HANDED_OVER = f"{GROUP}/handed-over"
"""Annotation: the id of the dashboard's connection for which the resource was written."""

# On what the operator makes.
CONNECTION = f"{GROUP}/connection"
"""Label: the CloudConnection's name."""
CONNECTION_NAMESPACE = f"{GROUP}/connection-namespace"
"""Label: the CloudConnection's namespace; a Job that cleans up is in another one."""
CONNECTION_UID = f"{GROUP}/connection-uid"
PURPOSE = f"{GROUP}/purpose"
ORGANIZATION = f"{GROUP}/organization"
TRIGGER = f"{GROUP}/trigger"
"""Annotation on a Job: why it runs."""
RUN_KEY = f"{GROUP}/run-key"
"""Annotation on a Job: what it was started for, among runs of one trigger."""
SPEC_MARK = f"{GROUP}/spec"
"""Annotation on a Job: which spec it began with. Beside it stand ``CREDENTIALS_VERSION`` and, where
the run answers a request, ``REQUESTED_AT``, as the CloudConnection had them."""
MANAGED_BY = "app.kubernetes.io/managed-by"
OPERATOR = "infrazen-operator"

LONGEST_NAME = 63
"""A resource's name is the value of a label, and a connection's name."""


class Purpose(StrEnum):
    """What a Job is for."""

    SYNC = "sync"
    RELEASE = "release"
    PURGE = "purge"
