"""Publishing a commit's events: sent first, removed then, so that each goes out at least once (promise C)."""

from dataclasses import dataclass

from chalicelib.domain.ports import Bus, OutboxItem, Store


@dataclass(frozen=True, slots=True)
class Publisher:
    store: Store
    bus: Bus

    def publish(self, item: OutboxItem) -> None:
        """Raises NotPublished; the item stays then, for the stream or the sweep to bring again."""
        self.bus.publish(item)
        self.store.published(item.id)
