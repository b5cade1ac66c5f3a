"""How bytes reach a browser: compressed once, addressed by content, guarded by headers.

Knows Dash and the wire, and nothing of reports.
"""

from dashboard.delivery.address import Address, asked_address, location, read_address
from dashboard.delivery.assets import Assets
from dashboard.delivery.page import Page
from dashboard.delivery.site import Delivery
from dashboard.delivery.stored import Cache, Stored
from dashboard.delivery.wire import CONTENT_SECURITY_POLICY, GUARDS, Wire

__all__ = [
    "CONTENT_SECURITY_POLICY",
    "GUARDS",
    "Address",
    "Assets",
    "Cache",
    "Delivery",
    "Page",
    "Stored",
    "Wire",
    "asked_address",
    "location",
    "read_address",
]
