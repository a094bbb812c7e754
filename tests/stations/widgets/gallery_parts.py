"""What every page of the gallery is put together with."""

from PySide6.QtWidgets import QHBoxLayout, QLayout, QWidget

from queuedesk.stations.widgets.labels import Label
from queuedesk.stations.widgets.panels import spread
from queuedesk.stations.window.style import Look


def row(look: Look, layout: QLayout, *widgets: QWidget, spacing: float = 12, stretch: bool = True) -> None:
    """Put `widgets` side by side under what `layout` has."""
    line = QHBoxLayout()
    spread(look, line, spacing=spacing)
    for widget in widgets:
        line.addWidget(widget)
    if stretch:
        line.addStretch(1)
    layout.addLayout(line)  # type: ignore[attr-defined]


def heading(look: Look, text: str) -> Label:
    return Label(look, text, px=15, bold=True, token="ink2")
