"""The only door from the interface to the services."""
