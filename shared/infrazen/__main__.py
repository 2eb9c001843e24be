"""``python -m infrazen``: the same program where its script is not on the path."""

import sys

from infrazen.cli.entry import main

sys.exit(main())
