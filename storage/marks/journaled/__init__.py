"""How the marks of one device lie on disk: a compacted TinyDB file, and journals of what changed since."""
