"""Digests from the web: one address, or a list of them, fetched into a folder of documents.

The folder is then read like any other folder of digests. ``Documents`` keeps it, ``Client`` fetches,
``gather`` does so for many addresses, a few at once. Nothing here raises for what the network does:
every fetch ends in an outcome, which is a value.
"""
