"""`queuedesk web`, where customers have two seconds for what they add to a rating."""

import sys

from queuedesk.app.main import main
from queuedesk.features.web.server import visit

visit.LAST_ANSWER_S = 2.0
visit.QUICKEST_S, visit.SLOWEST_S = 0.2, 1.0

if __name__ == "__main__":
    sys.exit(main())
