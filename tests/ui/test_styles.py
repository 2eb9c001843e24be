"""Style sheets of different pages are loaded together, so none may restyle another's parts."""

import re
from collections import defaultdict

import pytest

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


def tokens(theme: str) -> dict[str, str]:
    """Colours of the light theme, or those that the dark one puts in their place."""
    sheet = (ROOT / "assets/styles/tokens.css").read_text()
    block = sheet.partition("html.dark {" if theme == "dark" else ":root {")[2].partition("\n}")[0]
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block))


def luminance(colour: str) -> float:
    """WCAG 2.2, relative luminance."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("tone", ["text", "text-secondary", "text-muted", "text-link"])
@pytest.mark.parametrize("surface", ["page", "surface", "surface-hover", "surface-selected"])
def test_texts_are_readable_on_whatever_a_row_becomes(theme, tone, surface):
    colours = tokens(theme)
    dark, light = sorted((luminance(colours[tone]), luminance(colours[surface])))
    assert (light + 0.05) / (dark + 0.05) >= 4.5
