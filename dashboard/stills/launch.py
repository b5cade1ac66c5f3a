"""How a browser is started that speaks to nobody: for drawing and for printing alike. Imports nothing that they need."""

from __future__ import annotations

import os

# No name has an address, and what would go out goes to a port where nothing is.
ALONE = ("--disable-background-networking", "--disable-default-apps", "--host-resolver-rules=MAP * ~NOTFOUND")
NOWHERE = "http://127.0.0.1:9"


def has_sandbox() -> bool:
    """Chromium has none for root."""
    return not (hasattr(os, "geteuid") and os.geteuid() == 0)
