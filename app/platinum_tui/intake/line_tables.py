"""Invoice lines that stand as a Markdown table: description, quantity, unit price, perhaps the total of each line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from platinum_tui.intake.amounts import Amount, read_amount
from platinum_tui.intake.document import Document, Place
from platinum_tui.intake.headings import normal
from platinum_tui.intake.invoice_lines import QUANTITY
from platinum_tui.intake.labels import cells_of

_COLUMNS = {
    "description": {"description", "item", "service", "product", "line item", "item description", "work"},
    "quantity": {"quantity", "qty", "hours", "units", "count"},
    "unit_price": {"unit price", "price per unit", "price unit", "unit cost", "rate", "hourly rate", "price"},
    "total": {"total", "line total", "amount", "sum", "total price", "subtotal"},
    "number": {"", "no", "nr", "pos", "position", "line"},
}
"""What a column may be called. Any other column could change what is owed, so its table is not read."""
_RULE = re.compile(r"[\s|:-]*-[\s|:-]*")
_MOST_MARKS = 12
"""More column marks than this are no invoice."""
_SUM_ROW = re.compile(r"(?:grand |invoice )?total(?: due| amount)?")


@dataclass(frozen=True, slots=True)
class LineTable:
    """One table of invoice lines.

    Attributes:
        at: the index of its head's line.
        columns: what each column is.
        rows: the cells of each row below the head.
    """

    at: int
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def lines(self) -> tuple[list[dict[str, str]], list[Amount]]:
        """The invoice lines as texts, and every amount in them.

        Raises:
            ValueError: a row is no line, or a total is not what its line makes.
        """
        found: list[dict[str, str]] = []
        amounts: list[Amount] = []
        whole = Decimal()
        for cells in self.rows:
            row = dict(zip(self.columns, cells, strict=False))
            if len(cells) != len(self.columns):
                raise ValueError("has a row with more or fewer cells than its head")
            if _SUM_ROW.fullmatch(normal(row["description"])) and not row.get("quantity"):
                said = [cell for name, cell in row.items() if name in ("unit_price", "total") and cell]
                amounts += [read_amount(cell) for cell in said]
                if (
                    not said
                    or any(Decimal(read_amount(cell).value) != whole for cell in said)
                    or cells is not self.rows[-1]
                ):
                    raise ValueError("has a total that is not the sum of its lines")
                continue
            price, quantity = read_amount(row["unit_price"]), row.get("quantity", "1")
            amounts.append(price)
            made = Decimal(quantity) * Decimal(price.value) if QUANTITY.fullmatch(quantity) else None
            if made is None:
                raise ValueError("has a row without a quantity in digits")
            if "total" in row:
                amounts.append(read_amount(row["total"]))
                if Decimal(amounts[-1].value) != made:
                    raise ValueError("has a row whose total is not quantity times price")
            whole += made
            found.append({"description": row["description"], "quantity": quantity, "unit_price": price.value})
        if not found:
            raise ValueError("has no lines")
        return found, amounts


def line_tables(document: Document) -> Iterator[LineTable]:
    """The tables of a document that are invoice lines; none in what was quoted from others."""
    at = 0
    while at < len(document.shown):
        if document.places[at] is not Place.TEXT or not document.shown[at].lstrip().startswith("|"):
            at += 1
            continue
        end = at
        while end < len(document.shown) and document.places[end] is Place.TEXT and "|" in document.shown[end]:
            end += 1
        columns = _columns(document.shown[at])
        if columns and end - at > 2 and _RULE.fullmatch(document.shown[at + 1]):
            rows = tuple(cells_of(line) for line in document.shown[at + 2 : end])
            yield LineTable(at, columns, rows)
        at = end


def _columns(head: str) -> tuple[str, ...]:
    """What the columns are; empty where it is no table of lines or one that could mean something else."""
    if head.count("|") > _MOST_MARKS:
        return ()
    titles = cells_of(head)
    names = tuple(next((name for name, words in _COLUMNS.items() if normal(t) in words), "?") for t in titles)
    once = all(names.count(name) == 1 for name in set(names) - {"number"})
    if "?" in names or not once or not {"description", "unit_price"} <= set(names):
        return ()
    vague = normal(titles[names.index("unit_price")]) == "price" and "quantity" in names and "total" not in names
    return () if vague else names
