"""One word on a person's devices, by Web Push (RFC 8030, 8291, 8292): that something waits, never what."""

from __future__ import annotations

import base64
import logging
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings

from openpbm.care.encryption.keys import key_ring
from openpbm.care.jobs.models import PushDevice, Reminder
from openpbm.care.jobs.push_devices import remove_push_device
from openpbm.care.jobs.push_endpoint import check_endpoint, check_public
from openpbm.errors import OpenPBMError

if TYPE_CHECKING:
    from requests import Response

__all__ = ["WORD", "push_to_devices", "site_key"]

_log = logging.getLogger(__name__)

WORD = "OpenPBM: something waits for you"
#: A push service keeps it so long for a telephone that is off, as long as a letter may be late [s].
_KEPT_S = 3 * 3600
_TIMEOUT_S = 10
#: The device has switched it off, or is gone (RFC 8030, section 7.3).
_GONE = (404, 410)
#: Order of the group of the curve P-256 (SEC 2, section 2.4.2).
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def _private_key() -> ec.EllipticCurvePrivateKey:
    """The site's key pair, out of the 32 bytes of its key file; BadInput when the file is missing or is none."""
    number = int.from_bytes(key_ring(settings.PUSH_KEY_FILE).current)
    return ec.derive_private_key(number % (_ORDER - 1) + 1, ec.SECP256R1())


def site_key() -> str:
    """What a browser has to know of the site (base64 without padding); "" where no key file was made."""
    if not settings.PUSH_KEY_FILE.exists():
        return ""
    point = _private_key().public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return base64.urlsafe_b64encode(point).rstrip(b"=").decode("ascii")


def push_to_devices(reminder: Reminder) -> str:
    """Tell every device of the person that was not told yet; returns what went wrong, "" for nothing."""
    devices = PushDevice.objects.filter(person=reminder.person_id).exclude(told=reminder.key)
    faults = [_push(device, reminder.key) for device in devices.select_related("person", "person__key")]
    return next(filter(None, faults), "")


def _push(device: PushDevice, key: str) -> str:
    try:
        status = _post(device.subscription())
    except OpenPBMError as error:
        return f"A device was not told: {error}"[:300]
    except Exception as error:
        # Whatever a network or a library comes up with: the other devices and reminders must still be told.
        _log.warning("device %s was not told: %s", device.pk, type(error).__name__)
        return f"A device was not told ({type(error).__name__})"
    if status in _GONE:
        remove_push_device(device)
        return ""
    if status >= 300:
        return f"A device was not told (its push service answered {status})"
    # By the row alone: whoever switched it off meanwhile gets it back by no save.
    PushDevice.objects.filter(pk=device.pk).update(told=key)
    return ""


def _post(subscription: dict[str, str]) -> int:
    """Send the word; the status of the answer."""
    # A third of a second to import, and the web processes need none of it.
    from py_vapid import Vapid02
    from pywebpush import WebPusher

    endpoint = subscription["endpoint"]
    # Once more: names lead elsewhere by and by, and a row may be older than the list of services.
    check_endpoint(endpoint)
    check_public(endpoint)
    keys = {name: subscription[name] for name in ("p256dh", "auth")}
    claims = {"aud": "/".join(endpoint.split("/")[:3]), "sub": f"https://{settings.ALLOWED_HOSTS[0]}"}
    headers = Vapid02(_private_key()).sign(claims)
    with _session() as session:
        pusher = WebPusher({"endpoint": endpoint, "keys": keys}, requests_session=session)
        return int(pusher.send(WORD, headers, ttl=_KEPT_S, timeout=_TIMEOUT_S).status_code)


def _session() -> Any:
    from requests import Session

    class Straight(Session):
        """Goes where it was sent and nowhere else: no redirect, no proxy or password that the machine is set to."""

        trust_env = False

        def request(self, *arguments: Any, **options: Any) -> Response:
            return super().request(*arguments, **{**options, "allow_redirects": False})

    return Straight()
