"""The one way to find a file that comes with the program, and where a hall stands that nobody gave another place."""

from pathlib import Path

NAME = "queuedesk"
_PACKAGE = Path(__file__).resolve().parent
# An installed copy carries the folder inside the package, a checkout has it beside the package.
_INSIDE = _PACKAGE / "resources"
_ROOT = _INSIDE if _INSIDE.is_dir() else _PACKAGE.parent / "resources"


def resource_path(*parts: str) -> Path:
    """Return the path of a file or folder under resources/, which may not exist."""
    return _ROOT.joinpath(*parts)


def data_folder() -> Path:
    """Return the folder of this user's halls, backups and reports, which may not exist."""
    import platformdirs

    return Path(platformdirs.user_data_dir(NAME, appauthor=False))


def config_folder() -> Path:
    """Return the folder of this PC's settings for this user, which may not exist."""
    import platformdirs

    return Path(platformdirs.user_config_dir(NAME, appauthor=False))


def password_file() -> Path:
    """Return the file with this user's passwords of shared halls, in the format of PostgreSQL's library."""
    return config_folder() / "passfile"


def default_hall_file() -> Path:
    """Return the default place of this PC's hall."""
    return data_folder() / "hall.sqlite"
