"""Write the CustomResourceDefinition where the chart has it.

    .venv/bin/python tools/crd.py

A test compares it with the models that it is made from.
"""

import sys
from pathlib import Path

from infrazen_operator.crd import crd_text

FILE = Path(__file__).resolve().parent.parent / "charts/infrazen/files/crds/cloudconnections.yaml"


def main() -> int:
    """Write the file."""
    FILE.parent.mkdir(parents=True, exist_ok=True)
    FILE.write_text(crd_text())
    return 0


if __name__ == "__main__":
    sys.exit(main())
