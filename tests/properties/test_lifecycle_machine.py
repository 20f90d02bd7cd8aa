"""The state machine on the memory store, under the marketplace's policy and its opposite."""

from io import BytesIO

from hypothesis import HealthCheck, settings
from PIL import Image

from chalicelib.store.memory import MemoryStore
from chalicelib.store.memory_bucket import MemoryBucket
from tests.build import contrarian, marketplace
from tests.properties.machine import LifecycleMachine


def _picture() -> bytes:
    out = BytesIO()
    Image.effect_noise((500, 500), 80).convert("RGB").save(out, "JPEG", quality=60)
    return out.getvalue()


PICTURE = _picture()


class OnMemory(LifecycleMachine):
    bucket: MemoryBucket

    def make_store(self) -> MemoryStore:
        return MemoryStore()

    def make_bucket(self) -> MemoryBucket:
        return MemoryBucket()

    def put(self, key: str) -> None:
        self.bucket.put(key, PICTURE, at=self.now)


class Marketplace(OnMemory):
    policy = marketplace()


class Contrarian(OnMemory):
    policy = contrarian()


OFTEN = settings(
    max_examples=30,
    stateful_step_count=120,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)

TestMarketplace = Marketplace.TestCase
TestMarketplace.settings = OFTEN
TestContrarian = Contrarian.TestCase
TestContrarian.settings = OFTEN
