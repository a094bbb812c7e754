"""A sensor at the door: each line on standard input is a person who comes in and gets a number.

python door_counter.py http://192.168.1.20:8080 KEY SERVICE      (the key needs the scope issue)
"""

import json
import sys
import time
from http.client import HTTPException
from urllib.error import HTTPError
from urllib.request import Request, urlopen
from uuid import uuid4

SERVER, KEY, SERVICE = sys.argv[1:]
BODY = json.dumps({"service": SERVICE}).encode()

for _person in sys.stdin:  # each gets one number, however often we ask
    headers = {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json", "Idempotency-Key": f"{uuid4()}"}
    text, wait_s = "", 0
    while not text:
        time.sleep(wait_s)
        try:
            with urlopen(Request(f"{SERVER}/api/v1/tickets", BODY, headers), timeout=10) as answer:
                text = json.load(answer)["ticket"]
        except HTTPError as refusal:
            wait_s = int(refusal.headers["Retry-After"] or 0)  # in a rush, or while the hall is away
            text = "" if wait_s else json.load(refusal)["error"]["message"]
        except (OSError, HTTPException):  # the network is away
            wait_s = 2
    print(text, flush=True)
