"""Simulators: a provider's API over HTTP, true to form, with faults at the turn of a switch.

They ship with the product, for trials, demos and tests. Control routes live under
``/_simulator/`` and nowhere else.
"""

from infrazen.provider_kit.simulation.serving import serve

__all__ = ["serve"]
