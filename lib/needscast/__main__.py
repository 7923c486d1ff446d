"""``python -m needscast``: the same as the command ``needscast``."""

import sys

from needscast.cli import main

if __name__ == "__main__":
    sys.exit(main())
