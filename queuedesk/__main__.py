"""`python -m queuedesk` is the same as `queuedesk`."""

import sys

from queuedesk.app.main import main

if __name__ == "__main__":
    sys.exit(main())
