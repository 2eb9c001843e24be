"""Selectel's JSON to the domain. Pure: no I/O and no clock."""

CURRENCY = "RUB"
TIME_ZONE = "Europe/Moscow"
