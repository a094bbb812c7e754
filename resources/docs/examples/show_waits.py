"""A page of another web site that shows how long one waits in the hall; the key stays on the server.

python show_waits.py http://192.168.1.20:8080 KEY PORT      (the key needs the scope read)
"""

import json
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.request import Request, urlopen

SERVER, KEY, PORT = sys.argv[1:]


class Page(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        with urlopen(Request(f"{SERVER}/api/v1/waits", headers={"Authorization": f"Bearer {KEY}"}), timeout=10) as got:
            waits = {row["service"]: row["wait"] for row in json.load(got)["waits"]}
        shown = {
            code: f"{wait['low']} to {wait['high'] or '…'} minutes" if wait else "–" for code, wait in waits.items()
        }
        rows = "".join(f"<tr><td>{code}<td>{text}" for code, text in shown.items())
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(f"<!doctype html><title>Waits</title><table>{rows}</table>".encode())


HTTPServer(("127.0.0.1", int(PORT)), Page).serve_forever()
