"""The Kubernetes cluster that pages and API may ask, where the installation has one.

They read what CloudConnections say of themselves, ask for a sync by an annotation and, where
that is allowed, write a connection made here as a resource. lightkube is imported by the
first request: who has no cluster never pays for it.
"""
