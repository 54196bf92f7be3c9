"""Digests from git repositories: the newest files of one, and on request all that were before.

The ``git`` program does the work, watched and kept from everything that a repository or the network
could make it do beyond that. ``update.update`` is all that others need.
"""
