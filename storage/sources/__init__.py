"""Where digests come from: files and folders, and the list of those that the library follows."""
