"""There is one way in which the program reads files and one in which it writes them; what has its own is listed."""

import ast
from pathlib import Path

import queuedesk
from queuedesk.core import features
from tests.files.sources import OF_FILES, READS, WRITES, calls

SOURCE = Path(queuedesk.__file__).parent

READ_OTHERWISE = {
    "app/this_pc/screenshots.py": "what this program's own process is told",
    "app/services/care.py": "what a process of this program answered",
    "app/services/sharing.py": "what a process of this program answered",
    "app/hosting/joining.py": "what the main PC answered, in lines of limited length",
    "app/services/repeated_work.py": "what a process of this program answered",
    "app/hosting/pg_server.py": "the log of its own server, from where it began",
    "app/services/pictures_process.py": "what this program's own process is told",
    "core/improvement/following.py": "what a project gathered, as the program wrote it beside the log",
    "core/quality/cited.py": "what a case cites, as the program wrote it beside the log",
    "core/setup/field_kinds.py": "a word of the command line",
    "cli/upkeep/checks.py": "files of the program's own, compared with its list",
    "desk/change.py": "the words of a command, as they came",
    "desk/setup/calendaring.py": "published days of the program's own",
    "desk/setup/setting_up.py": "a preset of the program's own",
    "files/writing.py": "a part of a file, of limited length",
    "files/reading.py": "the one way",
    "i18n/catalogue.py": "a catalogue of the program's own",
    "reports/draw/pdf.py": "a typeface of the program's own",
    "reports/kept/due.py": "the end of a report, of limited length",
    "files/table.py": "a workbook that was read in the one way",
    "stations/window/help.py": "pages of the program's own",
    "stations/window/style.py": "pictures of the program's own",
    "stations/manager/figures/reporting.py": "a report that was written a moment ago",
    "store/upkeep/backup_folder.py": "the first bytes of a file",
    "store/upkeep/pack.py": "parts of an archive, in lines of limited length",
    "store/engine/database.py": "a few bytes at the head of a file",
    "core/improvement/project.py": "what a word beside the log holds",
    "store/upkeep/beside_log.py": "what a row of the database holds",
    "voice/engines.py": "what a process of this program answered; a sound that the system's voice wrote a moment ago",
    "voice/process.py": "what this program's own process is told",
} | (
    {"features/staff/rules/person_sheet.py": "a closed sheet, as the program wrote it beside the log"}
    if "staff" in features.names()
    else {}
)
WRITTEN_OTHERWISE = {
    "app/this_pc/settings.py": "entries of the system's, at places that the system knows",
    "app/hosting/autostart.py": "entries of the system's, at places that the system knows",
    "app/hosting/pg_server.py": "files of the server, in its own folder",
    "app/station/screens.py": "a word between two stations, beside this PC's settings",
    "cli/upkeep/checks.py": "a sound in a folder that goes at once",
    "cli/output.py": "a log that is added to",
    "files/writing.py": "the one way",
    "store/upkeep/pack.py": "the copy of a hall that can't be opened; parts of a file that is written in the one way",
    "store/upkeep/backup_folder.py": "a copy in a folder that was just made for it; a mark of a fixed name, of which a full disk is told apart from a folder that is gone",
    "voice/sound.py": "a sound in a file that is written in the one way",
}


def test_there_is_one_way_in_which_files_are_read_and_one_in_which_they_are_written() -> None:
    read, written = set(), set()
    for path, name, node in calls(SOURCE, OF_FILES):
        if not isinstance(node.func, ast.Attribute):
            continue
        module = path.relative_to(SOURCE).as_posix()
        modes = [one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)][:2]
        modes = [mode for mode in modes if name == "open" and len(mode) < 4]
        if any("r" in mode for mode in modes) or (name in READS and not (name == "load" and not is_of(node, "json"))):
            read.add(module)
        if any(set(mode) & set("wax") for mode in modes) or (
            name in WRITES and not (name == "copy" and not is_of(node, "shutil"))
        ):
            written.add(module)

    assert read == set(READ_OTHERWISE)
    assert written == set(WRITTEN_OTHERWISE)


def is_of(node: ast.Call, module: str) -> bool:
    assert isinstance(node.func, ast.Attribute)
    return isinstance(node.func.value, ast.Name) and node.func.value.id == module
