"""The published site, from its folder to readers: addresses, validators, compression, moved pages."""
