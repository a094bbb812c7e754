"""Where else people could go, from scripts: the directory, the advice, what is to be offered."""

from tests.cli.commands import Console

TABLE = """名称,种类,可办业务,营业时间,距离
运河街邮局,邮政,A,1-5 09:00-17:00,350
大厅自助机,自助,"A,B/gmgh",,0
"""


def test_a_directory_is_imported_written_and_read_back(console: Console, tmp_path) -> None:
    file = tmp_path / "places.csv"
    file.write_text(TABLE, encoding="utf-8")

    assert console.ask("partner", "import", file) == {"rows": 2, "new": 2, "changed": 0, "same": 0}
    console.ask("partner", "export", tmp_path / "out.xlsx")
    assert console.ask("partner", "import", tmp_path / "out.xlsx") == {"rows": 2, "new": 0, "changed": 0, "same": 2}
    assert [(row["code"], row["kind"], row["takes"]) for row in console.ask("partner", "list")["partners"]] == [
        ("P1", "post_office", ["A"]),
        ("P2", "self_service", ["A", "B/gmgh"]),
    ]
    assert console.refused("partner", "set", "P1", "takes=Z") == "bad_value"
    file.write_text(TABLE + "无名店,商店,没有的业务,,\n", encoding="utf-8")
    assert console.refused("partner", "import", file) == "bad_rows"


def test_advice_without_a_directory_says_so_and_with_one_counts_each_visit_once(console: Console) -> None:
    console.ask("issue", "A")
    day = "2026-11-20"
    assert "empty" in console.say("items", "advice", "--from", day, "--to", day).out

    console.ask("partner", "add", "P1", "name=East Bank", "kind=bank", "takes=A")
    console.ask("partner", "add", "M1", "name=Machine", "kind=self_service", "takes=A", "hours=1-7 00:00-00:01")
    found = console.ask("items", "advice", "--from", day, "--to", day)

    assert (found["visits"], found["away"], found["places"]) == (1, 1, 2)
    assert found["items"][0]["ways"].keys() == {"partner"}
    assert found["items"][0]["verdict"] == "too_few"
    assert console.refused("items", "advice", "--from", day, "--to", "2026-11-01") == "bad_value"


def test_a_manager_puts_an_offer_on_the_front_desk_and_takes_it_back(console: Console) -> None:
    assert console.ask("items", "offer", "A", "post_office")["elsewhere"] == ["post_office"]
    assert console.ask("items", "offer", "A", "self_service")["elsewhere"] == ["self_service", "post_office"]
    assert console.ask("items", "offer", "A", "post_office", "--no-more")["elsewhere"] == ["self_service"]
    assert console.refused("items", "offer", "A", "pub") == "bad_value"


def test_an_offer_remembers_what_the_customer_came_for(console: Console) -> None:
    item = "dyfp"
    console.ask("issue", "A", "--item", item)

    assert console.ask("divert", "A", "--to", "bank", "--ticket", "A001")["item"] == item
    assert console.ask("divert", "A", "--to", "bank", "--item", item, "--declined")["item"] == item
    assert console.refused("divert", "A", "--to", "bank", "--item", "none") == "unknown_item"
