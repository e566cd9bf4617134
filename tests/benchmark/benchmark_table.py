"""The benchmark's table: lines that anyone can read."""

import math
from statistics import median

WIDE = 66  # of a line's words


class Table:
    """Lines that anyone can read: what, half of the taps took at most, 19 of 20 took at most, the target."""

    def __init__(self, rounds: int) -> None:
        self.rounds = rounds
        self._lines: list[str] = []

    def head(self, text: str, columns: bool = True) -> None:
        self._lines += ["", f"{text:<{WIDE}}{'p50' if columns else '':>9}{'p95' if columns else '':>10}   target"]

    def row(self, what: str, values: list[float] | None, most: float | None = None) -> None:
        """Milliseconds; the target is for p95."""
        if values:
            half, tail = self.p(values, 0.5), self.p(values, 0.95)
            self._add(what, f"{half:9.1f} {tail:9.1f}", _met(tail, most, "p95 ≤ {:g} ms"))

    def one(self, what: str, value: float, unit: str, most: float | None = None) -> None:
        """A single figure."""
        self._add(what, f"{value:9.2f} {unit:<9}", _met(value, most, "≤ {:g} " + unit))

    def ratio(self, what: str, these: list[float] | None, those: list[float] | None, most: float | None = None) -> None:
        """How many times as long these take as those; the target is for p95."""
        if these and those:
            half, tail = (self.p(these, share) / self.p(those, share) for share in (0.5, 0.95))
            self._add(what, f"{half:8.2f}× {tail:8.2f}×", _met(tail, most, "p95 ≤ {:g}×"))

    def unseen(self, unseen: int, taps: int) -> None:
        """How many taps nobody showed in time."""
        if unseen:
            self._add(f"{unseen} of {taps} taps were not shown everywhere in time: not counted")

    def _add(self, what: str, figures: str = "", target: str = "") -> None:
        self._lines.append(f"  {what:<{WIDE - 2}}{figures}   {target}".rstrip())

    def p(self, values: list[float], share: float) -> float:
        """The median over the rounds of what `share` of a round's taps took at most."""
        size = len(values) // self.rounds if len(values) >= 6 * self.rounds else len(values)
        rounds = [sorted(values[start : start + size]) for start in range(0, len(values) - size + 1, size)]
        return median(times[math.ceil(share * len(times)) - 1] for times in rounds)

    def __str__(self) -> str:
        return "\n".join(self._lines)


def _met(value: float, most: float | None, words: str) -> str:
    return "" if most is None else f"{words.format(most):<16}{'met' if value <= most else 'NOT MET'}"
