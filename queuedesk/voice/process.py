"""The child process that owns the speech engine: `python -m queuedesk.voice.process [SPEED]`, SPEED in percent of the
usual one.

One JSON document per line. It says `{"voices": [[id, [tags]], …]}` once it is ready, or `{"code"}` and ends. Then every
request `{"id", "text", "voice", "path", "speed"}` (write a wav) or `{"id", "play"}` (Windows: play one) is answered by
`{"id", "code"}`, the code null when it was done. It ends with its standard input."""

import json
import os
import queue
import signal
import sys
import tempfile
from functools import partial
from pathlib import Path
from typing import Any, TextIO

from queuedesk.core.errors import OutsideError
from queuedesk.voice.engines import USUAL_PCT, Pyttsx3Engine
from queuedesk.watch import WatchedThread, report_bugs_without_values

if sys.platform == "win32":
    import winsound


def main() -> int:
    """Serve requests until standard input ends; return the exit status."""
    # Ctrl-C reaches the whole group, but only the parent decides when the voice ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    replies = _take_over_stdout()
    requests: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
    WatchedThread(partial(_queue_requests_then_exit, requests), "requests", again_s=None).start()
    with tempfile.TemporaryDirectory(prefix="queuedesk-voice-") as folder:
        try:
            engine = Pyttsx3Engine(Path(folder), int(sys.argv[1]) if len(sys.argv) > 1 else USUAL_PCT)
        except OutsideError as error:
            _write_answer(replies, {"code": error.code})
            return 1
    _write_answer(replies, {"voices": [[voice.id, voice.tags] for voice in engine.voices]})
    while True:
        request = requests.get()
        _write_answer(replies, {"id": request["id"], "code": _carry_out_request(engine, request)})


def _carry_out_request(engine: Pyttsx3Engine, request: dict[str, Any]) -> str | None:
    try:
        if "play" in request:
            _play_wav_file(request["play"])
        else:
            engine.save_speech(request["text"], request["voice"], Path(request["path"]), request.get("speed"))
    except OutsideError as error:
        return error.code
    return None


def _play_wav_file(path: str) -> None:
    if sys.platform == "win32":
        try:
            winsound.PlaySound(path, winsound.SND_FILENAME | winsound.SND_NODEFAULT)
        except RuntimeError as error:
            raise OutsideError("voice_silent", path=path) from error
    else:
        raise OutsideError("voice_silent", path=path)


def _take_over_stdout() -> TextIO:
    """Keep standard output for the answers alone: pyttsx3 prints a line for every file it saves."""
    replies = os.fdopen(os.dup(1), "w", encoding="utf-8")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)
    return replies


def _queue_requests_then_exit(requests: "queue.SimpleQueue[dict[str, Any]]") -> None:
    try:
        for line in sys.stdin.buffer:
            requests.put(json.loads(line))
    finally:
        # The parent is gone, or nobody understands it any more; an engine that hangs must not outlive it.
        os._exit(0)


def _write_answer(replies: TextIO, answer: dict[str, Any]) -> None:
    print(json.dumps(answer), file=replies, flush=True)


if __name__ == "__main__":
    report_bugs_without_values()
    sys.exit(main())
