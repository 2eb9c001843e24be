"""The page of all parts has them all."""

import ast
from pathlib import Path

import infrazen_ui

UI = Path(infrazen_ui.__file__).parent
ON_THEIR_PAGES = {
    "add_person_dialog": "settings of people: its fields are those of the form here",
    "advice": "the dashboard: a list of the recommendations there are",
    "answer": "the form of a connection, once it was tested",
    "connection_dialog": "connections: its fields are those of the form here",
    "connection_overview": "a connection's page: the same parts as its card",
    "listed_cell": "resources: the table whose columns one chooses",
    "manifest_dialog": "connections: code and buttons in a dialog",
    "provider_tiles": "the form of a connection",
    "released_connections": "connections: a list of the released there are",
    "removal_dialog": "connections",
    "role_dialog": "settings of people",
    "schedule_fields": "the form of a connection",
    "secret_panel": "filled by the browser alone, with what is revealed there",
    "shown_once": "filled by the browser alone, with what is revealed there",
    "sync_history": "a connection's page: lines of its syncs",
    "token_dialog": "settings of tokens",
    "unread_records": "a connection's page: lines of its records",
}
"""Parts that stand in no sample, and where one sees them."""


def builders() -> set[str]:
    """Public functions of the components that return a part to be seen."""
    return {
        node.name
        for path in (UI / "components").rglob("*.py")
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.FunctionDef)
        and not node.name.startswith("_")
        and node.returns is not None
        and ast.unparse(node.returns) == "rx.Component"
    }


def names_in(folder: Path) -> set[str]:
    """Every name that the modules of ``folder`` speak of."""
    found: set[str] = set()
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Name):
                found.add(node.id)
            elif isinstance(node, ast.Attribute):
                found.add(node.attr)
    return found


def test_each_part_is_in_the_gallery_or_in_a_part_that_is():
    shown = names_in(UI / "pages/gallery")
    inner = names_in(UI / "components")
    missing = {name for name in builders() - shown if name not in inner}
    assert missing - ON_THEIR_PAGES.keys() == set()
    assert ON_THEIR_PAGES.keys() <= builders()
    assert not ON_THEIR_PAGES.keys() & shown
