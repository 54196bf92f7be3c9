"""What becomes of a mistake of our own: a report in a file, one sentence for the reader."""

from __future__ import annotations


def keep_report(report: str) -> str:
    """Write ``report`` into the log file and return the sentence to say."""
    from storage.errors import reason_of  # noqa: PLC0415 -- after a crash only
    from storage.language import tr  # noqa: PLC0415 -- after a crash only
    from storage.locations import log_file  # noqa: PLC0415 -- after a crash only
    from storage.wording import said_of  # noqa: PLC0415 -- after a crash only

    path = log_file()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(report, "utf-8")
    except OSError as error:
        return tr(
            "digest-tui made a mistake of its own; your marks are saved. Its report could not be"
            " written: {reason}",
            reason=said_of(path, reason_of(error)),
        )
    return tr(
        "digest-tui made a mistake of its own; your marks are saved. Please report {path}",
        path=path,
    )
