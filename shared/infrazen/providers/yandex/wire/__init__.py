"""Yandex Cloud's JSON: proto3, so that int64 are strings and what is empty is left out."""
