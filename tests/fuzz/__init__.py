"""Every parser, and what stands behind it, against real documents that were damaged on purpose."""
