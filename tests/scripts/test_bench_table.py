"""The table of scripts/bench/all.py: what a run adds to it, and what it says became worse."""


def test_a_run_is_a_column_the_first_and_the_newest_stay_and_worse_is_said_beyond_its_bound_only(bench):
    table = bench.Table([], {})
    for n in range(1, 7):
        table = bench.with_column(table, f"day {n}", {"issue": bench.Figure(1 + n / 10, "× plain SQL", 1.3)})
    lines = bench.table_lines(table)
    assert lines.splitlines()[0] == "| figure | unit | limit | day 1 | day 4 | day 5 | day 6 |"
    assert lines.splitlines()[2] == "| issue | × plain SQL | 1.3 | 1.1 | 1.4 | 1.5 | 1.6 |"
    assert bench.read_table(f"# Speed\n\nWords.\n\n{lines}\nMore words.\n") == table
    table = bench.with_column(bench.Table([], {}), "day 1", {"call": bench.Figure(1.2, "× plain SQL", None)})
    table = bench.with_column(table, "day 2", {"start": bench.Figure(1234.5, "ms", None)})
    assert table.rows == {"call": ["× plain SQL", "", "1.2", ""], "start": ["ms", "", "", "1234"]}
    assert bench.last_values(table) == {"call": 1.2, "start": 1234}
    found = {name: bench.Figure(value, "×", None) for name, value in (("issue", 1.54), ("call", 1.64), ("new", 9))}
    assert bench.worse(found, {"issue": 1.4, "call": 1.4}, 1.1) == ["call: 1.64 ×, 1.17 times the 1.4 before"]


def test_speed_red_needs_the_median_of_three_tries(bench, monkeypatch, tmp_path, capsys):
    speed = tmp_path / "speed.md"
    table = bench.with_column(bench.Table([], {}), "day 1", {"issue": bench.Figure(1.0, "× plain SQL", None)})
    speed.write_text(bench.table_lines(table), encoding="utf-8")
    monkeypatch.setattr(bench, "SPEED", speed)
    monkeypatch.setattr(bench, "BENCHES", (bench.Bench("commands.py", "", ""), bench.Bench("year_report.py")))

    def tried(*values: float) -> tuple[int, int]:
        left = list(values)
        monkeypatch.setattr(bench, "run", lambda file, words: {"issue": bench.Figure(left.pop(0), "× plain SQL", None)})
        return bench.short(), len(left)

    assert tried(1.4, 9, 9) == (0, 2)  # a machine that was busy once
    assert tried(1.6, 1.4, 9) == (0, 1)
    assert tried(1.6, 1.7, 1.4) == (1, 0)
    assert "issue: 1.6 × plain SQL, 1.60 times the 1 before" in capsys.readouterr().out


def test_time_and_memory_are_measured_each_at_its_own_moment(bench, monkeypatch):
    asked = []
    monkeypatch.setattr(bench, "run", lambda file, words: asked.append(file) or {"x": bench.Figure(1.0, "×", None)})
    bench.short([bench.MEMORY])
    beside = set(asked)
    bench.short([bench.TIME])
    assert beside == {"idle_stations.py"}
    assert sorted(asked) == sorted(one.file for one in bench.BENCHES if one.short is not None)


def test_a_bench_that_measures_nothing_is_red(bench, monkeypatch, tmp_path):
    (tmp_path / "speed.md").write_text("# Speed\n", encoding="utf-8")
    monkeypatch.setattr(bench, "SPEED", tmp_path / "speed.md")
    monkeypatch.setattr(bench, "BENCHES", (bench.Bench("no_such_bench.py", "", ""),))
    assert bench.short() == 1
