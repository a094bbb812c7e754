"""Other programs, as tests have them: a hall with keys, asked by HTTP."""

import time
from dataclasses import dataclass
from typing import Any, Self

import httpx

from queuedesk.features.web.verbs import keys
from tests.bounded import until
from tests.features.web.serving import Served
from tests.hall import Hall

BASE = "/api/v1"


def key_for(hall: Hall, *scopes: str, name: str = "") -> str:
    """Make a key and return it."""
    return str(keys.add_key(hall.desk, hall.ask(), name or "-".join(scopes), scopes)["key"])


@dataclass
class Program:
    """Another program with its key."""

    served: Served
    key: str

    def ask(
        self, method: str, path: str, body: object = None, *, id: str = "", lang: str = "en", **headers: str
    ) -> httpx.Response:
        """Send one request; a body of bytes goes as it is, anything else as JSON."""
        said = {"Accept-Language": lang, **({"Authorization": f"Bearer {self.key}"} if self.key else {})}
        said |= {"Idempotency-Key": id} if id else {}
        sent = {"content": body} if isinstance(body, bytes) else {} if body is None else {"json": body}
        with self.served.client() as client:
            return client.request(method, f"{BASE}{path}", headers={**said, **headers}, **sent)

    def until_known(self) -> Self:
        """Wait until the server has heard of its key, which is one to read with: until then each request is a guess."""
        until(lambda: self.ask("GET", "/services").status_code == 200, "the key is known")
        return self

    def ask_until_heard(self, method: str, path: str, body: object = None, **words: str) -> httpx.Response:
        """Send one request, and again as often as the server says that it was too soon, when it says."""
        while (answer := self.ask(method, path, body, **words)).status_code == 429:
            time.sleep(int(answer.headers["retry-after"]))
        return answer

    def get(self, path: str) -> Any:
        answer = self.ask_until_heard("GET", path)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def post(self, path: str, body: object = None, *, id: str = "") -> Any:
        answer = self.ask_until_heard("POST", path, body, id=id)
        assert answer.status_code in (200, 201), answer.text
        return answer.json()

    def refusal(self, method: str, path: str, body: object = None, **words: str) -> tuple[int, str]:
        """Send a request that is refused; return the status and the code."""
        answer = self.ask_until_heard(method, path, body, **words)
        error = answer.json()["error"]
        assert set(error) == {"code", "message"} and error["message"]
        return answer.status_code, error["code"]
