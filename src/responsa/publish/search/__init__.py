"""Search on the site without a server: an index in small static files that a page's script reads by parts."""
