"""Content codings: undone wherever the parts of a body break, and never more at once than a block."""

from __future__ import annotations

import gzip
import tracemalloc
import zlib
from functools import partial

import brotli  # type: ignore[import-untyped]
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.sources.web.coding import BLOCK, CodingError, decoder_for

TEXT = "# 摘要\n\n线性注意力 linear attention\n".encode() * 300


def raw_deflate(data: bytes) -> bytes:
    engine = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return engine.compress(data) + engine.flush()


CODINGS = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": brotli.compress,
    "X-GZip": gzip.compress,
    "identity": bytes,
    "": bytes,
    " gzip , identity": gzip.compress,
}


def decoded(name: str, data: bytes, step: int = 1 << 30) -> bytes:
    decoder = decoder_for(name)
    blocks = [
        block
        for begin in range(0, len(data), step)
        for block in decoder.feed(data[begin : begin + step])
    ]
    decoder.finish()
    assert all(blocks)
    return b"".join(blocks)


@pytest.mark.parametrize("name", CODINGS)
@pytest.mark.parametrize("step", [1, 7, 1000, 1 << 20])
def test_what_was_coded_is_undone_however_it_comes(name, step):
    assert decoded(name, CODINGS[name](TEXT), step) == TEXT


@pytest.mark.parametrize("step", [1, 1 << 20])
def test_deflate_without_its_wrapper_which_some_servers_send(step):
    assert decoded("deflate", raw_deflate(TEXT), step) == TEXT


@pytest.mark.parametrize("step", [1, 1 << 20])
def test_gzip_of_several_members_and_with_filling_behind_it(step):
    assert decoded("gzip", gzip.compress(b"one") + gzip.compress(b"two"), step) == b"onetwo"
    assert decoded("gzip", gzip.compress(TEXT) + bytes(5000), step) == TEXT


def test_bytes_behind_the_end_of_deflate_are_left_out():
    # urllib3 before 2.8 went round in circles here (CVE-2026-97688).
    assert decoded("deflate", zlib.compress(TEXT) + b"more" * 1000) == TEXT


@given(st.binary(max_size=3000), st.sampled_from(sorted(CODINGS)), st.integers(1, 500))
@settings(max_examples=100, deadline=None)
def test_any_bytes_come_back(data, name, step):
    if data:
        assert decoded(name, CODINGS[name](data), step) == data


@given(st.binary(max_size=500), st.sampled_from(["gzip", "deflate", "br"]))
@settings(max_examples=300, deadline=None)
def test_any_other_bytes_are_told_to_be_something_else(data, name):
    try:
        decoded(name, data, 50)
    except CodingError as error:
        assert str(error).isprintable()  # noqa: PT017 -- damage may also leave something whole


@pytest.mark.parametrize("name", ["gzip", "deflate", "br"])
def test_a_body_that_ends_too_early_is_told(name):
    whole = CODINGS[name](TEXT)
    with pytest.raises(CodingError, match="ends in the midst"):
        decoded(name, whole[:-10])
    with pytest.raises(CodingError, match="ends in the midst"):
        decoded(name, b"")


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("zstd", "is compressed by zstd, which was not asked for"),
        ("gzip, gzip", "is compressed 2 times over"),
        ("br, gzip, br", "is compressed 3 times over"),
        ("\x1b[31m" + "x" * 100, "is compressed by [31mxxxxxxxxxxxxxxx, which was not asked for"),
    ],
)
def test_codings_that_were_not_asked_for(name, reason):
    with pytest.raises(CodingError) as caught:
        decoder_for(name)
    assert str(caught.value) == reason


@pytest.mark.parametrize("name", ["gzip", "deflate", "br"])
def test_a_bomb_comes_out_in_blocks(name):
    size = 30_000_000
    compress = {"br": partial(brotli.compress, quality=1)}.get(name, CODINGS[name])
    bomb = compress(bytes(size))
    assert len(bomb) < size / 900
    decoder = decoder_for(name)
    tracemalloc.start()
    came = 0
    for block in decoder.feed(bomb):
        assert len(block) <= 4 * BLOCK
        came += len(block)
        if came > 10_000_000:
            break
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20 * BLOCK
