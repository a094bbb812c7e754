"""Colours by what they mean, and the marks of every state: colour, shape and word, always all three."""

from msgspec import Struct

STYLE = "Fusion"
"""Qt's style under the sheet of ours, on every system."""
IN_STYLE = "queuedesk in style"
"""The property of an application that was made in that style."""


class Theme(Struct, frozen=True, kw_only=True):
    """The colour of every token as "#RRGGBB".

    `outlined` is true where tints become outlines and every border is a 2 px line (high contrast).
    """

    name: str
    paper: str
    surface: str
    sunken: str
    ink: str
    ink2: str
    ink3: str
    line: str
    edge: str
    primary: str
    on_primary: str
    press: str
    soft: str
    on_soft: str
    amber: str
    amberbg: str
    red: str
    redbg: str
    violet: str
    violetbg: str
    blue: str
    bluebg: str
    chart: str
    toast: str
    on_toast: str
    toast_act: str
    scrim: str
    outlined: bool = False
    # Only the hall's display uses these.
    fresh: str = "#FFC93C"
    fresh_ink: str = "#1A1300"
    teal: str = "#6FD6C0"
    notice: str = "#223A33"
    slide: str = "#17332C"
    alarm: str = "#8E1B14"

    def color(self, token: str) -> str:
        """Return the "#RRGGBB" of `token`; an unknown token is an AttributeError."""
        value: str = getattr(self, token)
        return value


LIGHT = Theme(
    name="light",
    paper="#F4F5F1",
    surface="#FFFFFF",
    sunken="#E8EBE5",
    ink="#15201C",
    ink2="#46534D",
    ink3="#626D67",
    line="#D5DAD2",
    edge="#79837D",
    primary="#0A6A5D",
    on_primary="#FFFFFF",
    press="#074F45",
    soft="#DCEDE8",
    on_soft="#074F45",
    amber="#8A5000",
    amberbg="#FFF0D2",
    red="#B3261E",
    redbg="#FCE8E6",
    violet="#5A4799",
    violetbg="#ECE8F7",
    blue="#1C5DA8",
    bluebg="#E3EDF8",
    chart="#559A8E",
    toast="#15201C",
    on_toast="#FFFFFF",
    toast_act="#8FE0CE",
    scrim="#15201C",
)

CONTRAST = Theme(
    name="contrast",
    paper="#000000",
    surface="#000000",
    sunken="#000000",
    ink="#FFFFFF",
    ink2="#E8E8E8",
    ink3="#E8E8E8",
    line="#8A8A8A",
    edge="#FFFFFF",
    primary="#FFE14A",
    on_primary="#000000",
    press="#FFF3B0",
    soft="#000000",
    on_soft="#FFE14A",
    amber="#FFC766",
    amberbg="#000000",
    red="#FF9C92",
    redbg="#000000",
    violet="#C9BBFF",
    violetbg="#000000",
    blue="#9CCBFF",
    bluebg="#000000",
    chart="#8A8A8A",
    toast="#000000",
    on_toast="#FFFFFF",
    toast_act="#FFE14A",
    scrim="#000000",
    outlined=True,
)

HALL = Theme(
    name="hall",
    paper="#0B1412",
    surface="#15211D",
    sunken="#15211D",
    ink="#F8F9F5",
    ink2="#BAC6BF",
    ink3="#BAC6BF",
    line="#33433D",
    edge="#BAC6BF",
    primary="#6FD6C0",
    on_primary="#0B1412",
    press="#BFF0E4",
    soft="#17332C",
    on_soft="#6FD6C0",
    amber="#FFC93C",
    amberbg="#15211D",
    red="#FF8F80",
    redbg="#15211D",
    violet="#C9BBFF",
    violetbg="#15211D",
    blue="#9CCBFF",
    bluebg="#15211D",
    chart="#6FD6C0",
    toast="#F8F9F5",
    on_toast="#0B1412",
    toast_act="#0A6A5D",
    scrim="#000000",
)

THEMES = {theme.name: theme for theme in (LIGHT, CONTRAST, HALL)}

# What may be written on what; a test holds every pair to 4.5 : 1.
TEXT_ON = (
    ("ink", "surface paper sunken soft amberbg redbg bluebg"),
    ("ink2", "surface paper sunken soft"),
    ("ink3", "surface paper"),
    ("primary", "surface paper soft"),
    ("on_primary", "primary press"),
    ("on_soft", "soft"),
    ("amber", "surface paper amberbg"),
    ("red", "surface paper redbg"),
    ("violet", "surface paper violetbg"),
    ("blue", "surface paper bluebg"),
    ("on_toast", "toast"),
    ("toast_act", "toast"),
    ("fresh_ink", "fresh"),
)


class Mark(Struct, frozen=True):
    """How a state is shown: the icon, the colour of icon and word, and the tint behind them."""

    icon: str
    token: str
    tint: str


# The word itself comes from the station: it is text and has a language.
TICKET_MARKS = {
    "waiting": Mark("waiting", "ink2", "sunken"),
    "called": Mark("speaker-on", "amber", "amberbg"),
    "serving": Mark("serving", "on_soft", "soft"),
    "parked": Mark("pause", "violet", "violetbg"),
    "missed": Mark("missed", "amber", "amberbg"),
    "finished": Mark("check", "on_soft", "soft"),
    "left": Mark("leave", "ink2", "sunken"),
    "void": Mark("void", "ink2", "sunken"),
}
WINDOW_MARKS = {
    "open": Mark("dot", "on_soft", "soft"),
    "paused": Mark("pause", "violet", "violetbg"),
    "closed": Mark("bar", "ink2", "sunken"),
    "away": Mark("away", "amber", "amberbg"),
    "idle": Mark("waiting", "ink2", "sunken"),
}
MARKS = TICKET_MARKS | WINDOW_MARKS


def luminance(color: str) -> float:
    """Return the relative luminance (0..1) of "#RRGGBB", as WCAG 2 defines it."""
    parts = [int(color[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio (1..21) of two "#RRGGBB" colours, as WCAG 2 defines it."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)
