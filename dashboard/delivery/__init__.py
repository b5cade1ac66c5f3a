"""How bytes reach a browser: compressed once, addressed by content, guarded by headers.

Knows Dash and the wire, and nothing of reports.
"""

from dashboard.delivery.address import Address, asked_address, came_from, location, read_address
from dashboard.delivery.asked import AT_A_TIME as ASKED_AT_A_TIME
from dashboard.delivery.assets import Assets
from dashboard.delivery.page import Page
from dashboard.delivery.room import Full, Room, full
from dashboard.delivery.site import Delivery
from dashboard.delivery.stored import Cache, Stored
from dashboard.delivery.wire import CONTENT_SECURITY_POLICY, GUARDS, Wire

__all__ = [
    "ASKED_AT_A_TIME",
    "CONTENT_SECURITY_POLICY",
    "GUARDS",
    "Address",
    "Assets",
    "Cache",
    "Delivery",
    "Full",
    "Page",
    "Room",
    "Stored",
    "Wire",
    "asked_address",
    "came_from",
    "full",
    "location",
    "read_address",
]
