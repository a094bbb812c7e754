"""A clerk's own program: each line (call, recall, start, finish or miss) is done at the clerk's window.

python call_next.py http://192.168.1.20:8080 KEY WINDOW      (the key needs the scope call)
"""

import json
import sys
import uuid
from urllib.error import HTTPError
from urllib.request import Request, urlopen

SERVER, KEY, WINDOW = sys.argv[1:]


def done(act: str) -> str:
    headers = {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json", "Accept-Language": "en"}
    headers["Idempotency-Key"] = str(uuid.uuid4())  # sent again with the same id, it is done once
    request = Request(f"{SERVER}/api/v1/windows/{WINDOW}/{act}", b"{}", headers)
    try:
        with urlopen(request, timeout=10) as answer:
            ticket = json.load(answer)
    except HTTPError as refusal:
        return str(json.load(refusal)["error"]["message"])
    return f"{ticket['ticket']}: {ticket['state']}"


for line in sys.stdin:
    print(done(line.strip()), flush=True)
