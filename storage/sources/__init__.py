"""Where digests come from: files and folders, read newest first."""

from storage.sources.feed import Feed, FileFeed, Item

__all__ = ["Feed", "FileFeed", "Item"]
