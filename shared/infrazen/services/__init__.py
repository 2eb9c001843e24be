"""Use cases: what the UI, the API and the CLI may do, each authorised, each one transaction."""
