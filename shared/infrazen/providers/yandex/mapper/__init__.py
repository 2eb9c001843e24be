"""Yandex Cloud's JSON to the domain. Pure: no I/O and no clock."""

CURRENCY = "RUB"
TIME_ZONE = "Europe/Moscow"
REGION = "ru-central1"
"""The region of what has no zone: the only one of the installation in Russia."""
