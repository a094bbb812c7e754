"""Commands for several halls on a server: shown side by side, compared, given targets and one set-up."""

from tests.cli.test_sharing import shared  # noqa: F401
from tests.reports.read_back import pages_of


def test_halls_are_shown_side_by_side_and_compared_in_a_period_and_have_targets_to_sign(shared, tmp_path):  # noqa: F811
    about = ("region=East", "district=Harbour", "report_owner=Wang Fang", "name_en=West Hall")
    shared.ask("--hall", "B", "hall", "set", "seen_by=A/M1", *about)
    shared.ask("--hall", "B", "issue", "A")
    rows = shared.ask("--hall", "A", "--as", "M1", "halls")["halls"]
    assert [(row["hall"], row["waiting"]) for row in rows] == [("A", 0), ("B", 1)]
    assert [row["hall"] for row in shared.ask("--hall", "B", "--as", "M1", "halls")["halls"]] == ["B"]
    assert shared.refused("--as", "M1", "halls") == "hall_needed"
    lines = shared.say("halls").out.splitlines()
    assert [line.split()[0] for line in lines] == ["A", "B"]
    assert "1 waiting" in lines[1]
    found = shared.ask("--hall", "A", "--as", "M1", "halls", "compare", "month")
    told = [(row["hall"], row["region"], row["lies"]) for row in found["halls"]]
    assert told == [("A", "", "too_few"), ("B", "East", "too_few")]
    assert [row["region"] for row in found["regions"]] == ["East", ""]
    lines = shared.say("--hall", "A", "halls", "compare", "day").out.splitlines()
    assert lines[0] == "No service has enough ratings in several halls to compare them like for like."
    file = tmp_path / "halls.pdf"
    shared.ask("--hall", "A", "halls", "compare", "month", "--out", file, "--by", "district", "--lang", "en")
    (page,) = pages_of(file.read_bytes())
    assert "Harbour" in page
    # Each hall has a page of targets.
    shared.ask("--hall", "B", "target", "add", "measure=within_target", "value=85")
    file = tmp_path / "targets.pdf"
    answer = shared.ask("--hall", "A", "--as", "M1", "halls", "targets", "--out", file, "--lang", "en")
    pages = pages_of(file.read_bytes())
    assert (answer["halls"], len(pages)) == (["A", "B"], 2)
    assert "West Hall" in pages[1] and "For the hall: Wang Fang" in pages[1] and "at least 85 %" in pages[1]
    assert "Wang Fang" not in pages[0]
    assert shared.say("--hall", "A", "halls", "targets", "--out", tmp_path / "t.txt").status == 2


def test_one_set_up_is_pushed_to_another_hall_and_taken_back(shared):  # noqa: F811
    shared.ask("--hall", "B", "hall", "set", "led_by=A/AD")
    shared.ask("--hall", "A", "service", "set", "A", "name_en=Pay here", "--keep")
    push = ("--hall", "A", "--as", "AD", "halls", "push", "--what", "words")
    seen = {row["hall"]: row for row in shared.ask(*push, "--preview")["halls"]}
    lines = shared.say(*push, "--preview").out.splitlines()
    done = shared.ask(*push, "--at-once", "--to", "B")
    assert [(one["field"], one["then"]) for one in seen["B"]["changes"]] == [("name_en", "Pay here")]
    assert lines[0].endswith("where it comes from")
    assert lines[2] == "  A Pay here: English name: Pay a bill → Pay here"
    assert [(row["hall"], row["became"]) for row in done["halls"]] == [("B", "push")]
    assert "A  Pay here" in shared.say("--hall", "B", "service", "list").out
    assert shared.refused(*push) == "nothing_to_push"
    told = shared.ask("--hall", "A", "--as", "AD", "halls", "pushes")["pushes"]
    assert [(row["n"], row["by"], row["what"]) for row in told] == [(done["n"], "AD", ["words"])]
    assert shared.refused("--hall", "A", "--as", "M1", "halls", "undo", str(done["n"])) == "not_your_role"
    back = shared.say("--hall", "A", "--as", "AD", "halls", "undo", str(done["n"]), "--in", "B")
    assert back.out == "B  taken back, 1 change\n"
    assert "A  Pay a bill" in shared.say("--hall", "B", "service", "list").out
