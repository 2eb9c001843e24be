"""Every rule: a module here that has a ``RULE`` is one."""

import importlib
import pkgutil
from functools import cache

from infrazen.finops.rule import Rule


@cache
def rules() -> dict[str, Rule]:
    """Every rule by its id."""
    found: dict[str, Rule] = {}
    for module in pkgutil.iter_modules(__path__):
        rule = importlib.import_module(f"{__name__}.{module.name}").RULE
        if rule.id != module.name:
            raise RuntimeError(f"the rule in {module.name} is called {rule.id}")
        found[rule.id] = rule
    return found
