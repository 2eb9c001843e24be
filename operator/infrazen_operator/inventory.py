"""Lists of all that there is: a board is filled by them, and cleared of what is gone.

A watch stream that was interrupted says nothing of what was deleted meanwhile.
"""

from collections.abc import Sequence

from infrazen.manifests.names import CONNECTION_UID
from infrazen_operator.api import Api
from infrazen_operator.board import Board
from infrazen_operator.kinds import CONNECTIONS, JOBS, PODS

_SELECTORS = {PODS: CONNECTION_UID, JOBS: CONNECTION_UID, CONNECTIONS: ""}


async def take_stock(api: Api, board: Board, namespaces: Sequence[str]) -> None:
    """Make ``board`` know what there is in ``namespaces`` (empty: in all) now."""
    for kind, selector in _SELECTORS.items():
        for namespace in namespaces or (None,):
            before, there = board.known(kind, namespace), set()
            async for page in api.pages(kind, namespace, selector=selector):
                for document in page.items:
                    there.add(document["metadata"]["uid"])
                    board.note(kind, document)
            board.forget(kind, before - there)
