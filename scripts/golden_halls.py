"""Play two days with the program of a commit and keep the hall that it leaves, as tests/golden/halls/REVISION.*.

    python scripts/golden_halls.py COMMIT
    python scripts/golden_halls.py --early COMMIT

Run it with the last commit of a revision before the next one is added under queuedesk/store/migrations: what that
program wrote and said is what every later one is held to (tests/journeys/test_old_halls.py). It works in folders of its
own and in the environment that it is run by. Each line below is a command of that program at a time of its clock; one
that it did not know yet is left out, and named in REVISION.json.gz. "@" is what a station tells of itself, "!" a
command that is refused.

Beside the database stand a backup made by that program, and what it said: its log's end, the hall's state, tickets and
figures. Where halls could stand on a server already, the same is played there, and REVISION.sql.gz is that database.
With --early a commit from within a revision is kept as REVISION-early.*: its tables may lack what the revision had in
the end, and a line that it refuses is left out too.
"""

from __future__ import annotations

import gzip
import io
import json
import os
import shlex
import subprocess
import sys
import tarfile
import tempfile
from contextlib import redirect_stderr, redirect_stdout, suppress
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

ROOT = Path(__file__).resolve().parent.parent
KEPT = ROOT / "tests" / "golden" / "halls"
ZONE = ZoneInfo("Asia/Shanghai")
ADMIN, PIN = "AD", "2468"
DATES = ("2026-11-19", "2026-11-20")
ASKED_AT = "2026-11-20 10:20"
FIRST_ON_SERVERS = "0013"
EARLY = "--early"
# The commands that number what they make, and what they call it.
NUMBERED = {
    **{name: name for name in ("message", "help-call", "card", "appointment", "rectification", "forum", "briefing")},
    "inspect": "inspection",
    "project": "project",
    "sheets": "dispute",
}
# What a station tells of itself, and what programs call it by now.
NAMED_SINCE = {"started": "record_station_start", "report": "record_device_state"}
# What is asked of the quality records, by programs that have them.
QUALITY = (
    "calendar list --year 2026",
    "cases list --month 2026-11-20",
    "cases show 26-001",
    "forum list",
    "inspect list --date 2026-11-20",
    "notes list",
    "briefing list",
    "opening show",
    "partner list",
    "project show 1",
    "scheme show",
    "sheets disputes",
    "sheets show C1 --month 2026-11-20",
    "training list --month 2026-11",
    "quality comments",
    "rectification list --date 2026-11-20",
    "thanks list",
    "warnings list",
    "wording list",
)
LINES = """
2026-11-19 08:10 init --preset power --all-hours --hall GH --name 城东供电营业厅
2026-11-19 08:11 settings set overnight early_place
2026-11-19 08:11 settings set rating_days 3
2026-11-19 08:12 staff set C1 name=张敏敏
2026-11-19 08:15 sign-in guide G1
2026-11-19 08:15 @ started display display
2026-11-19 08:16 @ started kiosk kiosk
2026-11-19 08:16 @ report printer kiosk paper_out
2026-11-19 08:20 @ report printer kiosk
2026-11-19 08:21 check display --passed
2026-11-19 08:30 open 1 --staff C1
2026-11-19 08:30 open 3 --staff C3
2026-11-19 08:31 open 5 --staff C5
2026-11-19 08:31 issue A --guide G1
2026-11-19 08:32 issue A --class elderly
2026-11-19 08:32 issue B --item gmgh
2026-11-19 08:33 issue C --then A
2026-11-19 08:34 issue D --ref 工单-7
2026-11-19 08:34 not-ready C --item cdz
2026-11-19 08:35 issue A
2026-11-19 08:35 issue A
2026-11-19 08:36 call 1
2026-11-19 08:36 start 1
2026-11-19 08:37 call 3
2026-11-19 08:38 recall 3
2026-11-19 08:39 miss 3
2026-11-19 08:40 call 3
2026-11-19 08:41 start 3
2026-11-19 08:41 note add outage 缴费系统慢
2026-11-19 08:42 finish 1 --outcome done --note 已缴 --delivered A:2
2026-11-19 08:43 rate A002 2 --tag waited_long --tag attitude --comment 等太久了，王先生
2026-11-19 08:44 stall 3 --reason 系统
2026-11-19 08:47 unstall 3
2026-11-19 08:48 reinstate A001
2026-11-19 08:49 divert A --to online
2026-11-19 08:50 redirect 3 A
2026-11-19 08:51 call 5
2026-11-19 08:52 start 5
2026-11-19 08:55 finish 5
2026-11-19 08:56 call 5
2026-11-19 08:57 return 5 --reason 叫错了
2026-11-19 08:58 call 1
2026-11-19 08:59 start 1
2026-11-19 09:00 park 1 --reason 取身份证
2026-11-19 09:01 serve 1 A --reason 老人
2026-11-19 09:04 finish 1
2026-11-19 09:05 unpark 1 {at1}
2026-11-19 09:06 transfer 1 B --place end --reason 还要过户
2026-11-19 09:07 pause 1 --reason 休息 --minutes 10
2026-11-19 09:08 message send --from 3 5 请帮忙复印
2026-11-19 09:09 message seen --at 5 {message}
2026-11-19 09:09 message send --from 3 guide 请通知 A004
2026-11-19 09:10 help-call press --about 客户不适 3
2026-11-19 09:11 help-call ack {help-call}
2026-11-19 09:12 help-call arrived {help-call}
2026-11-19 09:13 lend 3 D
2026-11-19 09:14 call 3
2026-11-19 09:15 start 3
2026-11-19 09:16 add 3 A
2026-11-19 09:20 resume 1
2026-11-19 09:20 lend --back 3 D
2026-11-19 09:21 card start system
2026-11-19 09:22 card tick {card} 1
2026-11-19 09:30 card end --note 二十分钟后恢复 {card}
2026-11-19 09:31 finish 3
2026-11-19 09:33 opinion 3 --tag papers_changed --comment 材料又变了
2026-11-19 09:34 notice push --en "Back soon" --minutes 30 系统恢复中
2026-11-19 09:35 appointment add --date 2026-11-20 --at 10:30 --name 李女士 --contact 13800000000 B
2026-11-19 09:36 appointment add --at 10:00 C --ref 工单-8
2026-11-19 09:50 appointment arrive {appointment}
2026-11-19 09:51 call 5
2026-11-19 09:52 start 5
2026-11-19 09:58 finish 5 --outcome further_visit --form-free
2026-11-19 10:00 correct A002 outcome=not_done --reason 记错了
2026-11-19 10:01 hand-over 5 --staff C6
2026-11-19 10:02 call 1
2026-11-19 10:03 miss 1
2026-11-19 10:04 issue B
2026-11-19 10:05 leave B002
2026-11-19 10:06 issue D
2026-11-19 10:07 void D002 --reason 试机
2026-11-19 10:08 issue A
2026-11-19 10:09 issue A
2026-11-19 10:10 postpone A006
2026-11-19 10:11 issue A
2026-11-19 10:12 defer A008
2026-11-19 10:13 calendar set 2026-11-23 kind=holiday text=停电检修
2026-11-19 10:13 calendar set 2026-11-21 kind=working
2026-11-19 10:13 staff set G1 warned_of=A,device_down
2026-11-19 10:14 quality note --ticket A003 填单台没有笔
2026-11-19 10:15 thanks add --ticket A001 --words 耐心 C1
2026-11-19 10:16 cases open --class complaint --title 等候过久 --words 等了很久 --source rating --contact 13800000001 --name 王先生 --owner M1 A002
2026-11-19 10:17 cases contact --note 下午再来电 {case}
2026-11-19 10:18 inspect start --sheet environment --by G1
2026-11-19 10:19 inspect score {inspection} 1 2 --words 饮水机没有水
2026-11-19 10:20 rectification add --owner G1 --inspection {inspection} --item 1 补水
2026-11-19 10:21 forum add --about 缴费 --issue 窗口少 --issue 叫号声音小 2026-11-19 12
2026-11-19 10:22 warnings number C1 13900000002
2026-11-19 10:22 settings set reference_notes on
2026-11-19 10:23 notes add GH-1001 需要大字
2026-11-19 10:24 cases cite --figure issued 26-001
2026-11-19 10:25 scheme set handling=20:1.2:1 order=20:3:0
2026-11-19 10:26 project open --leader M1 --figure issued --from 2026-11-19 --to 2026-11-19 中午等得短些
2026-11-19 10:27 project target --by 2026-12-31 --reason 一次叫到 {project} wait.within_target 97
2026-11-19 10:28 project cause --bone method {project} 中午只开两个窗口
2026-11-19 10:29 project evidence --with 52/118 --without 21/126 --note 现场看了一周 {project} 1
2026-11-19 10:30 project judge {project} 1 confirmed
2026-11-19 10:31 project measure --who M1 --due 2026-11-27 --cause 1 {project} 错开吃午饭
2026-11-19 10:32 training add --led C1 新收费公示 30 C2 C3
2026-11-19 10:33 wording start --from 2026-11-20 --en "Change of name" B 过户、更名
2026-11-19 10:34 partner add P1 name=社区代办点 kind=shop takes=A,B/gmgh distance_m=800
2026-11-19 10:35 items offer A shop
2026-11-19 10:36 staff add R1 name=市局周工 role=reader
2026-11-19 10:36 staff set C2 department=计量班
2026-11-19 17:40 @ stopped kiosk kiosk
2026-11-19 17:45 day-end
2026-11-20 08:20 @ started kiosk kiosk
2026-11-20 08:21 briefing write 今天系统可能慢 --en "The system may be slow"
2026-11-20 08:22 --as C1 briefing read {briefing}
2026-11-20 08:23 --as M1 opening sign --temperature 21
2026-11-20 08:25 open 2 --staff C2
2026-11-20 08:26 open 4 --staff C4
2026-11-20 08:27 open 6 --staff C6
2026-11-20 08:28 issue A --class disabled
2026-11-20 08:29 issue B
2026-11-20 08:30 issue C
2026-11-20 08:31 call 2
2026-11-20 08:32 start 2
2026-11-20 08:33 indicators set satisfaction 2025 86
2026-11-20 08:34 channels set online 2026-10 A 420 --amount 36000
2026-11-20 08:40 finish 2
2026-11-20 08:41 rate {at2} 4 --attitude 5 --competence 4
2026-11-20 08:42 call 4
2026-11-20 08:43 start 4
2026-11-20 08:44 call 6
2026-11-20 08:45 start 6
2026-11-20 08:46 issue A
2026-11-20 08:47 issue A --class pregnant
2026-11-20 08:50 finish 4
2026-11-20 08:51 reopen 4
2026-11-20 08:55 finish 4
2026-11-20 08:56 rate {at4} 1 --comment 让我跑了三次
2026-11-20 09:00 issue A --return-of A001@2026-11-19
2026-11-20 09:10 park 6 --reason 等材料
2026-11-20 09:20 moves decline 1
2026-11-20 09:30 call 2 --ticket A004 --reason 当天要走
2026-11-20 09:31 start 2
2026-11-20 09:36 --as M1 sheets dispute C1 satisfaction "2026-11-19 A002" 记错了人
2026-11-20 09:40 staff set AD pin=2468
2026-11-20 09:41 ! issue A
2026-11-20 09:42 --as AD issue D
2026-11-20 09:43 --as AD notice emergency --en "Please leave by the stairs" 请走楼梯
2026-11-20 09:44 --as AD notice emergency --end
2026-11-20 09:44 --as AD cases act 26-001 加开窗口
2026-11-20 09:44 --as AD cases call-back 26-001 no_answer
2026-11-20 09:44 --as AD cases call-back --verdict dissatisfied 26-001 reached
2026-11-20 09:44 --as AD rectification proof {rectification} 已补水
2026-11-20 09:44 --as AD rectification look {rectification}
2026-11-20 09:44 --as AD inspect plan --visitor 1 2026-11-27 hall mystery
2026-11-20 09:44 --as AD forum case {forum} 2
2026-11-20 09:45 --as AD --id kept-answer issue B
2026-11-20 09:50 --as AD pause 4 --reason 午餐 --minutes 60
2026-11-20 10:00 --as AD moves take 1
2026-11-20 10:01 --as AD project standard --text 午间至少三个窗口 --text-en "Three windows at noon" {project} 1 opening
2026-11-20 10:03 --as AD sheets decide {dispute} exclude 看过录像
2026-11-20 10:04 --as AD sheets close --month 2026-10
"""


def main() -> None:
    """Keep the hall of a commit; or, in the process of that commit's program, play one."""
    if sys.argv[1] == "--play":
        play(Path(sys.argv[2]), sys.argv[3])
    else:
        keep(sys.argv[-1], is_early=EARLY in sys.argv)


# -- here --------------------------------------------------------------------------------------------------------------


def keep(commit: str, *, is_early: bool) -> None:
    """Make the files of the revision that `commit` has."""
    KEPT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="golden-") as name:
        folder = Path(name)
        tree = folder / "program"
        packed = subprocess.run(["git", "archive", commit], cwd=ROOT, check=True, capture_output=True).stdout
        with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
            archive.extractall(tree, filter="data")
        said = _played(tree, folder / "file", "hall.sqlite")
        found = said["revision"] + ("-early" if is_early else "")
        said["commit"] = subprocess.check_output(["git", "rev-parse", commit], cwd=ROOT, text=True).strip()
        _pack(folder / "file" / "hall.sqlite", KEPT / f"{found}.sqlite.gz")
        (KEPT / f"{found}.zip").write_bytes((folder / "file" / "backup.zip").read_bytes())
        if found >= FIRST_ON_SERVERS:
            said["on_server"] = _on_server(tree, folder, found)
        text = json.dumps(said, ensure_ascii=False, indent=1, sort_keys=True)
        (KEPT / f"{found}.json.gz").write_bytes(gzip.compress(text.encode(), mtime=0))
    print(found, said["commit"], f"{said['seq']} events, left out {len(said['left_out'])} lines")


def _played(tree: Path, folder: Path, target: str) -> dict[str, Any]:
    folder.mkdir()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("QUEUEDESK_")}
    environment |= dict.fromkeys(("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME"), str(folder / "home"))
    environment |= {"PYTHONPATH": str(tree), "PYTHONUTF8": "1", "TZ": str(ZONE), "QT_QPA_PLATFORM": "offscreen"}
    line = [sys.executable, "-P", str(Path(__file__).resolve()), "--play", str(folder), target]
    line += [EARLY] if EARLY in sys.argv else []
    subprocess.run(line, env=environment, cwd=folder, check=True)
    said: dict[str, Any] = json.loads((folder / "said.json").read_text(encoding="utf-8"))
    return said


def _on_server(tree: Path, folder: Path, found: str) -> dict[str, Any]:
    """Play on a server of PostgreSQL and write its database as the statements that make it."""
    from queuedesk.app.hosting.server import PostgresServer, postgres_folder

    server = PostgresServer(folder / "server")
    server.create_server_folder()
    server.start()
    try:
        said = _played(tree, folder / "shared", server.owner_url("postgres"))
        dump = [
            str(postgres_folder() / "pg_dump"),
            "--no-owner",
            "--no-acl",
            "--inserts",
            "--dbname",
            server.owner_url("postgres"),
        ]
        made = subprocess.run(dump, check=True, capture_output=True).stdout
        # What begins with a backslash is psql's alone.
        statements = b"".join(line for line in made.splitlines(keepends=True) if not line.startswith(b"\\"))
        (KEPT / f"{found}.sql.gz").write_bytes(gzip.compress(statements, mtime=0))
        return said
    finally:
        server.stop("immediate")


def _pack(database: Path, target: Path) -> None:
    import sqlite3
    from contextlib import closing

    with closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        connection.execute("VACUUM")
    target.write_bytes(gzip.compress(database.read_bytes(), mtime=0))


# -- in the program of that time ---------------------------------------------------------------------------------------


def play(folder: Path, target: str) -> None:
    """Play the days with the program that is imported here, and write what it said into `folder`."""
    console = Console(target)
    left_out = [line for line in LINES.strip().splitlines() if not console.play(line)]
    if console.refused and EARLY not in sys.argv:
        raise SystemExit("\n".join(console.refused))
    console.clock = _moment(ASKED_AT)
    asked = ("--as", ADMIN)
    log = console.say("--json", *asked, "events").splitlines()
    said: dict[str, Any] = {"left_out": left_out, "asked_at": console.clock.isoformat()}
    said |= {name: json.loads(log[-1])[name] for name in ("seq", "hash")}
    said["state"] = json.loads(console.say("--json", *asked, "state"))
    said["tickets"] = {date: json.loads(console.say("--json", *asked, "tickets", "--date", date)) for date in DATES}
    said["quality"] = {
        line: json.loads(out) for line in QUALITY if (out := console.told("--json", *asked, *line.split()))
    }
    said["report"] = {}
    for date in DATES:
        figures = folder / f"{date}.json"
        console.say(*asked, "report", "day", "--date", date, "--out", str(figures))
        said["report"][date] = json.loads(figures.read_text(encoding="utf-8"))
    console.say(*asked, "backup", str(folder / "backup.zip"))
    said["revision"] = _revision()
    (folder / "said.json").write_text(json.dumps(said, ensure_ascii=False), encoding="utf-8")


def _revision() -> str:
    for name in ("queuedesk.store.engine.migrate", "queuedesk.store.migrate"):  # as it is called now and was before
        with suppress(ImportError):
            return str(import_module(name).REVISION)
    raise SystemExit("this program has no revisions")


def _text(stream: io.BytesIO) -> io.TextIOWrapper:
    return io.TextIOWrapper(stream, encoding="utf-8", write_through=True)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE).astimezone(UTC)


class Console:
    """The command line of the program that is imported here, at a clock of ours."""

    def __init__(self, target: str) -> None:
        from queuedesk.app import clock, main

        self.target, self.clock = target, datetime.now(UTC)
        self.names: dict[str, str] = {}
        self.refused: list[str] = []
        clock.real_clock = lambda: self.clock
        # A clock of ours is stated and trusted, where a PC's own gives way to a server's.
        for name in ("pc_clock", "real_clock"):
            if hasattr(main, name):
                setattr(main, name, clock.real_clock)
        os.environ["QUEUEDESK_PIN"] = PIN

    def play(self, line: str) -> bool:
        """Do what a line says; False if this program does not know such a thing yet."""
        words = shlex.split(line)
        self.clock = _moment(" ".join(words[:2]))
        filled = [self._filled(word) for word in words[2:]]
        rest = [word for word in filled if word is not None]
        if len(rest) < len(filled):
            return False
        if rest[0] == "@":
            return self._tell(*rest[1:])
        wanted = 0
        if rest[0] == "!":
            wanted, rest = 1, rest[1:]
        status, out, err = self.run("--json", *rest)
        if status == 2:
            return False
        if status != wanted:
            self.refused.append(f"{line}\n    {status} {out.strip()} {err.strip()}")
            return True
        self._remember(rest, out)
        return True

    def told(self, *words: str) -> str:
        """Return what a command prints; nothing if this program does not know it yet."""
        status, out, _ = self.run(*words)
        return "" if status == 2 else out

    def say(self, *words: str) -> str:
        """Return what a command prints."""
        status, out, err = self.run(*words)
        if status != 0:
            raise SystemExit(f"{words}\n{status} {out} {err}")
        return out

    def run(self, *words: str) -> tuple[int, str, str]:
        """Run a command line and return its status and what it printed."""
        from queuedesk.app.main import main as program

        out, err = io.BytesIO(), io.BytesIO()
        told, noted = _text(out), _text(err)
        try:
            with redirect_stdout(told), redirect_stderr(noted):
                status = program(["--db", self.target, "--lang", "zh_CN", *words])
        except SystemExit as end:
            status = int(end.code or 0)
        return status, out.getvalue().decode(), err.getvalue().decode()

    def _filled(self, word: str) -> str | None:
        if word.startswith("{") and word.endswith("}"):
            return self.names.get(word[1:-1])
        return word

    def _remember(self, words: list[str], out: str) -> None:
        """Keep the number that something got, by which later lines name it."""
        document = json.loads(out)
        words = words[2:] if words[0] == "--as" else words
        if words[0] == "cases":
            self.names["case"] = document["number"]
        elif words[0] == "call":
            self.names[f"at{words[1]}"] = document["ticket"]
        elif words[0] in NUMBERED:
            kind = NUMBERED[words[0]]
            found = document.get("seq", document.get(kind))
            if isinstance(found, int):
                self.names[kind] = str(found)

    def _tell(self, deed: str, device: str, station: str, *cause: str) -> bool:
        try:
            from queuedesk.core.network.roles import actor_of_station as actor
            from queuedesk.desk.change import Ask, Desk
            from queuedesk.desk.talk import devices
            from queuedesk.store.engine.database import Database
        except ImportError:
            return False
        db = Database.open(self.target)
        try:
            more = (cause[0] if cause else None,) if deed == "report" else ()
            told = next(
                getattr(devices, name) for name in (deed, NAMED_SINCE.get(deed, deed)) if hasattr(devices, name)
            )
            told(Desk(db, 1), Ask(actor(station), self.clock), device, station, *more)
        finally:
            db.dispose()
        return True


if __name__ == "__main__":
    main()
