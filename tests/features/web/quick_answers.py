"""`queuedesk web`, where customers have two seconds for what they add to a rating and other programs are asked again
at once, on a PC whose clock is ahead by as many hours as the file that AHEAD names says."""

import os
import sys
from datetime import datetime, timedelta
from pathlib import Path

from queuedesk.app import main
from queuedesk.app.clock import pc_clock
from queuedesk.features.web import rules
from queuedesk.features.web.server import main as server
from queuedesk.features.web.server import site, visit

visit.LAST_ANSWER_S = float(os.environ.get("LAST_ANSWER_S", "2"))
visit.QUICKEST_S, visit.SLOWEST_S = 0.2, 1.0
site.TURN_S = 0.2
rules.LONGEST_PAUSE_S, server.LOOK_S, server.KEPT_S = 0.5, 0.2, 0.3


def clock_ahead() -> datetime:
    file = Path(os.environ.get("AHEAD", ""))
    return pc_clock() + timedelta(hours=int(file.read_text(encoding="utf-8")) if file.is_file() else 0)


if __name__ == "__main__":
    main.pc_clock = clock_ahead
    sys.exit(main.main())
