"""The addresses of a site on which officers sign in: there is no role picker among them."""

from __future__ import annotations

from comity.console.stopping import defect, no_page
from comity.console.urls import pages
from comity.signin import urls

handler400 = "comity.site.account_urls.no_page"
handler404 = "comity.site.account_urls.no_page"
handler500 = "comity.site.account_urls.defect"
urlpatterns = [*urls.urlpatterns, *pages]

__all__ = ["defect", "handler400", "handler404", "handler500", "no_page", "urlpatterns"]
