"""Speaks the hall's calls, one voice on a PC, and notes what became of each; reads a screen aloud to one person."""

from __future__ import annotations

import contextlib
import tempfile
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path

from msgspec import Struct, field
from msgspec.structs import replace

from queuedesk.core.errors import OutsideError, QueueDeskError
from queuedesk.core.talk.announcement import Announcement
from queuedesk.files.writing import FileLock
from queuedesk.paths import resource_path
from queuedesk.voice import engines, saying, sound
from queuedesk.voice.sound import PauseBetweenSounds, Samples, SoundPlayer, WavPlayer, sound_length_s
from queuedesk.watch import WatchedThread, report_bug

# -- one voice on a PC: the process that holds the lock file speaks --------------------------------------------------


class VoiceLock(FileLock):
    """The right to speak on this PC."""

    def try_to_take(self) -> bool:
        """Take the lock without waiting; return whether this object holds it now. A folder that can't be written
        silences nobody."""
        try:
            return super().try_to_take()
        except OSError:
            return True


# -- plays one turn of the voice piece by piece, and records what became of each call --------------------------------

_FULL_PCT = 100
_TO_START_S = 0.1
"""What a player needs before the first sound."""


class _AnnouncementProgress(Struct):
    """How a turn goes: by which link, in which languages a voice was heard, for how long, since when."""

    link: engines.LinkName = "none"
    languages: list[str] = field(default_factory=list)
    played_s: float = 0.0
    begun_s: float | None = None
    cause: str | None = None


class AnnouncementSpeaker:
    """Plays turns. Used by the announcer's thread; only `withdraw_spoken_notice` and `is_stopping` come from others.
    Each language of each repetition is played separately, after checking who waits, so that a call never waits for more
    than one sentence."""

    def __init__(
        self,
        calls: saying.WaitingAnnouncements,
        changed: threading.Condition,
        player: SoundPlayer,
        voicing: saying.AnnouncementSynthesiser,
        *,
        tell: Callable[[saying.SpeakingResult], None],
        clock: Callable[[], float],
    ) -> None:
        """`changed` guards `calls`; `tell` gets what became of each call and notice."""
        self._calls, self._changed, self._player, self._voicing = calls, changed, player, voicing
        self._tell, self._clock = tell, clock
        self._reading: int | None = None
        self.is_stopping = False

    def speak_turn(
        self, turn: saying.NextCallsToSay | saying.NoticeTurn, manner: saying.VoiceManner
    ) -> tuple[str, ...] | None:
        """Say a turn and report the result; return the languages that had a voice, None if none was asked for one."""
        if isinstance(turn, saying.NoticeTurn):
            self._speak_notice(turn, manner)
            return None
        return self._say_calls_and_give_voiced_languages(turn, manner)

    def withdraw_spoken_notice(self, seq: int) -> None:
        """Read no further sentence of a notice. Call it with `changed` held."""
        if self._reading == seq:
            self._reading = None

    # -- calls ---------------------------------------------------------------------------------------------------------

    def _say_calls_and_give_voiced_languages(
        self, turn: saying.NextCallsToSay, manner: saying.VoiceManner
    ) -> tuple[str, ...] | None:
        for item in turn.too_late:
            self._report_call_result(item, manner, _AnnouncementProgress(cause=saying.TOO_MANY))
        if manner.spec.hours_at_minute(manner.minute).volume_pct == 0:
            for item in turn.items:
                self._report_call_result(item, manner, _AnnouncementProgress(cause=saying.MUTED))
            return None
        if not turn.items:
            return None
        items, voiced = self._leave_out_and_report_late_calls(
            turn.items, self._voicing.call_sounds(turn.items, manner), manner
        )
        heard = _AnnouncementProgress()
        if not voiced:
            self._play_chime_alone(heard, manner)
        elif items:
            times = 1 if turn.is_merged else manner.spec.times
            segments = [(round_of, place) for round_of in range(times) for place in range(len(voiced))]
            for round_of, place in segments:
                if not self._may_say_next_language(voiced, round_of, place, manner):
                    break
                chime = self._voicing.chime_parts(manner) if round_of == place == 0 else []
                if not self._play_piece_and_tell_if_heard(chime, voiced[place], heard):
                    break
            if heard.languages and (turn.too_late or len(items) < len(turn.items)):
                self._say_look_at_the_screen(heard.languages[0], manner)
        self._report_finished_calls(items, voiced, heard, manner, is_merged=turn.is_merged)
        return tuple(sounds.language for sounds in voiced)

    def _leave_out_and_report_late_calls(
        self, items: tuple[saying.WaitingCall, ...], voiced: list[saying.LanguageSounds], manner: saying.VoiceManner
    ) -> tuple[tuple[saying.WaitingCall, ...], list[saying.LanguageSounds]]:
        """Leave out, now that the sounds are there, what would begin too late; it is reported."""
        begins_s = self._clock() + _TO_START_S + saying.total_duration_s(self._voicing.chime_parts(manner))
        late: list[int] = []
        for place, item in enumerate(items):
            if item.is_late(begins_s):
                late.append(place)
                self._report_call_result(item, manner, _AnnouncementProgress(cause=saying.TOO_MANY))
            elif voiced:  # one left out lets those behind it begin earlier
                begins_s += voiced[0].call_duration_s(place)
        kept = tuple(item for place, item in enumerate(items) if place not in late)
        return kept, [sounds.without_calls(late) for sounds in voiced]

    def _may_say_next_language(
        self, voiced: Sequence[saying.LanguageSounds], round_of: int, place: int, manner: saying.VoiceManner
    ) -> bool:
        """Return whether the next language, or the next time, is said, with those in mind who wait."""
        if round_of == place == 0:
            return True
        lengths = self._voicing.next_call_lengths(manner)
        with self._changed:
            if round_of:
                rest_s = sum(sounds.length_s for sounds in voiced[place:])
                return self._calls.may_repeat_call(self._clock(), rest_s, lengths)
            return self._calls.may_add_next_language(self._clock(), voiced[place].length_s, lengths)

    def _say_look_at_the_screen(self, language: str, manner: saying.VoiceManner) -> None:
        """Tell those whose numbers could not be said in time where they stand; it is part of nobody's call."""
        hours = manner.spec.hours_at_minute(manner.minute)
        ending = self._voicing.notice_piece_sound(
            engines.look_at_screen_phrase(language), language, manner, volume_pct=hours.volume_pct
        )
        if ending is not None:
            with self._changed:
                costs_nobody = self._calls.may_add_next_language(
                    self._clock(), ending.length_s, self._voicing.next_call_lengths(manner)
                )
            if costs_nobody:
                self._try_to_play_noting_progress(list(ending.parts_with_pauses()), _AnnouncementProgress(), 0.0)

    def _report_finished_calls(
        self,
        items: tuple[saying.WaitingCall, ...],
        voiced: list[saying.LanguageSounds],
        heard: _AnnouncementProgress,
        manner: saying.VoiceManner,
        *,
        is_merged: bool,
    ) -> None:
        """Tell what became of each call of a turn; of several each has its own length and beginning."""
        spoken = [sounds for sounds in voiced if sounds.language in heard.languages]
        call_start_times_s = voiced[0].call_start_times_s() if voiced else [0.0] * len(items)
        for place, (item, start_s) in enumerate(zip(items, call_start_times_s, strict=True)):
            own = heard
            if is_merged and heard.begun_s is not None and spoken:
                played_s = sum(sound_length_s(sounds.sounds[place]) for sounds in spoken)
                own = replace(heard, played_s=played_s, begun_s=heard.begun_s + start_s)
            self._report_call_result(item, manner, own, is_short=is_merged)

    def _report_call_result(
        self,
        item: saying.WaitingCall,
        manner: saying.VoiceManner,
        heard: _AnnouncementProgress,
        *,
        is_short: bool = False,
    ) -> None:
        if self.is_stopping:
            return
        call = item.announcement
        texts = [
            engines.displayed_short_call(call, language)
            if is_short
            else engines.displayed_call_phrase(call, language, manner.spec)
            for language in heard.languages or manner.languages
        ]
        if not heard.languages:
            with self._changed:
                self._calls.forget_begun_call(call.ticket)
        for seq in item.seqs:
            spoken = self._speaking_result(seq, " ".join(texts), item.due_s, heard)
            self._tell(replace(spoken, ticket=call.ticket, window=call.window))

    # -- words ---------------------------------------------------------------------------------------------------------

    def _speak_notice(self, turn: saying.NoticeTurn, manner: saying.VoiceManner) -> None:
        words = turn.words
        volume_pct = _FULL_PCT if words.urgent else manner.spec.hours_at_minute(manner.minute).volume_pct
        heard = _AnnouncementProgress(turn.link, list(turn.languages), turn.played_s, turn.begun_s)
        pieces = saying.notice_pieces(words.texts, manner.languages) * words.times
        if volume_pct == 0:
            heard.cause, pieces = saying.MUTED, []
        with self._changed:
            self._reading = words.seq
        for place in range(turn.begun, len(pieces)):
            if place > turn.begun and self._put_back_if_call_waits(turn, place, heard):
                return
            if self._reading is None:
                break
            language, piece = pieces[place]
            voiced = self._voicing.notice_piece_sound(piece, language, manner, volume_pct=volume_pct)
            chime = self._voicing.chime_parts(manner, volume_pct=volume_pct) if heard.begun_s is None else []
            if voiced is not None and not self._play_piece_and_tell_if_heard(chime, voiced, heard):
                break
        if not heard.languages and heard.cause is None:
            if self._reading is None:
                return
            self._play_chime_alone(heard, manner)
        self._report_notice_result(turn, heard)

    def _put_back_if_call_waits(self, turn: saying.NoticeTurn, place: int, heard: _AnnouncementProgress) -> bool:
        """Put the rest of a notice back where a call waits; an emergency is read to its end."""
        with self._changed:
            if turn.words.urgent or not (self._calls.has_urgent_notice or self._calls.has_due_call(self._clock())):
                return False
            if self._reading is None:
                return False
            rest = replace(
                turn,
                begun=place,
                link=heard.link,
                languages=tuple(heard.languages),
                played_s=heard.played_s,
                begun_s=heard.begun_s,
            )
            self._calls.put_back_notice(rest)
            self._reading = None
            return True

    def _report_notice_result(self, turn: saying.NoticeTurn, heard: _AnnouncementProgress) -> None:
        if self.is_stopping:
            return
        with self._changed:
            self._reading = None
        words = turn.words
        texts = [words.texts[language] for language in heard.languages] or list(words.texts.values())
        self._tell(self._speaking_result(words.seq, " ".join(texts), turn.due_s, heard))

    # -- sounds --------------------------------------------------------------------------------------------------------

    def _play_piece_and_tell_if_heard(
        self, chime: list[Samples | PauseBetweenSounds], voiced: saying.LanguageSounds, heard: _AnnouncementProgress
    ) -> bool:
        """Play one piece in one language; return whether the player said that it did."""
        if not self._try_to_play_noting_progress(
            [*chime, *voiced.parts_with_pauses()], heard, saying.total_duration_s(chime)
        ):
            if not heard.languages:
                heard.cause = saying.NO_SOUND
            return False
        heard.link = max(heard.link if heard.languages else voiced.link, voiced.link, key=self._voicing.link_position)
        heard.languages += [voiced.language] if voiced.language not in heard.languages else []
        return True

    def _play_chime_alone(self, heard: _AnnouncementProgress, manner: saying.VoiceManner) -> None:
        """Nothing speaks: at least let people look up. It does not count as spoken."""
        chime = self._voicing.chime_parts(manner)
        heard.cause = saying.NO_VOICE
        if chime:
            if self._try_to_play_noting_progress(chime, heard, 0.0):
                heard.link = "chime"
            else:
                heard.cause = saying.NO_SOUND

    def _try_to_play_noting_progress(
        self, parts: list[Samples | PauseBetweenSounds], heard: _AnnouncementProgress, before_s: float
    ) -> bool:
        if self.is_stopping:
            return False
        begins_s = self._clock()
        try:
            path, played_s = self._voicing.write(parts)
            is_played = self._player.play(path, played_s)
        except OutsideError:
            return False
        if is_played:
            heard.played_s += played_s
            heard.begun_s = begins_s + before_s if heard.begun_s is None else heard.begun_s
        return is_played

    def _speaking_result(
        self, seq: int, text: str, due_s: float, heard: _AnnouncementProgress
    ) -> saying.SpeakingResult:
        now_s = self._clock()
        begun_s = now_s if heard.begun_s is None else heard.begun_s
        return saying.SpeakingResult(
            seq=seq,
            link=heard.link,
            spoken=bool(heard.languages),
            text=text,
            sound_ms=round(heard.played_s * 1000),
            cause=None if heard.languages else heard.cause,
            delay_ms=max(0, round((begun_s - due_s) * 1000)),
            ago_ms=max(0, round((now_s - begun_s) * 1000)),
        )


_STOP_S = 0.9
_KEPT = 50


class Announcer:
    """Owns the voice of this PC: its thread, the engine's process and the player. Each call is a chime and then its
    sentence in every language, all of it as often as the hall says (zh, en, zh, en), so that everybody has heard it
    once before it is repeated. Nothing overlaps, and no number begins more than 15 s after its picture: while others
    wait nothing is repeated, several at once share one announcement, the second language is left out if it would make
    somebody late, and a call that is still too late is reported as not spoken."""

    def __init__(
        self,
        manner: Callable[[], saying.VoiceManner],
        report: Callable[[saying.SpeakingResult], None],
        player: SoundPlayer | None = None,
        chain: engines.VoiceChain | None = None,
        *,
        lock: VoiceLock | None = None,
        chime: Path | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Start at once.

        Args:
            manner: how to speak now; asked on the announcer's own thread and on that of `say`. report: gets one
            SpeakingResult per call or notice, on the announcer's own thread; a QueueDeskError it raises is let go.
            lock: without it this announcer speaks whoever else does. clock: steady seconds; measures gaps and delays,
            never shown."""
        self._manner = manner
        self._report = report
        self._chain = chain or engines.VoiceChain()
        self._player: SoundPlayer = player or engine_or_program_sound_player(self._chain)
        self._lock = lock
        self._clock = clock
        self._changed = threading.Condition()
        self._calls = saying.WaitingAnnouncements(manner().gap_s)
        self._folder = tempfile.TemporaryDirectory(prefix="queuedesk-voice-", ignore_cleanup_errors=True)
        self._voicing = saying.AnnouncementSynthesiser(
            self._chain, Path(self._folder.name), chime or resource_path("sounds", "chime.wav")
        )
        self._speaker = AnnouncementSpeaker(
            self._calls, self._changed, self._player, self._voicing, tell=self._record_and_report_spoken, clock=clock
        )
        self._is_stopping = False
        self._is_speaker = False
        self._missing: tuple[str, ...] = ()
        self._recent: deque[saying.SpeakingResult] = deque(maxlen=_KEPT)
        self._silent: deque[saying.SpeakingResult] = deque(maxlen=_KEPT)
        self._turn: saying.NextCallsToSay | saying.NoticeTurn | None = None
        self._told: set[int] = set()
        self._thread = WatchedThread(self._announce_turns, "announcer", failed=self._report_lost_announcements)
        self._thread.start()

    def enqueue_call(self, announcement: Announcement) -> None:
        """Take a call to be spoken; returns at once."""
        gap_s = self._manner().gap_s
        with self._changed:
            self._calls.gap_s = gap_s
            self._calls.add_call(announcement, self._clock())
            self._changed.notify()

    def enqueue_notice_words(self, words: saying.SpokenNotice) -> None:
        """Take a notice to be read while no call waits; between its sentences calls go first. Returns at once."""
        with self._changed:
            self._calls.add_waiting_notice(words, self._clock())
            self._changed.notify()

    def withdraw_ticket(self, ticket: str) -> None:
        """Drop what waits for a ticket whose customer has come or gone; what is being spoken goes on. Not reported."""
        with self._changed:
            self._calls.withdraw_ticket(ticket)

    def withdraw_spoken_notice(self, seq: int) -> None:
        """Drop a notice that has ended; of one that is being read the sentence is finished. Not reported unless some of
        it was read."""
        with self._changed:
            self._calls.withdraw_spoken_notice(seq)
            self._speaker.withdraw_spoken_notice(seq)

    def available_languages(self) -> tuple[str, ...]:
        """Return the hall's languages that have a voice, as last known."""
        return self.voice_status().languages

    def voice_status(self) -> saying.VoiceStatus:
        """Return the voice's state; returns at once."""
        languages = self._manner().languages
        with self._changed:
            return saying.VoiceStatus(
                is_speaker=self._is_speaker,
                player=self._player.name,
                languages=tuple(language for language in languages if language not in self._missing),
                missing=self._missing,
                waiting=len(self._calls),
                last=self._recent[-1] if self._recent else None,
                silent=tuple(self._silent),
                recent=tuple(self._recent),
                restarts=self._chain.restarts,
            )

    def stop(self) -> None:
        """Stop the voice within a second, in the middle of a word if necessary; what waits is neither spoken nor
        reported."""
        with self._changed:
            self._is_stopping = self._speaker.is_stopping = True
            self._changed.notify()
        self._player.stop()
        self._chain.close()
        self._thread.join(_STOP_S)
        self._folder.cleanup()
        if self._lock is not None:
            self._lock.release()

    def _announce_turns(self) -> None:
        self._become_speaker()
        while (turn := self._next_turn_when_due()) is not None:
            # Another process on this PC speaks and reports the same call.
            if self._is_speaker or self._become_speaker():
                self._turn, self._told = turn, set()
                spoken = self._speaker.speak_turn(turn, self._manner())
                self._turn = None
                if spoken is not None:
                    self._note_missing_languages(spoken)

    def _report_lost_announcements(self, _bug: BaseException) -> None:
        """Report the turn that a bug cut short as not heard; the thread then starts again."""
        turn, self._turn = self._turn, None
        if isinstance(turn, saying.NextCallsToSay):
            calls = [item.announcement for item in (*turn.items, *turn.too_late)]
            named: list[tuple[int, str | None, str]] = [(call.seq, call.ticket, call.window) for call in calls]
        else:
            named = [(turn.words.seq, None, "")] if turn is not None else []
        for seq, ticket, window in named:
            if seq not in self._told:
                silent = saying.SpeakingResult(
                    seq=seq,
                    link="none",
                    spoken=False,
                    text="",
                    sound_ms=0,
                    cause=saying.NO_SOUND,
                    ticket=ticket,
                    window=window,
                )
                try:
                    self._record_and_report_spoken(silent)
                except Exception as again:  # noqa: BLE001 - whoever is told met a bug too
                    report_bug(again)

    def _become_speaker(self) -> bool:
        """Become this PC's speaker if nobody else is, unless stopped; look then which voices there are."""
        with self._changed:  # What is taken after `stop` would never be released.
            if self._is_stopping or (self._lock is not None and not self._lock.try_to_take()):
                return False
        self._chain.start()
        spoken = self._chain.available_languages()
        self._note_missing_languages(spoken)
        with self._changed:
            self._is_speaker = True
        return True

    def _note_missing_languages(self, spoken: tuple[str, ...]) -> None:
        missing = tuple(language for language in self._manner().languages if language not in spoken)
        with self._changed:
            self._missing = missing

    def _next_turn_when_due(self) -> saying.NextCallsToSay | saying.NoticeTurn | None:
        """Wait for what is due next; None when the announcer ends."""
        with self._changed:
            while not self._is_stopping:
                now_s = self._clock()
                turn = self._calls.take_next_turn(now_s, self._voicing.next_call_lengths(self._manner()))
                if turn is not None:
                    return turn
                self._changed.wait(self._calls.seconds_until_due(now_s))
            return None

    def _record_and_report_spoken(self, spoken: saying.SpeakingResult) -> None:
        """Keep and report the result of one call or notice, on the announcer's own thread."""
        player = self._player.take_fault() if isinstance(self._player, WavPlayer) else None
        spoken = replace(spoken, engine_fault=self._chain.take_fault(), player_fault=player)
        self._told.add(spoken.seq)
        with self._changed:
            self._recent.append(spoken)
            if not spoken.spoken:
                self._silent.append(spoken)
        # The hall's database is away, or the hall works elsewhere by now; the status keeps what happened.
        with contextlib.suppress(QueueDeskError):
            self._report(spoken)


def engine_or_program_sound_player(chain: engines.VoiceChain) -> SoundPlayer:
    """Return this system's player: a program, or on Windows the engine's process with winsound."""
    for link in chain.links:
        if isinstance(link, engines.EngineProcess) and link.plays:
            return link
    return WavPlayer()


VOLUMES_PCT = (6, 13, 25, 50, 100)
"""Steps of about 6 dB, 24 dB from end to end; EN 301 549 (8.2.1) asks for 18 dB and one step 12 dB above the lowest."""
USUAL_VOLUME = 3
"""The third of the five steps, to which every customer comes."""
_PEAK = 30_000


class TextInPartsSpeaker:
    """Speaks texts in parts, each begun as soon as it is ready. Every function returns at once and may come from any
    thread. `heard` is called for each text that was not cut off, with whether a player reported that all of it was
    played."""

    def __init__(
        self,
        *,
        chain: Callable[[], engines.VoiceChain] = engines.VoiceChain,
        player: Callable[[engines.VoiceChain], SoundPlayer] | None = None,
        heard: Callable[[str, bool], None] = lambda _text, _played: None,
    ) -> None:
        self._make_chain, self._make_player, self._heard = chain, player or engine_or_program_sound_player, heard
        self._changed = threading.Condition()
        self._wanted: tuple[int, tuple[str, ...], str] | None = None
        self._number = 0
        self._volume = USUAL_VOLUME
        self._is_stopping = False
        self._chain: engines.VoiceChain | None = None
        self._player: SoundPlayer | None = None
        self._thread: WatchedThread | None = None

    @property
    def volume_step(self) -> int:
        """The step of the volume, 1 to 5."""
        return self._volume

    def set_volume_step(self, volume: int) -> int:
        """Set the volume to this step from the next part on, 0 for the default; return the step in use."""
        self._volume = min(len(VOLUMES_PCT), max(1, volume)) if volume else USUAL_VOLUME
        return self._volume

    def speak(self, parts: Sequence[str], language: str) -> None:
        """Say this now, interrupting what is being said."""
        with self._changed:
            if self._is_stopping:
                return
            self._number += 1
            self._wanted = (self._number, tuple(part for part in parts if part.strip()), language)
            self._stop_playing_sound()
            if self._thread is None:
                self._thread = WatchedThread(self._speak_prompts_until_stopped, "prompts")
                self._thread.start()
            self._changed.notify()

    def stop_speaking(self) -> None:
        with self._changed:
            self._number += 1
            self._wanted = None
            self._stop_playing_sound()

    def stop(self) -> None:
        with self._changed:
            self._is_stopping = True
            self._number += 1
            self._wanted = None
            self._stop_playing_sound()
            if self._chain is not None:
                self._chain.close()
            self._changed.notify()
        if self._thread is not None:
            self._thread.join()

    def _stop_playing_sound(self) -> None:
        """End what plays; a player that was stopped plays nothing more, the next text gets its own."""
        if self._player is not None:
            self._player.stop()
            if not isinstance(self._player, WavPlayer):
                self._chain = None  # the engine that spoke is closed with it
            self._player = None

    def _speak_prompts_until_stopped(self) -> None:
        with tempfile.TemporaryDirectory(prefix="queuedesk-prompts-") as folder:
            while True:
                with self._changed:
                    while self._wanted is None and not self._is_stopping:
                        self._changed.wait()
                    if self._is_stopping or self._wanted is None:
                        return
                    number, parts, language = self._wanted
                    self._wanted = None
                self._speak_prompt(number, parts, language, Path(folder))

    def _speak_prompt(self, number: int, parts: Sequence[str], language: str, folder: Path) -> None:
        played = bool(parts)
        for part in parts:
            with self._changed:
                if number != self._number:
                    return
                chain = self._chain = self._chain or self._make_chain()
                player = self._player = self._player or self._make_player(chain)
            done = self._say_part_and_tell_success(chain, player, part, language, folder / "part.wav")
            if number != self._number:
                return
            played = played and done
            if not done:
                break
        self._heard(" ".join(parts), played)

    def _say_part_and_tell_success(
        self, chain: engines.VoiceChain, player: SoundPlayer, text: str, language: str, path: Path
    ) -> bool:
        if chain.synthesise(engines.spoken_notice_text(text, language), language, path) is None:
            return False
        try:
            samples = sound.read_wav(path)
            peak = max(1, sound.peak_amplitude(samples))
            level = round(VOLUMES_PCT[self._volume - 1] * _PEAK / peak)
            length_s = sound.write_wav(
                [sound.quieter_sound(samples, min(level, round(_FULL_PCT * _PEAK / peak)))], path
            )
        except OutsideError:
            return False
        return player.play(path, length_s)
