"""The table of readings that comes with the program is the one the script makes."""

from queuedesk.i18n.names import TABLE, readings
from queuedesk.paths import resource
from scripts.build_pinyin import CHARACTERS, table


def test_the_table_is_the_one_the_script_makes_and_each_character_of_it_is_read():
    assert resource(*TABLE).read_text(encoding="utf-8") == table()
    read = readings([chr(number) for number in CHARACTERS])
    assert len(read) > 26_000
    assert read["曾"] == ("ceng", "zeng")
    assert "A" not in readings("A")
