"""Style sheets of different pages are loaded together, so none may restyle another's parts."""

import re
from collections import defaultdict

from infrazen_ui.layout.document import STYLESHEETS
from tests.served import ROOT

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_SELECTORS = re.compile(r"^(\.[^{}@]+?)\s*\{", re.MULTILINE)
_LONE_CLASS = re.compile(r"\.[\w-]+(?:::\w+)?")


def lone_classes(sheet: str) -> set[str]:
    """Classes that a sheet styles wherever they stand."""
    rules = _SELECTORS.findall(_COMMENT.sub("", sheet))
    found = (each.strip() for rule in rules for each in rule.split(","))
    return {each.partition("::")[0] for each in found if _LONE_CLASS.fullmatch(each)}


def test_a_class_belongs_to_one_sheet():
    homes = defaultdict(list)
    for path in STYLESHEETS:
        for name in lone_classes((ROOT / "assets" / path.lstrip("/")).read_text()):
            homes[name].append(path)
    assert len(homes) > 300
    assert not {name: paths for name, paths in homes.items() if len(paths) > 1}
