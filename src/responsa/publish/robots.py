"""robots.txt: everything may be read, and here is the map."""


def robots(base_url: str) -> str:
    """Robots.txt; the sitemap is named only where the site knows its own address."""
    sitemap = f"\nSitemap: {base_url}/sitemap.xml\n" if base_url else ""
    return f"User-agent: *\nAllow: /\n{sitemap}"
