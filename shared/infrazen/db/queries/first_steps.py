"""How far an organization is with what everybody begins with."""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session, col, select

from infrazen.db.tables.connections import CloudConnectionRow
from infrazen.db.tables.people import MembershipRow


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstSteps:
    """Whether a cloud is connected, one was read, and anybody else was let in."""

    connected: bool
    read: bool
    joined: bool


def first_steps(session: Session, organization_id: UUID) -> FirstSteps:
    """What of it is done; asks for one row of each, however many there are."""
    known = (
        select(CloudConnectionRow.id)
        .where(
            CloudConnectionRow.organization_id == organization_id,
            col(CloudConnectionRow.removed_at).is_(None),
        )
        .limit(1)
    )
    read = known.where(col(CloudConnectionRow.last_success_at).is_not(None))
    people = select(MembershipRow.user_id).where(MembershipRow.organization_id == organization_id)
    return FirstSteps(
        connected=session.exec(known).first() is not None,
        read=session.exec(read).first() is not None,
        joined=len(session.exec(people.limit(2)).all()) > 1,
    )
