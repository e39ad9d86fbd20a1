"""What is there today and is more than the design allows, counted in allowances.toml. The counts only go down."""

import pathlib
import tomllib

FILE = pathlib.Path(__file__).resolve().parent / "allowances.toml"
HEAD = """\
# What is there today and is more than the design allows (limits.py): as much is let pass, and no more. Each number only
# goes down: `Scripts/check-architecture --lower` writes what is left after a change, and an entry goes with the last.
"""


class Allowances:
    """Numbers by rule and place, and beside them what was counted there now."""

    def __init__(self):
        self.allowed: dict[str, dict[str, int]] = tomllib.loads(FILE.read_text()) if FILE.exists() else {}
        self.counted: dict[str, dict[str, int]] = {}
        self.limits: dict[tuple[str, str], int] = {}

    def exceeded(self, rule: str, counts: dict[str, int], limit: int = 0) -> list[str]:
        """The places where there is more than the design's limit and more than is let pass."""
        self.counted.setdefault(rule, {}).update(counts)
        self.limits |= {(rule, place): limit for place in counts}
        allowed = self.allowed.get(rule, {})
        return [place for place, count in counts.items() if count > max(limit, allowed.get(place, 0))]

    def lowered(self) -> dict[str, dict[str, int]]:
        """What need be let pass after all is counted; nothing is more than before."""
        left = {}
        for rule, places in self.allowed.items():
            counts = self.counted.get(rule, {})
            kept = {place: min(number, counts.get(place, 0)) for place, number in sorted(places.items())}
            left[rule] = {place: number for place, number in kept.items() if number > self.limits.get((rule, place), 0)}
        return left

    def slack(self) -> list[str]:
        """The allowances that are more than is needed, one a line."""
        lowered = self.lowered()
        return [f"{rule}, {place}: {number} allowed, {lowered[rule].get(place, 0) or 'none'} needed"
                for rule, places in self.allowed.items() for place, number in sorted(places.items())
                if lowered[rule].get(place) != number]

    def table(self) -> list[str]:
        """What is let pass, rule by rule, and what of it is not needed."""
        rows = ["", "| rule | place | let pass | there now |", "|---|---|--:|--:|"]
        for rule, places in self.allowed.items():
            counts = self.counted.get(rule, {})
            rows += [f"| {rule} | {place} | {number} | {counts.get(place, 0)} |"
                     for place, number in sorted(places.items())]
            total = sum(counts.get(place, 0) for place in places)
            rows.append(f"| {rule} | all | {sum(places.values())} | {total} |")
        return rows

    def write(self) -> None:
        parts = [HEAD]
        for rule, places in self.lowered().items():
            if places:
                parts.append(f'\n["{rule}"]\n' + "".join(f'"{place}" = {number}\n' for place, number in places.items()))
        FILE.write_text("".join(parts))
