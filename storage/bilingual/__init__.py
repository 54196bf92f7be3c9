"""Pure knowledge about English and Chinese scientific text: how it is set, split and aligned."""
