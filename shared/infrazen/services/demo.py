"""The demo: which organization it is."""

from uuid import UUID

from sqlmodel import Session

from infrazen.db.queries import instance, organizations
from infrazen.db.session import ANSWER_MS, database
from infrazen.domain.people import Organization, OrganizationKind
from infrazen.errors import Invalid
from infrazen.services.open_doors import local

_PUBLISHED = "demo_organization"
_WHY = "the demo is made and published by whoever runs the installation"


@local(_WHY)
def demo_organization() -> UUID | None:
    """The organization that visitors of the demo see; None while there is none."""
    with database().reading() as session:
        found = published(session)
        return None if found is None else found.id


@local(_WHY)
def publish_demo(organization_id: UUID) -> None:
    """Let visitors see this organization from their next click on, also those inside.

    The one before has no visitors then. Raises ``Invalid`` for an organization that is
    no demo: nobody is ever let into somebody's own.
    """
    with database().writing(patience_ms=ANSWER_MS) as session:
        if _demo(session, organization_id) is None:
            raise Invalid("only an organization made as a demo can be published")
        instance.put(session, _PUBLISHED, str(organization_id))


def published(session: Session) -> Organization | None:
    """The published demo, if it still exists."""
    kept = instance.fact(session, _PUBLISHED)
    return None if kept is None else _demo(session, UUID(kept))


def _demo(session: Session, organization_id: UUID) -> Organization | None:
    found = organizations.organization(session, organization_id)
    return found if found is not None and found.kind is OrganizationKind.DEMO else None
