"""What each operation needs, for its description."""

from typing import Any

from infrazen.domain.roles import Permission

EXTENSION = "x-permission"


def needs(permission: Permission) -> dict[str, Any]:
    """OpenAPI's note of the permission, or the token's scope, that a route's use case asks for."""
    return {EXTENSION: permission.value}
