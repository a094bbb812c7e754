"""Charts on paper: their marks drawn in a PDF, and charts of rates."""

from __future__ import annotations

from collections.abc import Sequence

from reportlab.lib.colors import HexColor

from queuedesk.core.charts import chart as charts
from queuedesk.core.charts.layout import height_around_panels, lay_out_chart
from queuedesk.core.figures.halls import RateWithChanceLimits
from queuedesk.reports.draw import pdf

SCALE = 8.0 / 13.5
"""A drawn pixel in points: by it the figures of an axis are 8 points high."""
HEADING_SIZE = 11.4
COLOURS = {
    "ink": pdf.INK,
    "ink2": pdf.INK2,
    "line": pdf.LINE,
    "edge": "#79837D",
    "paper": pdf.PAPER,
    "surface": pdf.WHITE,
    "soft": "#CFE0DA",
    "sunken": pdf.PAPER,
    "chart": pdf.CHART,
    "primary": pdf.PRIMARY,
    "red": pdf.RED,
    "amber": "#8A5000",
    "amberbg": "#FFF0D2",
    "violet": "#5A4799",
    "violetbg": "#ECE8F7",
    "band": "#DCEDE8",
    "wide_band": "#EFF6F4",
}


class PaperSurface:
    """A page as a surface for layouts."""

    def px(self, n: float) -> float:
        return n * SCALE

    gap = px

    def text_width(self, text: str, size: float, *, bold: bool = False) -> float:
        return pdf.text_width(text, _scaled_font_size(size), bold=bold)

    def snap_to_pixel(self, place: float) -> float:
        return place


PAGE = PaperSurface()


def _scaled_font_size(size: float) -> float:
    return HEADING_SIZE if size == charts.HEADING else size * SCALE


def chart_height_from_panels(chart: charts.Chart, panels: float) -> float:
    """Return the height of a chart whose panels together are `panels` points high."""
    return panels + height_around_panels(chart, PAGE, pdf.RIGHT - pdf.LEFT)


def draw_chart(sheet: pdf.PdfSheet, y: float, height: float, chart: charts.Chart) -> None:
    """Draw a chart over the page's width, with its top at `y`."""
    draw_marks(sheet, lay_out_chart(chart, PAGE, charts.SurfaceRect(pdf.LEFT, y, pdf.RIGHT - pdf.LEFT, height)).marks)


def draw_marks(sheet: pdf.PdfSheet, marks: Sequence[charts.Mark]) -> None:
    for mark in marks:
        if isinstance(mark, charts.RectangleMark):
            sheet.draw_box(
                mark.left,
                mark.top,
                mark.width,
                mark.height,
                fill=_colour_blended_on_white(COLOURS[mark.fill], mark.opacity) if mark.fill else None,
                edge=COLOURS[mark.edge] if mark.edge else None,
            )
        elif isinstance(mark, charts.RectanglesMark):
            sheet.fill_boxes(mark.rects, fill=COLOURS[mark.fill])
        elif isinstance(mark, charts.PolylineMark):
            dash = (mark.width * mark.dash[0], mark.width * mark.dash[1]) if mark.dash else None
            sheet.draw_line(mark.points, width=mark.width or 0.6, colour=COLOURS[mark.colour], dash=dash)
        elif isinstance(mark, charts.PolygonMark):
            _draw_chart_shape(sheet, mark)
        else:
            _draw_chart_text(sheet, mark)


def _colour_blended_on_white(colour: str, opacity: float) -> str:
    """Return the colour as it looks on white: not every printer takes what shines through."""
    if opacity == 1:
        return colour
    parts = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return "#" + "".join(f"{round(255 - (255 - part) * opacity):02X}" for part in parts)


def _draw_chart_shape(sheet: pdf.PdfSheet, shape: charts.PolygonMark) -> None:
    canvas, points = sheet.canvas, shape.points
    if shape.radius and not shape.edge:
        sheet.draw_dot(*points[0], shape.radius, COLOURS[shape.fill])
        return
    canvas.setFillColor(HexColor(COLOURS[shape.fill]))
    if shape.radius:
        canvas.setStrokeColor(HexColor(COLOURS[shape.edge]))
        canvas.setLineWidth(shape.edge_width)
        canvas.circle(points[0][0], pdf.PAGE_HEIGHT - points[0][1], shape.radius, stroke=1, fill=1)
        return
    path = canvas.beginPath()
    path.moveTo(points[0][0], pdf.PAGE_HEIGHT - points[0][1])
    for x, y in points[1:]:
        path.lineTo(x, pdf.PAGE_HEIGHT - y)
    path.close()
    canvas.drawPath(path, stroke=0, fill=1)


def _draw_chart_text(sheet: pdf.PdfSheet, words: charts.TextMark) -> None:
    size = _scaled_font_size(words.size)
    text = words.text if words.room is None else pdf.cut_text_to_width(words.text, size, words.room, bold=words.bold)
    length = pdf.text_width(text, size, bold=words.bold)
    x = words.x - {"left": 0.0, "middle": length / 2, "right": length}[words.at]
    if words.ground:
        sheet.draw_box(x - 2, words.y - size, length + 4, size * 1.15, fill=pdf.WHITE)
    sheet.draw_text(x, words.y, text, size, bold=words.bold, colour=COLOURS[words.colour])


# Charts of rates: by date between the limits of chance, and of halls or people by how many rated. Shapes tell what
# colours tell.


def rates_control_chart(
    points: Sequence[RateWithChanceLimits],
    centre: charts.ReferenceLevel,
    labels: Sequence[tuple[int, str]],
    words: Sequence[str],
    targets: Sequence[charts.ReferenceLevel] = (),
) -> charts.Chart:
    """Return rates as a line with the band of chance behind them, those outside as diamonds with their figures.
    `centre` and `targets` are in percent; `words` are the figures, slot by slot."""
    # A limit at 0 or 100 is none: no rate lies beyond it.
    lows = [_percent_of_share(point.low) if point.low else None for point in points]
    highs = [_percent_of_share(point.high) if point.high != 1 else None for point in points]
    is_out = [point.is_beyond_chance_limits for point in points]
    panel = charts.SeriesPanel(
        series=[
            charts.BarSeries(
                values=[100.0 if point.high == 1 else _percent_of_share(point.high) for point in points],
                base=[_percent_of_share(point.low) for point in points],
                colour="band",
                share=1,
                is_ground=True,
            ),
            charts.LevelStrokeSeries(values=lows, colour="primary", share=1, thick=1.2),
            charts.LevelStrokeSeries(values=highs, colour="primary", share=1, thick=1.2),
            charts.CurveSeries(values=[_percent_of_share(point.rate) for point in points]),
            charts.SymbolSeries(
                values=[
                    _percent_of_share(point.rate) if out else None for point, out in zip(points, is_out, strict=True)
                ],
                labels=words,
                kind="diamond",
                colour="red",
                radius=7,
            ),
        ],
        levels=[*targets, centre],
        is_percent=True,
    )
    return charts.Chart(panels=[panel], slots=len(points), labels=[(i + 0.5, word) for i, word in labels])


def _percent_of_share(share: float | None) -> float | None:
    return None if share is None else 100 * share
