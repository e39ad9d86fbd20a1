"""Plots as SVG: lines over logarithmic axes, and bars. Readable on a light and on a dark page: nothing is painted
behind a plot, text and axes take the page's colour scheme, and the colours of lines stand out on both."""
import math
from xml.sax.saxutils import escape

# Of similar lightness, told apart by people who see few colours, too (Okabe and Ito, "Color universal design", 2008).
COLOURS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#b58900", "#56b4e9"]

STYLE = """
  text { font: 13px system-ui, sans-serif; fill: #333 }
  .title { font-size: 16px; font-weight: 600 }
  .note { font-size: 12px; fill: #666 }
  .axis { stroke: #666; stroke-width: 1 }
  .grid { stroke: #999; stroke-width: 1; opacity: 0.25 }
  @media (prefers-color-scheme: dark) {
    text { fill: #ddd }
    .note { fill: #aaa }
    .axis { stroke: #aaa }
  }
"""


def seconds_text(value):
    for size, unit in ((1, "s"), (1e-3, "ms"), (1e-6, "µs")):
        if value >= size:
            return f"{value / size:.3g} {unit}"
    return f"{value * 1e9:.3g} ns"


def bytes_text(value):
    for size, unit in ((1e9, "GB"), (1e6, "MB"), (1e3, "kB")):
        if value >= size:
            return f"{value / size:.3g} {unit}"
    return f"{value:.0f} B"


def count_text(value):
    return f"{value:,.0f}"


def document(width, height, title, body):
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
            f'width="{width}" height="{height}" role="img" '
            f'aria-label="{escape(title)}">\n<style>{STYLE}</style>\n' + "\n".join(body) + "\n</svg>\n")


def text(x, y, content, kind="", anchor="start"):
    classes = f' class="{kind}"' if kind else ""
    return f'<text x="{x:.1f}" y="{y:.1f}"{classes} text-anchor="{anchor}">{escape(content)}</text>'


def line(x1, y1, x2, y2, kind):
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" class="{kind}"/>'


def ticks(low, high):
    """Powers of ten from the one at or below `low` to the one at or above `high`."""
    return [10.0 ** k for k in range(math.floor(math.log10(low) + 1e-9), math.ceil(math.log10(high) - 1e-9) + 1)]


def lines(title, note, x_label, series, y_text, x_text=count_text):
    """Lines over two logarithmic axes. `series` are (name, [(x, y)]); the last point of each carries its name and
    value."""
    width, height, left, right, top, bottom = 800, 400, 74, 225, 62, 52
    points = [p for _, values in series for p in values if p[0] > 0 and p[1] > 0]
    if not points:
        return None
    ys = ticks(min(p[1] for p in points), max(p[1] for p in points))
    if len(ys) < 2:
        ys.append(ys[-1] * 10)
    x_low, x_high = math.log10(min(p[0] for p in points)) - 0.05, math.log10(max(p[0] for p in points)) + 0.05
    y_low, y_high = math.log10(ys[0]), math.log10(ys[-1])

    def x_of(x):
        return left + (math.log10(x) - x_low) / (x_high - x_low) * (width - left - right)

    def y_of(y):
        return height - bottom - (math.log10(y) - y_low) / (y_high - y_low) * (height - top - bottom)

    body = [text(left, 24, title, "title"), text(left, 44, note, "note")]
    for y in ys:
        body += [line(left, y_of(y), width - right, y_of(y), "grid"),
                 text(left - 8, y_of(y) + 4, y_text(y), anchor="end")]
    for x in sorted({p[0] for p in points}):
        body += [line(x_of(x), height - bottom, x_of(x), height - bottom + 5, "axis"),
                 text(x_of(x), height - bottom + 20, x_text(x), anchor="middle")]
    body += [line(left, height - bottom, width - right, height - bottom, "axis"),
             line(left, top, left, height - bottom, "axis"),
             text((left + width - right) / 2, height - 10, x_label, anchor="middle")]
    ends = []
    for number, (name, all_values) in enumerate(series):
        values = [(x, y) for x, y in all_values if x > 0 and y > 0]
        if not values:
            continue
        colour = COLOURS[number % len(COLOURS)]
        path = " ".join(f"{x_of(x):.1f},{y_of(y):.1f}" for x, y in values)
        body.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2.5"/>')
        body += [f'<circle cx="{x_of(x):.1f}" cy="{y_of(y):.1f}" r="4" fill="{colour}"><title>{escape(name)}: '
                 f'{escape(x_text(x))}, {escape(y_text(y))}</title></circle>' for x, y in values]
        ends.append((y_of(values[-1][1]), colour, f"{name}, {y_text(values[-1][1])}"))
    # Names at the ends of their lines, moved apart where they would meet.
    at = top - 18.0
    for y, colour, label in sorted(ends):
        at = max(y + 4, at + 18)
        body.append(f'<circle cx="{width - right + 12}" cy="{at - 4:.1f}" r="4" fill="{colour}"/>')
        body.append(text(width - right + 22, at, label))
    return document(width, height, title, body)


def bars(title, note, groups, value_text, logarithmic=True):
    """Horizontal bars in groups: (name of the group, [(name, value, number of the colour)])."""
    width, left, right, row, top = 760, 250, 110, 24, 66
    values = [v for _, bars in groups for _, v, _ in bars if v and v > 0]
    if not values:
        return None
    low, high = min(values) / 1.6, max(values)

    def share(value):
        if logarithmic and high > low:
            return (math.log(value) - math.log(low)) / (math.log(high) - math.log(low))
        return value / high

    body = [text(20, 24, title, "title"),
            text(20, 44, note + ("; bars grow with the logarithm" if logarithmic else ""), "note")]
    y = top
    for name, entries in groups:
        if name:
            body.append(text(20, y + 15, name, "title"))
            y += row
        for label, value, colour in entries:
            body.append(text(left - 10, y + 15, label, anchor="end"))
            if value and value > 0:
                length = max(2.0, share(value) * (width - left - right))
                body.append(f'<rect x="{left}" y="{y + 3}" width="{length:.1f}" height="{row - 8}" rx="2" '
                            f'fill="{COLOURS[colour % len(COLOURS)]}"/>')
                body.append(text(left + length + 8, y + 15, value_text(value)))
            y += row
        y += 12
    return document(width, y + 6, title, body)
