"""Texts as markup: as the standard library puts them, without what it loads."""

import subprocess
import sys
from xml.sax import saxutils

import pytest

from queuedesk.reports.draw.pdf import escape, unescape


@pytest.mark.parametrize("text", ["", "A001", "a & b < c > d", "&lt;b&gt;", "&amp;lt;", "“更名” 'x' \"y\"", "&&<<>>"])
def test_a_text_comes_back_from_its_markup(text):
    assert escape(text) == saxutils.escape(text)
    assert unescape(escape(text)) == text
    assert unescape(text) == saxutils.unescape(text)


def test_a_paper_loads_nothing_that_talks_to_a_network():
    told = """
import sys
from queuedesk.reports.papers import slips, tickets
print([name for name in ("http.client", "urllib.request") if name in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, encoding="utf-8")

    assert (done.stdout, done.stderr) == ("[]\n", "")
