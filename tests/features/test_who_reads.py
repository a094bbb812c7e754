"""The page of rights says of every command that looks for whom it is."""

from __future__ import annotations

from queuedesk.cli.main import build_parser
from queuedesk.core.network.roles import Read
from tests.cli.parsers import every_command
from tests.features.added import is_added
from tests.features.test_reading import ELSEWHERE
from tests.rights_page import table


def test_every_command_that_looks_says_for_whom(qapp: object) -> None:
    told = {
        words: parser.get_default("reads")
        for words, parser in every_command(build_parser({}))
        if parser.get_default("reads") and not is_added(words)
    }

    assert {row["commands"]: row["what"] for row in table("Who reads what")} == {
        ", ".join(f"`{words}`" for words in sorted(told) if told[words] is read): str(read) for read in Read
    }
    looks = {words for words, _parser in every_command(build_parser({})) if words.endswith((" list", " show"))}
    looks = {words for words in looks if not is_added(words)}
    assert looks <= {*told, *ELSEWHERE}
