"""What is known of all papers of the open digests, and ordered, filtered views of it."""

from storage.library.library import DigestInfo, Library
from storage.library.listing import Listing, Order, View, list_papers
from storage.library.query import Query, QueryError, parse_query

__all__ = [
    "DigestInfo",
    "Library",
    "Listing",
    "Order",
    "Query",
    "QueryError",
    "View",
    "list_papers",
    "parse_query",
]
