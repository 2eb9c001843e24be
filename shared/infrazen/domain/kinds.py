"""What sort of thing a resource is, whatever its provider calls it."""

from enum import StrEnum


class Kind(StrEnum):
    """The sorts of resources that rules tell apart."""

    SERVER = "server"
    DISK = "disk"
    ADDRESS = "address"
    SNAPSHOT = "snapshot"
    IMAGE = "image"
    BUCKET = "bucket"
    DATABASE = "database"
    CLUSTER = "cluster"
    LOAD_BALANCER = "load_balancer"
    NETWORK = "network"
    CDN = "cdn"
    DOMAIN = "domain"
    HOSTING = "hosting"
    OTHER = "other"
