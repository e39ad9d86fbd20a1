"""A shop that sells books."""

import os
from typing import TYPE_CHECKING

# How many books one person may buy.
MAX_BOOKS = 3
__all__ = ["Shop", "open_shop"]
logger = object()

if TYPE_CHECKING:
    def only_for_types(): ...


@register("shop")
class Shop(Base):
    """Sells books."""

    LIMIT = 10
    name: str = "corner"

    # What is on the shelf.
    @property
    def stock(self):
        return self._stock

    async def sell(self, book):
        def receipt():
            return book
        total = 0
        return receipt()

    class Till:
        def count(self): return 0


def open_shop(path):
    shop = Shop()
    return shop


try:
    fast = None
except ImportError:
    def fallback(): pass
first = second = 1
type Pair = tuple[int, int]
