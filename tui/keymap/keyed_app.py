"""An app whose screen may take keys itself, before Textual looks for bindings.

Textual's bindings know single keys only: no counts, and none that follow each other. Keys are given to
the screen one after the other, each when the one before is done with, as Textual does with bindings of
priority: a key pressed right after one that opens a line to type in is text for that line.
"""

from __future__ import annotations

from textual import events
from textual.app import App

from storage.language import tr


class TakesKeys:
    """What a screen is that takes keys."""

    async def take_key(self, event: events.Key) -> bool:
        """Run what the key stands for; False if it is for Textual and its widgets."""
        raise NotImplementedError


class KeyedApp(App[None]):
    """Gives each key to the screen first, if that takes any."""

    async def on_event(self, event: events.Event) -> None:
        """Handle what comes from the terminal, and what comes back from widgets."""
        if isinstance(event, events.Key) and not event.is_forwarded:
            screen = self.screen
            if isinstance(screen, TakesKeys):
                if not self.app_focus:
                    # A terminal that sends keys has the focus, whatever it told.
                    self.app_focus = True
                if await screen.take_key(event):
                    return
        await super().on_event(event)

    def action_command_palette(self) -> None:
        """Open Textual's palette of commands, which speaks English of itself."""
        from textual.command import CommandPalette  # noqa: PLC0415 -- on first use

        if self.use_command_palette and not isinstance(self.screen, CommandPalette):
            placeholder = tr("Search for commands…")
            self.push_screen(CommandPalette(placeholder=placeholder, id="--command-palette"))
