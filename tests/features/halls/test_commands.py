"""The command halls in a file."""


def test_a_file_with_one_hall_shows_that_one(console):
    assert [row["hall"] for row in console.ask("halls")["halls"]] == ["CD"]
