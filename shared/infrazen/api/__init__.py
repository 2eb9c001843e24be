"""The REST API: thin routers over services."""
