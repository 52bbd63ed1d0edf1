"""What is left of the limits while one file is opened, all levels together."""

from __future__ import annotations

from perfxl.mail.parcel import Limits


class Budget:
    """Counts what really comes out. Once it's spent, nothing more of this file is opened."""

    def __init__(self, limits: Limits) -> None:
        self.bytes_left = limits.total_bytes
        self.items_left = limits.items

    @property
    def spent(self) -> str:
        """What is used up, in Italian; empty while there is something left."""
        if self.items_left < 0:
            return "troppi allegati"
        if self.bytes_left < 0:
            return "troppi byte una volta espanso"
        return ""

    def take(self, size: int) -> bool:
        """Count a piece; False where it goes beyond what is left."""
        self.items_left -= 1
        self.bytes_left -= size
        return not self.spent
