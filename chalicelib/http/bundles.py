"""Case bundles: asked for, and fetched when they are made."""

from chalicelib.domain.bundles import Bundle
from chalicelib.domain.errors import IdempotencyKeyReused, NotFound, TooBusy, TooManyBundles
from chalicelib.http.call import Call
from chalicelib.http.endpoint import PREFIX, Answer, Routes
from chalicelib.http.models import requests as asked
from chalicelib.http.models.bundles import BundleKeyOut, BundleOut, BundleState
from chalicelib.http.models.evidence import ViewOut

routes = Routes(__name__)


@routes.post(
    "/disputes/{dispute_id}/bundle",
    takes=asked.NothingIn,
    gives=BundleOut,
    status=202,
    refuses=(NotFound, TooManyBundles, IdempotencyKeyReused, TooBusy),
)
def ask_for_bundle(call: Call, _body: asked.NothingIn, dispute_id: str) -> Answer:
    """Ask for a case bundle.

    All of the case that you may see, with the evidence, in an archive whose signature you can check offline. It is made
    in the background: read it at the Location. If-Match says nothing here.
    """
    bundle = call.deps.bundles.ask(dispute_id, call.request())
    return Answer(_shown(bundle, None), location=f"{PREFIX}/disputes/{dispute_id}/bundle/{bundle.id}")


@routes.get("/disputes/{dispute_id}/bundle/{bundle_id}", gives=BundleOut, refuses=(NotFound,))
def get_bundle(call: Call, dispute_id: str, bundle_id: str) -> Answer:
    """Read a case bundle.

    Once it is ready, with a link to the archive. It expires after seven days.
    """
    bundle = call.deps.bundles.read(dispute_id, bundle_id, call.actor, call.at)
    if bundle.made is None:
        return Answer(_shown(bundle, None))
    url, expires_at = call.deps.bundles.link(bundle, call.at)
    return Answer(_shown(bundle, ViewOut(url=url, expires_at=expires_at)))


@routes.get("/bundle-key", gives=BundleKeyOut)
def get_bundle_key(call: Call) -> Answer:
    """Read the public key that case bundles are signed with.

    Anybody may, also who was only handed a bundle: check it with this key, not with the one that lies in it.
    """
    key = call.deps.signing.public_key()
    return Answer(BundleKeyOut(key=key.key, algorithm=key.algorithm, pem=key.pem))


def _shown(bundle: Bundle, link: ViewOut | None) -> BundleOut:
    """Without a link, as it was asked for: a replay says the same."""
    made = bundle.made if link else None
    return BundleOut(
        id=bundle.id,
        dispute=bundle.dispute,
        state=BundleState.READY if made else BundleState.REQUESTED,
        asked_at=bundle.asked_at,
        expires_at=bundle.expires_at,
        made_at=made.at if made else None,
        size=made.size if made else None,
        sha256=made.sha256 if made else None,
        link=link,
    )
