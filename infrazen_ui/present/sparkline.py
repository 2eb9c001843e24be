"""A row of figures as the path of a small SVG line."""

from collections.abc import Sequence

WIDTH = 120
HEIGHT = 32
_EDGE = 2


def sparkline_path(values: Sequence[float | None]) -> str:
    """An SVG path through ``values`` from left to right; a None leaves a gap."""
    known = [value for value in values if value is not None]
    if not known:
        return ""
    low, span = min(known), (max(known) - min(known)) or 1
    step = (WIDTH - 2 * _EDGE) / max(1, len(values) - 1)
    path: list[str] = []
    is_drawing = False
    for index, value in enumerate(values):
        if value is None:
            is_drawing = False
            continue
        x = _EDGE + index * step
        y = HEIGHT - _EDGE - (value - low) / span * (HEIGHT - 2 * _EDGE)
        path.append(f"{'L' if is_drawing else 'M'}{x:.1f} {y:.1f}")
        is_drawing = True
    return " ".join(path)
