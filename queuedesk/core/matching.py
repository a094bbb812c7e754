"""Text matching: a search in lists of pages and commands."""


def is_search_match(search: str, *said: object) -> bool:
    """Whether every word of a search is in one of the values `said`, ignoring case, or equals a number among them; None
    is skipped."""
    numbers = {str(value) for value in said if isinstance(value, int)}
    text = "\n".join(str(value) for value in said if value is not None and not isinstance(value, int)).casefold()
    return all(word in numbers or word in text for word in search.casefold().split())
