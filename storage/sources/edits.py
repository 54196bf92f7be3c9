"""Changes to the list of sources: pure, from the items as they are to the items as they shall be."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, TypedDict

from storage.language import tr
from storage.model import Problem
from storage.sources.items import FIELDS, key_of, listed, read_item, unused, written
from storage.sources.source import PATH
from storage.sources.typed import absolute, told
from storage.wording import names_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from storage.sources.items import Key
    from storage.sources.source import Source
    from storage.sources.typed import Typed

_Items = list[Any]


class Changes(TypedDict, total=False):
    """What can be changed of a source that is listed, see ``Source``."""

    name: str
    is_paused: bool
    place: str
    pattern: str
    days: int
    with_history: bool


def added(items: _Items, new: Sequence[Source]) -> tuple[_Items, tuple[Problem, ...]]:
    """Return ``items`` with ``new`` behind them, and why some are not."""
    items = list(items)
    followed = {key_of(source): source for _, source in listed(items)}
    ids = {source.id for source in followed.values()}
    problems = []
    for source in new:
        if problem := _refused(source) or _superfluous(source, followed):
            problems.append(problem)
            continue
        fresh = source._replace(id=unused(source.id, ids))
        ids.add(fresh.id)
        followed[key_of(fresh)] = fresh
        items.append(written(fresh))
    return items, tuple(problems)


def removed(items: _Items, unwanted: Sequence[Typed]) -> tuple[_Items, tuple[Problem, ...]]:
    """Return ``items`` without those that are ``unwanted``, and why some are still there."""
    problems = []
    for named in unwanted:
        sources = [source for _, source in listed(items)]
        meant = named.among(sources)
        if len(meant) == 1:
            items = [item for item in items if not _is_item_of(meant[0], item)]
        else:
            problems.append(_not_removed(named, meant, sources))
    return items, tuple(problems)


def restored(items: _Items, source: Source, at_index: int) -> tuple[_Items, Problem | None]:
    """Return ``items`` with ``source`` as the ``at_index``-th of those that are understood."""
    known = listed(items)
    if problem := _refused(source) or _same(source, {key_of(one): one for _, one in known}):
        return items, problem
    back = source._replace(id=unused(source.id, {one.id for _, one in known}))
    behind = known[max(at_index, 0) :]
    place = behind[0][0] if behind else len(items)
    return [*items[:place], written(back), *items[place:]], None


def changed(items: _Items, source_id: str, fields: Changes) -> tuple[_Items, Problem | None]:
    """Return ``items`` with the source that is known by ``source_id`` changed."""
    items = _once(items)
    known = {source.id: (index, source) for index, source in listed(items)}
    if source_id not in known:
        return items, _missing(source_id)
    index, before = known.pop(source_id)
    after = before._replace(**fields)
    if after == before:
        return items, None
    others = {key_of(source): source for _, source in known.values()}
    if problem := _refused(after) or _same(after, others):
        return items, problem
    of_later_versions = {key: it for key, it in items[index].items() if key not in FIELDS}
    return [*items[:index], written(after) | of_later_versions, *items[index + 1 :]], None


def moved(items: _Items, source_id: str, by: int) -> tuple[_Items, Problem | None]:
    """Return ``items`` with one ``by`` places further on among those that are understood."""
    items = _once(items)
    indices = {source.id: index for index, source in listed(items)}
    if source_id not in indices:
        return items, _missing(source_id)
    order = list(indices)
    target = order[min(max(order.index(source_id) + by, 0), len(order) - 1)]
    item = items.pop(indices[source_id])
    items.insert(indices[target], item)
    return items, None


def _once(items: _Items) -> _Items:
    """Leave out what is listed twice: it would be found where the first is no longer before it."""
    kept = {index for index, _ in listed(items)}
    return [it for index, it in enumerate(items) if index in kept or read_item(it) is None]


def _is_item_of(source: Source, item: object) -> bool:
    found = read_item(item)
    return found is not None and key_of(found) == key_of(source)


def _refused(source: Source) -> Problem | None:
    """Say that ``source`` could not be read back; None where it could."""
    if read_item(written(source)) == source:
        return None
    return _problem(source, tr("is no possible source; nothing was changed for it"))


def _same(source: Source, followed: dict[Key, Source]) -> Problem | None:
    """Say that ``source`` is followed; None where it is not."""
    same = followed.get(key_of(source))
    if same is None:
        return None
    paused, followed_so = tr("is followed already, but paused"), tr("is followed already")
    return _problem(source, paused if same.is_paused else followed_so, is_loss=False)


def _superfluous(source: Source, followed: dict[Key, Source]) -> Problem | None:
    """Say why ``source`` need not be added; None where it need be."""
    folder = _folder_over(source.place, followed.values()) if source.kind == PATH else ""
    if (same := _same(source, followed)) or not folder:
        return same
    reason = tr("lies under {folder}, which is followed already", folder=told(folder))
    return _problem(source, reason, is_loss=False)


def _missing(source_id: str) -> Problem:
    reason = tr("is not among the sources any more; nothing was changed")
    return Problem(told(source_id), None, reason)


def _not_removed(named: Typed, meant: Sequence[Source], sources: Sequence[Source]) -> Problem:
    path = absolute(named.text)
    if meant:
        reason = tr(
            "could be any of {count} sources, so none was removed; name one by its id: {ids}",
            count=len(meant),
            ids=names_of(source.id for source in meant),
        )
    elif path and (folder := _folder_over(path, sources)):
        reason = tr(
            "is no source itself but lies under {folder}, which is; it is still followed",
            folder=told(folder),
        )
    else:
        reason = tr("is not among the sources; nothing was removed for it")
    return Problem(told(named.text), None, reason)


def _problem(source: Source, reason: str, *, is_loss: bool = True) -> Problem:
    return Problem(told(source.shown_place), None, reason, is_loss=is_loss)


def _folder_over(path: str, sources: Iterable[Source]) -> str:
    """Return the folder that is followed, and in which ``path`` is found; empty: there is none."""
    whole = (it.place for it in sources if it.kind == PATH and not (it.pattern or it.is_paused))
    return next((folder for folder in whole if folder == path or _covers(folder, path)), "")


def _covers(folder: str, path: str) -> bool:
    """Tell whether following ``folder`` finds ``path``; hidden files and folders are passed over."""
    above = folder.rstrip(os.sep) + os.sep
    return path.startswith(above) and f"{os.sep}." not in path[len(above) - 1 :]
