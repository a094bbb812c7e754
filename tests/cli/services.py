"""What commands are given in tests that are not about this PC: a PC that has nothing of its own."""

from types import SimpleNamespace
from typing import Any

from msgspec.structs import replace

from queuedesk.app.main import command_services
from queuedesk.app.services.printers import require_known_printer
from queuedesk.core.errors import OutsideError

REFUSED = {"printed": False, "printer": None, "error": OutsideError("no_printer"), "warning": ""}
SILENT = {"texts": {}, "spoken": {}, "links": {}, "sound_ms": 0, "played": False}
PAPER: Any = SimpleNamespace(
    print_ticket=lambda *_what, **_how: REFUSED,
    print_papers_list=lambda *_what: REFUSED,
    print_quiet_hours=lambda: REFUSED,
    print_slip=lambda _slip: REFUSED,
    print_sample_ticket=lambda: REFUSED,
)
PRINTERS: Any = SimpleNamespace(
    system_printer_names=list,
    plugged_receipt_printers=list,
    chosen_or_default_printer=str,
    stored_printer_choice=str,
    printer_status=lambda _name: None,
    require_known_printer=require_known_printer,
)
REPORTS: Any = SimpleNamespace(
    lower_process_priority=lambda: None,
    write_due_reports=lambda *_what, **_how: {"written": [], "removed": [], "failed": []},
)
NO_BACKUPS = {"backups": [], "copies": []}
BACKUPS: Any = SimpleNamespace(backup_folder_trouble_code=lambda _db: None, backups_document=lambda _db: NO_BACKUPS)
SHEETS: Any = SimpleNamespace(stored_report_status_rows=lambda _db: [])
NO_CLIPS = dict.fromkeys(("clip_check_by_language", "synthesize_missing_clips"), lambda *_where: {})
VOICE: Any = SimpleNamespace(play_trial_call=lambda *_what, **_how: SILENT, **NO_CLIPS)
ALONE = replace(
    command_services(),
    settings_fault=lambda: None,
    own_language=str,
    own_hall=lambda: (None, None),
    joined_at=lambda: None,
    sharing_has_stopped=lambda: False,
    shares_halls_of=lambda _file: False,
    owners_address=lambda: None,
    put_away_password=str,
    pc_here=lambda _desk: "",
    paper=lambda _desk, _clock: PAPER,
    printers=lambda: PRINTERS,
    reports=lambda: REPORTS,
    backups=lambda: BACKUPS,
    sheets=lambda: SHEETS,
    voice=lambda: VOICE,
)
"""It has joined no hall and shares none; it has no printer, no voice, and nothing kept."""
