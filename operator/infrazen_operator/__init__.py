"""The operator: CloudConnection resources in, sync Jobs out."""
