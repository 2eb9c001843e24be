"""What an organization begins with, and how far it is."""

from infrazen.db.queries import first_steps
from infrazen.db.queries.first_steps import FirstSteps
from infrazen.domain.roles import Permission
from infrazen.services.use_case import Work, use_case


@use_case(Permission.CONNECTION_WRITE)
def get_first_steps(work: Work) -> FirstSteps:
    """Which of the first steps are done; of interest to those who may take them."""
    return first_steps.first_steps(work.session, work.organization_id)
