"""One voice on a PC: the process that holds the lock file speaks."""

from queuedesk.store.engine.filelock import FileLock


class VoiceLock(FileLock):
    """The right to speak on this PC."""

    def take(self) -> bool:
        """Return whether this object holds the lock now; never waits. A folder that can't be written keeps nobody
        silent."""
        try:
            return super().take()
        except OSError:
            return True
