"""Windows for a flow of people, from the command line, without any hall."""

from pathlib import Path

import pytest

from tests.cli.commands import Console, process

FLOW = ("staffing", "--arrivals", 60, "--handling", 5)


def test_what_windows_make_of_a_flow(bare: Console):
    found = bare.ask(*FLOW, "--windows", 6)

    assert found == {"windows": 6, "p_wait": 0.587516, "mean_wait": 2.937582, "within": None}
    assert bare.ask(*FLOW, "--windows", 6, "--within", 5)["within"] == pytest.approx(0.7839, abs=1e-4)


@pytest.mark.parametrize(("arrivals", "minutes", "windows"), [(60, 5, 6), (30, 20, 12)])
def test_the_fewest_windows(bare: Console, arrivals: int, minutes: int, windows: int):
    words = ("staffing", "--arrivals", arrivals, "--handling", minutes, "--target", "0.8", "--within", 10)

    assert set(bare.ask(*words)) == {"windows", "p_wait", "mean_wait", "within"}
    assert bare.ask(*words)["windows"] == windows
    assert f"{windows} windows: " in bare.say(*words).out


def test_an_overload_has_no_figures_and_says_so(bare: Console):
    found = bare.ask(*FLOW, "--windows", 5, "--within", 10)

    assert [found[key] for key in ("windows", "p_wait", "mean_wait", "within")] == [5, None, None, None]
    assert found["warning"] == bare.say(*FLOW, "--windows", 5).out.strip()
    assert "can't keep up" in found["warning"]


def test_windows_and_a_target_together(bare: Console):
    found = bare.ask(*FLOW, "--windows", 5, "--target", "95%", "--within", "5")

    assert (found["windows"], found["needed"]) == (5, 7)
    assert (
        "For 95 % within 5 min it takes 7 windows."
        in bare.say(*FLOW, "--windows", 9, "--target", "０．９５", "--within", 5).out
    )


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("--arrivals", "60"),
        ("--arrivals", "60", "--handling", "5"),
        ("--arrivals", "60", "--handling", "5", "--within", "10"),
        ("--arrivals", "60", "--handling", "5", "--target", "0.8"),
        ("--arrivals", "60", "--handling", "5", "--target", "1", "--within", "10"),
        ("--arrivals", "60", "--handling", "5", "--target", "100%", "--within", "10"),
        ("--arrivals", "60", "--handling", "5", "--target", "0", "--within", "10"),
        ("--arrivals", "60", "--handling", "5", "--target", "%", "--within", "10"),
        ("--arrivals", "60", "--handling", "0", "--windows", "6"),
        ("--arrivals", "60", "--handling", "nan", "--windows", "6"),
        ("--arrivals", "inf", "--handling", "5", "--windows", "6"),
        ("--arrivals", "-1", "--handling", "5", "--windows", "6"),
        ("--arrivals", "60", "--handling", "5", "--windows", "6.5"),
        ("--arrivals", "60", "--handling", "5", "--windows", "6", "--within", "-1"),
        ("--arrivals", "60", "--handling", "5000", "--windows", "6"),
    ],
)
def test_words_that_make_no_figures_are_wrong_usage(bare: Console, words: tuple[str, ...]):
    answer = bare.say("staffing", *words)

    assert (answer.status, answer.out) == (2, "")
    assert answer.err.startswith("Usage: ")


def test_nobody_and_very_many(bare: Console):
    assert bare.ask("staffing", "--arrivals", 0, "--handling", 5, "--windows", 1, "--within", 0)["within"] == 1
    assert bare.ask("staffing", "--arrivals", 100000, "--handling", 60, "--windows", 200000)["p_wait"] == 0


def test_no_hall_is_needed(tmp_path: Path):
    answer = process(tmp_path / "none.sqlite", "--lang", "zh_CN", *FLOW, "--target", "0.8", "--within", "10")

    assert (answer.status, answer.err) == (0, "")
    assert answer.out.startswith("6 个窗口：58.8 % 的客户要等")
    assert not list(tmp_path.iterdir())
