"""Everything that cannot be made again, in one file, and a site made of it: the data folder with its snapshots, accounts."""

from dashboard.backup.restoring import Restored, restore
from dashboard.backup.upgrading import Upgraded, upgrade
from dashboard.backup.writing import Written, write

__all__ = ["Restored", "Upgraded", "Written", "restore", "upgrade", "write"]
