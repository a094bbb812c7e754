"""The hall's voice at the display, and trials of how a call will sound on this PC."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec.structs import asdict, replace
from PySide6.QtCore import QObject, QTimer

from queuedesk import paths
from queuedesk.app.this_pc import config
from queuedesk.core.log.event import Event
from queuedesk.core.queue.ticket import WindowCall
from queuedesk.core.setup.hall import VoiceSpec
from queuedesk.core.setup.rows import Setup, voice_languages
from queuedesk.core.talk import announcement
from queuedesk.core.talk.device import ENGINE, PLAYER
from queuedesk.core.talk.remarks import PushedNotice
from queuedesk.core.talk.screen import split_station_and_pc, station_name, station_name_at_pc
from queuedesk.desk.change import Desk
from queuedesk.desk.talk import announcing
from queuedesk.stations.window.context import HallFeed
from queuedesk.store.log.journal import CallWithOutcome
from queuedesk.voice.announcer import Announcer, VoiceLock
from queuedesk.voice.engines import VoiceChain
from queuedesk.voice.saying import NO_SOUND, NO_VOICE, SpeakingResult, SpokenNotice, VoiceManner, VoiceStatus

if TYPE_CHECKING:
    from queuedesk.voice.sound import SoundPlayer


CALLS = frozenset({"call", "recall"})
ENDS = frozenset({"start", "finish", "miss", "return", "leave", "void", "redirect", "transfer", "reinstate"})
# What was called while this PC slept or the data was away is shown, but no longer shouted.
STALE = timedelta(minutes=1)
EMERGENCY_TIMES = 2
_LOOK_MS = 500
_NO_TIME = datetime(2000, 1, 1, tzinfo=UTC)
_FAULTS = frozenset({NO_SOUND, NO_VOICE})
"""Why a voice is out of order; one that is turned down, or had too much to say at once, works."""


def recorded_words_folder() -> Path:
    """Return where this PC's recorded words are, in a folder for each language; it need not exist."""
    chosen = config.load_config().clips_folder
    return Path(chosen) if chosen else paths.data_folder() / "clips"


def announcement_of_call(setup: Setup, call: Event | WindowCall, *, recall: int = 0) -> announcement.Announcement:
    """Return what a call says: the number, the window by its sign, and the way there."""
    code = call.window or ""
    spec = setup.windows.get(code)
    return announcement.Announcement(
        seq=call.seq,
        ticket=(call.label if isinstance(call, WindowCall) else call.ticket) or "",
        window=(spec.name or spec.code) if spec else code,
        zone=spec.zone or None if spec else None,
        zone_en=spec.zone_en or None if spec else None,
        recall=recall,
        time=call.time,
        hall=setup.hall.name,
        hall_en=setup.hall.name_en,
    )


def sample_call_per_window(setup: Setup) -> list[announcement.Announcement]:
    """Return one call to each window: what has to be recorded for their names and directions."""
    no_call = WindowCall(seq=0, time=_NO_TIME, date=_NO_TIME.date(), label="A001", service="", window="", staff=None)
    return [announcement_of_call(setup, replace(no_call, window=code)) for code in setup.windows]


def notice_text_by_language(text: str, text_en: str) -> dict[str, str]:
    """Return a notice's text by language: the hall's own, and English where somebody wrote it."""
    if announcement.has_chinese(text):
        return {"zh_CN": text, **({"en": text_en} if text_en else {})}
    return {"en": text_en or text}


def display_names_on_this_pc(station: str) -> frozenset[str]:
    """Return the log's names of this PC's displays, which share one voice; `station` is one of them."""
    rows = (row for row in config.load_config().screens if row.station == "display")
    names = {split_station_and_pc(station)[0], *(station_name("display", screen=row.screen) for row in rows)}
    return frozenset({*names, *(station_name_at_pc(name, split_station_and_pc(station)[1]) for name in names)})


SILENT = VoiceStatus(is_speaker=False, player=None, languages=(), missing=(), waiting=0, last=None, silent=())
"""The status where calls are not spoken."""


class HallCallSpeaker(QObject):
    """Speaks the calls of the feed unless another process on this PC does, or the hall's calls are only shown."""

    def __init__(
        self,
        desk: Desk,
        feed: HallFeed,
        station: str,
        clock: Callable[[], datetime],
        announcer: Callable[..., Announcer] = Announcer,
        *,
        tell: Callable[[str | None], None] = lambda _cause: None,
        report_replaced_voice_part: Callable[[str, str, datetime], None] = lambda _device, _cause, _since: None,
    ) -> None:
        """`tell` gets why a call could not be spoken, None for one that was; `report_replaced_voice_part` which part of
        the voice went wrong, how and when, and was replaced; both on the announcer's thread."""
        super().__init__()
        self._tell, self._fell_out = tell, report_replaced_voice_part
        self._desk, self._feed, self._station, self._clock = desk, feed, station, clock
        self._make = announcer
        self._announcer: Announcer | None = None
        self._here = display_names_on_this_pc(station)
        self._read = {notice.seq for notice in feed.state.pushed if self._is_notice_stale(notice)}
        self._reading: dict[int, PushedNotice] = {}
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_MS)
        self._timer.timeout.connect(self._read_notices_aloud)
        self._timer.start()
        feed.changed.connect(self._announce_or_withdraw_calls)
        self._read_notices_aloud()

    def voice_status(self) -> VoiceStatus:
        """Return the voice's state; returns at once."""
        return SILENT if self._announcer is None else self._announcer.voice_status()

    def say_unspoken_calls(self, calls: Iterable[CallWithOutcome]) -> None:
        """Say calls that were never said because their display ended before its voice reached them."""
        for call in calls:
            if self._announcer is not None and call.spoken is None and not call.silent:
                made = WindowCall(
                    seq=call.seq,
                    time=call.time,
                    date=call.time.date(),
                    label=call.ticket,
                    service="",
                    window=call.window,
                    staff=None,
                )
                self._announcer.enqueue_call(
                    announcement_of_call(self._feed.setup, made, recall=int(call.kind == "recall"))
                )

    def stop(self) -> None:
        """Stop the voice, in the middle of a word if necessary."""
        self._timer.stop()
        self._feed.changed.disconnect(self._announce_or_withdraw_calls)
        self._stop_announcer()

    def _start_or_stop_announcer(self) -> Announcer | None:
        """Return the announcer, which is there just while the hall's calls are spoken."""
        is_spoken = self._feed.setup.voice.spoken
        if not is_spoken:
            self._stop_announcer()
        elif self._announcer is None:
            chain, lock = VoiceChain(clips=recorded_words_folder()), VoiceLock(config.voice_lock_file())
            self._announcer = self._make(self._voice_manner_now, self._record_speaking_result, chain=chain, lock=lock)
        return self._announcer

    def _stop_announcer(self) -> None:
        announcer, self._announcer = self._announcer, None
        if announcer is not None:
            announcer.stop()

    def _voice_manner_now(self) -> VoiceManner:
        """Return how to speak by the set-up and the hall's clock of this moment; also for the announcer's thread."""
        setup = self._feed.setup
        local = setup.to_hall_time(self._clock())
        return VoiceManner(
            languages=voice_languages(setup),
            spec=setup.voice,
            minute=local.hour * 60 + local.minute,
            gap_s=float(setup.setting_as_int("call_gap_s")),
        )

    def _announce_or_withdraw_calls(self, events: list[Event]) -> None:
        announcer = self._start_or_stop_announcer()
        for event in events:
            if event.ticket is None or announcer is None:
                continue
            if event.kind in CALLS:
                if self._clock() - event.at < STALE:
                    announcer.enqueue_call(self._event_announcement(event))
            elif event.kind in ENDS:
                announcer.withdraw_ticket(event.ticket)
        self._read_notices_aloud()

    def _event_announcement(self, event: Event) -> announcement.Announcement:
        day = event.date
        ticket = self._feed.state.tickets.get((day, event.ticket)) if day and event.ticket else None
        recall = max(0, ticket.round_calls - 1) if ticket and event.kind == "recall" else 0
        return announcement_of_call(self._feed.setup, event, recall=recall)

    def _read_notices_aloud(self) -> None:
        """Read aloud what begins now, each notice once, and stop with what has ended."""
        announcer = self._start_or_stop_announcer()
        if announcer is None:
            self._reading.clear()
            return
        now = self._clock()
        standing = {notice.seq: notice for notice in self._feed.state.pushed if not notice.is_over(now)}
        for seq in [seq for seq in self._reading if seq not in standing]:
            del self._reading[seq]
            announcer.withdraw_spoken_notice(seq)
        for seq, notice in standing.items():
            if seq in self._read or not notice.is_shown_at(now) or not self._is_notice_for_this_voice(notice):
                continue
            self._read.add(seq)
            if self._is_notice_stale(notice):
                continue
            self._reading[seq] = notice
            times = EMERGENCY_TIMES if notice.emergency else 1
            texts = notice_text_by_language(notice.text, notice.text_en)
            announcer.enqueue_notice_words(SpokenNotice(seq=seq, texts=texts, urgent=notice.emergency, times=times))

    def _is_notice_for_this_voice(self, notice: PushedNotice) -> bool:
        """Whether it is to be read aloud, and by the voice of this PC."""
        is_here = notice.display is None or notice.display.partition("#")[0] in self._here
        return is_here and (notice.spoken or notice.emergency)

    def _is_notice_stale(self, notice: PushedNotice) -> bool:
        """Whether it began too long ago to be read now; an emergency is read as long as it stands."""
        return not notice.emergency and self._clock() - (notice.begins or notice.since) >= STALE

    def _record_speaking_result(self, spoken: SpeakingResult) -> None:
        """Called on the announcer's thread, which lets trouble of the database go."""
        began = self._clock() - timedelta(milliseconds=spoken.ago_ms)
        for device, fault in ((ENGINE, spoken.engine_fault), (PLAYER, spoken.player_fault)):
            if fault is not None:
                self._fell_out(device, fault, began - timedelta(milliseconds=spoken.delay_ms))
        if spoken.spoken or spoken.cause in _FAULTS:
            self._tell(spoken.cause)
        announcing.record_call_announcement_result(
            self._desk,
            spoken.seq,
            self._station,
            began,
            link=spoken.link if spoken.spoken else None,
            text=spoken.text,
            sound_ms=spoken.sound_ms,
            delay_ms=spoken.delay_ms,
            cause=spoken.cause,
        )


_NO_CALL = datetime(2000, 1, 1, tzinfo=UTC)


class VoiceTester:
    """Tries the voice, one sound at a time. `play_trial_call` and `voice_links_and_player` take seconds, off the GUI
    thread; `stop_playing` on any."""

    def __init__(self, player: Callable[[], SoundPlayer] | None = None) -> None:
        """`player` gives what plays one sound; without it that is this system's."""
        self._new_player = player or _system_player
        self._lock = threading.Lock()
        self._player: SoundPlayer | None = None
        self._hushed = False

    def trial_call_texts(
        self, setup: Setup, spec: VoiceSpec, ticket: str, window: str, *, recall: bool = False
    ) -> dict[str, Any]:
        """Return a call in the words of `spec`: {"texts", "spoken"}, each by language in order; returns at once."""
        from queuedesk.voice.engines import displayed_call_phrase, spoken_call_phrase

        call = _trial_announcement(setup, ticket, window, recall=recall)
        languages = voice_languages(setup, spec)
        return {
            "texts": {lang: displayed_call_phrase(call, lang, spec) for lang in languages},
            "spoken": {lang: spoken_call_phrase(call, lang, spec) for lang in languages},
        }

    def play_trial_call(
        self,
        setup: Setup,
        spec: VoiceSpec,
        ticket: str,
        window: str,
        minute: int,
        *,
        recall: bool = False,
        out: Path | None = None,
    ) -> dict[str, Any]:
        """Say a call as it would sound at `minute` of the hall's day, or write it to `out` instead. Return {"texts",
        "spoken", "links", "link", "sound_ms", "played", "hushed", "muted"}; "played" is False where nothing speaks or
        no player took it. Raises OutsideError "cannot_write"."""
        from queuedesk.voice.engines import VoiceChain
        from queuedesk.voice.saying import write_trial_call

        self._hushed = False
        spoken = replace(spec, languages=voice_languages(setup, spec))
        call = _trial_announcement(setup, ticket, window, recall=recall)
        with tempfile.TemporaryDirectory(prefix="queuedesk-trial-") as folder:
            path = out or Path(folder) / "call.wav"
            with VoiceChain(clips=recorded_words_folder()) as chain:
                chain.available_languages()  # an engine that still starts is waited for
                tried = write_trial_call(spoken, call, minute, path, chain=chain)
            played = (
                bool(tried.sound_ms)
                and out is None
                and self._try_to_play_file_unless_hushed(path, tried.sound_ms / 1000)
            )
        muted = spec.hours_at_minute(minute).volume_pct == 0
        return {**asdict(tried), "played": played, "hushed": self._hushed, "muted": muted}

    def stop_playing(self) -> None:
        """Stop what is playing or about to play."""
        with self._lock:
            self._hushed = True
            if self._player is not None:
                self._player.stop()

    def voice_links_and_player(self) -> dict[str, Any]:
        """Return {"links": languages of each link in the order tried, "player": this PC's player or None}."""
        from queuedesk.voice.engines import VoiceChain

        with VoiceChain(clips=recorded_words_folder()) as chain:
            links = {link.name: list(link.languages()) for link in chain.links}
        return {"links": links, "player": self._new_player().name}

    def clips_folder_and_check(self, setup: Setup) -> dict[str, Any]:
        """Return {"folder", "clips": {language: {"there", "missing", "unreadable"}}} of this PC's recorded words."""

        folder = recorded_words_folder()
        return {"folder": str(folder), "clips": self.clip_check_by_language(setup, folder)}

    def clip_check_by_language(self, setup: Setup, folder: Path) -> dict[str, dict[str, list[str]]]:
        """Return by language which recordings of a hall's calls a folder has, lacks, and can't read."""
        from queuedesk.voice.saying import clip_coverage_of_folder

        languages = voice_languages(setup)
        found = {
            lang: clip_coverage_of_folder(folder, lang, setup.voice, sample_call_per_window(setup))
            for lang in languages
        }
        return {lang: {key: list(names) for key, names in asdict(one).items()} for lang, one in found.items()}

    def synthesize_missing_clips(self, setup: Setup, folder: Path) -> dict[str, int]:
        """Write the missing recordings of a hall by this PC's engine; return their number by language. Raises
        OutsideError "voice_silent", "cannot_write"."""
        from queuedesk.voice.engines import VoiceChain
        from queuedesk.voice.saying import write_missing_clips

        languages = voice_languages(setup)
        with VoiceChain() as chain:
            chain.available_languages()  # an engine that still starts is waited for
            return write_missing_clips(folder, languages, setup.voice, sample_call_per_window(setup), chain)

    def _try_to_play_file_unless_hushed(self, path: Path, length_s: float) -> bool:
        player = self._new_player()
        with self._lock:
            if self._hushed:
                return False
            self._player = player
        try:
            return player.play(path, length_s)
        finally:
            with self._lock:
                self._player = None
            player.stop()  # one that is a process of its own ends here


def _system_player() -> SoundPlayer:
    """Return this system's player, good for one sound: it may be stopped in the middle of it."""
    from queuedesk.voice.engines import EngineProcess
    from queuedesk.voice.sound import WavPlayer

    return EngineProcess() if EngineProcess.plays else WavPlayer()


def _trial_announcement(setup: Setup, ticket: str, window: str, *, recall: bool) -> announcement.Announcement:
    made = WindowCall(seq=0, time=_NO_CALL, date=_NO_CALL.date(), label=ticket, service="", window=window, staff=None)
    return announcement_of_call(setup, made, recall=int(recall))
