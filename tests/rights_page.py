"""The tables of rights.md beside this, as tests read them."""

from pathlib import Path

PAGE = Path(__file__).with_name("rights.md")


def table(title: str) -> list[dict[str, str]]:
    """Return the rows of the table under that heading, by their columns."""
    lines = PAGE.read_text(encoding="utf-8").split(f"### {title}\n")[1].splitlines()
    start = next(at for at, line in enumerate(lines) if line.startswith("| "))
    rows = []
    for line in lines[start:]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip("|").split("|")])
    return [dict(zip(rows[0], row, strict=True)) for row in rows[2:]]


def by_name(title: str, names: str, column: str) -> dict[str, str]:
    """Return what that column says of each name of the table's first one, which stand there between backticks."""
    return {name.strip("`"): row[column] for row in table(title) for name in row[names].split()}
