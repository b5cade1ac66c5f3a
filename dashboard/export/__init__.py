"""Everything public as files for any web server: embeds, pictures, data, an index. What has not changed is left alone."""

from dashboard.export.folder import Outcome
from dashboard.export.site_files import Wishes, export

__all__ = ["Outcome", "Wishes", "export"]
