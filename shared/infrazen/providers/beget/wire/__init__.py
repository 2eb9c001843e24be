"""Beget's JSON. Unknown fields and enum values are accepted; numbers may be strings."""
