"""The blocks of the documents on Kubernetes: what people are told to run, and to write."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGES = {
    path.stem: path
    for path in (
        *sorted((ROOT / "docs/kubernetes").glob("*.md")),
        ROOT / "docs/reference/reasons.md",
    )
}
"""By name, every page whose commands are run and whose YAML is checked."""
_LINE = re.compile(r"(?P<fence>```)(?P<language>\w*)|#+ (?P<section>.+)")


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block of a page, and the heading that it stands under."""

    page: str
    section: str
    language: str
    text: str


def blocks_of(page: str, section: str = "", *, language: str = "") -> list[Block]:
    """The blocks of a page in its order, of one section or language where one is named."""
    return [
        block
        for block in _read(page)
        if section in {"", block.section} and language in {"", block.language}
    ]


def sections_of(page: str) -> list[str]:
    """The headings of a page."""
    prose = re.sub(r"```.*?```", "", PAGES[page].read_text(), flags=re.DOTALL)
    return re.findall(r"^#+ (.+)$", prose, re.MULTILINE)


def _read(page: str) -> Iterator[Block]:
    section, language, lines = "", None, []
    for line in PAGES[page].read_text().splitlines():
        found = _LINE.match(line)
        if language is not None:
            if line == "```":
                yield Block(page, section, language, "\n".join(lines) + "\n")
                language, lines = None, []
            else:
                lines.append(line)
        elif found and found["fence"]:
            language = found["language"]
        elif found:
            section = found["section"]
