"""A sensor at the door: each line on standard input is a person who comes in and gets a number.

python door_counter.py http://192.168.1.20:8080 KEY SERVICE      (the key needs the scope issue)
"""

import json
import sys
import time
import uuid
from urllib.error import HTTPError
from urllib.request import Request, urlopen

SERVER, KEY, SERVICE = sys.argv[1:]
BODY = json.dumps({"service": SERVICE}).encode()

for _person in sys.stdin:
    headers = {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"}
    headers["Idempotency-Key"] = str(uuid.uuid4())  # one person gets one number, however often we ask
    while True:
        try:
            with urlopen(Request(f"{SERVER}/api/v1/tickets", BODY, headers), timeout=10) as answer:
                print(json.load(answer)["ticket"], flush=True)
            break
        except HTTPError as refusal:
            print(json.load(refusal)["error"]["message"], flush=True)
            break
        except OSError:  # the network is away: ask again
            time.sleep(2)
