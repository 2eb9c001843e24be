"""Chance that falls the same way every time: simulated readings do not depend on who asks."""

import random
from hashlib import blake2b


def chance_of(*words: str) -> random.Random:
    """A source of chance that ``words`` decide."""
    digest = blake2b("/".join(words).encode(), digest_size=8).digest()
    return random.Random(int.from_bytes(digest))  # noqa: S311 (simulated readings)
