"""Undo and redo of changes of marks, also after a restart."""
