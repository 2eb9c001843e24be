"""A custom resource that its Job was handed: what it says becomes a connection to sync."""

import asyncio
from collections.abc import Mapping

from infrazen.domain.people import Organization
from infrazen.errors import Conflict, Invalid, NotFound
from infrazen.manifests.handed import HANDED, Handed, handed_credentials, read_handed
from infrazen.provider_kit.forms import parse_credentials
from infrazen.providers import provider
from infrazen.security.access import Actor, system_actor
from infrazen.services.connection_drafts import Draft
from infrazen.services.managed_connections import Managed, apply_connection
from infrazen.services.managed_removal import release
from infrazen.services.organizations import list_organizations


def apply_handed(environment: Mapping[str, str]) -> tuple[Actor, Managed]:
    """Make the connection what the resource in ``environment`` says; who acts for it there.

    What the resource managed in another organization before is released. Raises ``Invalid``
    with the field that makes no sense, ``NotFound`` for an unknown organization, and what
    ``apply_connection`` does.
    """
    if HANDED not in environment:
        raise Invalid(f"{HANDED} is not set: it holds the CloudConnection to sync")
    resource = read_handed(environment[HANDED])
    draft = _draft(resource, environment)
    home = _organization(resource)
    actor = system_actor(home.id, name=resource.handle)
    release(resource.handle, uid=resource.uid, besides=home.id)
    return actor, asyncio.run(_applied(actor, resource, draft))


async def _applied(actor: Actor, resource: Handed, draft: Draft) -> Managed:
    return await apply_connection(actor, managed_by=resource.handle, uid=resource.uid, draft=draft)


def _draft(resource: Handed, environment: Mapping[str, str]) -> Draft:
    spec = resource.spec
    return Draft(
        provider=spec.provider,
        name=resource.name,
        display_name=spec.display_name.strip() or resource.name,
        credentials=_credentials(resource, environment),
        settings=spec.settings_by_name(),
        endpoint=spec.endpoint or "",
        schedule=spec.schedule,
        time_zone=spec.time_zone,
        is_suspended=spec.suspend,
        timeout_seconds=spec.timeout_seconds,
        starting_deadline_seconds=spec.starting_deadline_seconds,
    )


def _credentials(resource: Handed, environment: Mapping[str, str]) -> dict[str, str]:
    """The credentials that the Secret holds; ``Invalid`` names the key that is wrong."""
    spec = provider(resource.spec.provider)
    given = handed_credentials(spec, environment)
    try:
        parse_credentials(spec, given)
    except Invalid as error:
        reference = resource.spec.credentials_secret_ref
        secret = f"the Secret {reference.name}" if reference else "the credentials"
        raise Invalid(f"{secret}: {error}", field=error.field) from None
    return given


def _organization(resource: Handed) -> Organization:
    """The organization that the resource names; it learns nothing of any other."""
    slug = resource.spec.organization
    found = [one for one in list_organizations() if slug in ("", one.slug)]
    if not found:
        raise NotFound(
            f"no organization is called {slug!r}: correct spec.organization, or make that one first"
        )
    if len(found) > 1:
        raise Conflict("there are several organizations: name one in spec.organization")
    return found[0]
