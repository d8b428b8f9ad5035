"""The addresses of the site: those of the console, and its pages for what stops one."""

from __future__ import annotations

from comity.console.stopping import defect, no_page
from comity.console.urls import urlpatterns

handler400 = "comity.site.urls.no_page"
handler404 = "comity.site.urls.no_page"
handler500 = "comity.site.urls.defect"

__all__ = ["defect", "handler400", "handler404", "handler500", "no_page", "urlpatterns"]
