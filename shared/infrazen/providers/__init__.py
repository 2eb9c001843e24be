"""The providers InfraZen ships: every subpackage that exports ``PROVIDER``."""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from infrazen.errors import Invalid
from infrazen.provider_kit.contract import ProviderSpec


@cache
def all_providers() -> dict[str, ProviderSpec]:
    """Every provider by slug; importing a folder is all it takes to add one."""
    packages = (module.name for module in iter_modules(__path__) if module.ispkg)
    specs = (import_module(f"{__name__}.{name}").PROVIDER for name in packages)
    return {spec.slug: spec for spec in sorted(specs, key=lambda spec: spec.title)}


def provider(slug: str) -> ProviderSpec:
    """The provider called ``slug``, or ``Invalid``."""
    try:
        return all_providers()[slug]
    except KeyError:
        known = ", ".join(sorted(all_providers()))
        raise Invalid(f"no provider {slug!r}; known: {known}", field="provider") from None
