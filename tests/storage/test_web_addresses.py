"""Addresses of the web: what is taken for one, what is shown of it, and which hosts are private."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.arxiv import is_channel
from storage.formats.naming import channel_in, issued_in
from storage.sources.web.addresses import Address, AddressError, join, parse, shown
from storage.sources.web.naming import is_safe, name_for
from storage.sources.web.networks import is_private, is_private_name


def parsed(text: str) -> Address | AddressError:
    try:
        return parse(text)
    except AddressError as error:
        return error


class TestParse:
    @pytest.mark.parametrize(
        ("text", "same"),
        [
            ("https://example.org", "https://example.org/"),
            ("  HTTP://Example.ORG:80/a?b#c\n", "http://example.org/a?b"),
            ("https://example.org:8443/x", "https://example.org:8443/x"),
            ("http://[::1]:8000/x", "http://[::1]:8000/x"),
            ("http://user:word@example.org/x", "http://example.org/x"),
            (
                "https://例子.中国/摘要 一.md",
                "https://xn--fsqu00a.xn--fiqs8s/%E6%91%98%E8%A6%81%20%E4%B8%80.md",
            ),
            ("https://example.org/a%2Fb?q=50%", "https://example.org/a%2Fb?q=50%25"),
            ("http://under_score.example.org./", "http://under_score.example.org./"),
            (r"http://example.org/a\b", "http://example.org/a%5Cb"),
        ],
    )
    def test_what_is_an_address(self, text, same):
        assert parse(text).text == same
        assert parse(parse(text).whole) == parse(text)

    @pytest.mark.parametrize(
        ("text", "reason"),
        [
            ("", "does not begin with http"),
            ("example.org/feed", "does not begin with http"),
            ("localhost:8000/feed", "does not begin with http"),
            ("https:/example.org", "does not begin with http"),
            ("javascript:alert(1)", "does not begin with http"),
            ("file:///etc/passwd", "only http and https are fetched, not file"),
            ("ftp://example.org/x", "only http and https are fetched, not ftp"),
            ("http://", "names no host"),
            ("http://a..b/", "names no possible host"),
            ("http://-a.org/", "names no possible host"),
            ("http://a b.org/", "names no possible host"),
            ("http://a.org%00.b.org/", "names no possible host"),
            ("http://" + "a" * 64 + ".org/", "names no possible host"),
            ("http://" + "a." * 130 + "org/", "names no possible host"),
            ("http://[fe80::1%25eth0]/", "names no possible host"),
            ("http://[::1/", "cannot be read"),
            ("http://example.org:99999/", "cannot be read"),
            ("http://example.org:0/", "port 0"),
            ("http://example.org/a\r\nHost: evil", "control characters"),
            ("http://exa\tmple.org/", "control characters"),
            ("http://example.org/\ud800", "half characters"),
            ("http://example.org/" + "a" * 9000, "longer than any address"),
        ],
    )
    def test_what_is_none(self, text, reason):
        with pytest.raises(AddressError) as caught:
            parse(text)
        assert reason in str(caught.value)
        assert len(str(caught.value)) < 500

    @given(st.text() | st.from_regex(r"https?://[^/]*(/.*)?"))
    @settings(max_examples=300, deadline=None)
    def test_any_text_is_an_address_or_says_why_not(self, text):
        assert shown(text).isprintable()
        address = parsed(text)
        if isinstance(address, AddressError):
            assert str(address).isprintable()
        else:
            assert address.text.isascii()
            assert address.text.isprintable()
            assert " " not in address.text
            assert parse(address.text).text == address.text


class TestSecrets:
    @pytest.mark.parametrize(
        "text",
        [
            "https://reader:s3cret@example.org/feed",
            "https://reader:p%40s3cret@example.org/feed",
            "https://reader:pa@s3cret@example.org/feed",
            "https://reader:pa/s3cret@example.org/feed",
            "https://s3cret@example.org/feed",
            "ftp://reader:s3cret@example.org/feed",
            "reader:s3cret@example.org/feed",
            "https://reader:s3cret@exa mple.org/feed\r\n",
            "https://example.org/feed?access_token=s3cret&day=1",
            "https://example.org/feed?day=1&API_KEY=s3cret",
            "ftp://example.org/feed?sig=s3cret",
            "https://reader:s3cret@" + "long." * 3000 + "org/",
        ],
    )
    def test_they_are_never_shown(self, text):
        assert "s3cret" not in shown(text)
        assert "example.org/feed" in shown(text) or " " in text or "long." in text
        assert "s3cret" not in str(parsed(text)) or "?" in text

    @pytest.mark.parametrize("length", range(7960, 8010))
    def test_no_cut_lays_them_bare(self, length):
        # What is not shown of the first key makes room for what follows it.
        text = f"ftp://example.org/feed?key={'k' * length}&access_token=s3cret&sig=s3cret"
        assert "s3" not in shown(text)
        assert shown(text).startswith("ftp://example.org/feed?key=…")

    def test_they_are_found_behind_any_number_of_questions(self):
        assert shown("ftp://example.org/feed?a?token=s3cret") == "ftp://example.org/feed?a?token=…"
        # Reading on to the end from each took most of a second an address.
        for number in range(200):
            text = f"https://example.org/{number}" + "?a" * 3900
            assert parse(text).shown == f"{text[:299]}…"
        assert shown("https://example.org/" + "?a" * 10**6) == f"https://example.org/{'?a' * 139}?…"

    def test_what_is_no_secret_is_shown(self):
        text = "https://example.org/@reader/feed?keywords=diffusion&date=2026-06-30"
        assert shown(text) == text

    def test_they_make_the_header_that_servers_know(self):
        # RFC 7617 section 2 gives this example.
        address = parse("http://Aladdin:open%20sesame@example.org/")
        assert address.authorization == "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="
        assert parse("http://example.org/").authorization == ""


class TestJoin:
    @pytest.mark.parametrize(
        ("location", "text"),
        [
            ("/b", "http://example.org/b"),
            ("c?d", "http://example.org/a/c?d"),
            ("//other.org/x", "http://other.org/x"),
            ("https://other.org:444/x#y", "https://other.org:444/x"),
            ("?page=2", "http://example.org/a/b?page=2"),
        ],
    )
    def test_where_a_redirect_leads(self, location, text):
        assert join(parse("http://example.org/a/b"), location).text == text

    @pytest.mark.parametrize(
        ("location", "is_kept"),
        [
            ("/elsewhere", True),
            ("https://example.org/a", True),
            ("http://example.org:8080/a", False),
            ("https://example.org:8443/a", False),
            ("http://sub.example.org/a", False),
            ("http://evil:word@evil.org/", False),
            ("http://evil:word@example.org/", True),
        ],
    )
    def test_who_is_told_the_password(self, location, is_kept):
        found = join(parse("http://reader:s3cret@example.org/a"), location)
        assert (found.user, found.password) == (("reader", "s3cret") if is_kept else ("", ""))

    def test_https_is_not_given_up_with_the_password(self):
        found = join(parse("https://reader:s3cret@example.org/a"), "http://example.org/a")
        assert found.user == ""

    @pytest.mark.parametrize(
        "location",
        [
            "file:///etc/passwd",
            "javascript:alert(1)",
            "http://[",
            "/a\r\nX: y",
            "ftp:/x",
            "/\ud800",
        ],
    )
    def test_where_none_may_lead(self, location):
        with pytest.raises(AddressError):
            join(
                parse("http://example.org/a"),
                f"http://x/{location}" if "\n" in location else location,
            )


class TestPrivate:
    @pytest.mark.parametrize(
        "number",
        [
            *("127.0.0.1", "127.255.0.1", "0.0.0.0", "10.1.2.3", "172.16.0.1", "172.31.255.255"),
            *("192.168.1.1", "169.254.169.254", "100.64.0.1", "100.127.0.1", "224.0.0.1"),
            *("255.255.255.255", "192.0.0.192"),
            *("::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12::1", "fec0::1", "ff02::1"),
            *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1"),
            *("64:ff9b:1::a00:1", "2002:7f00:1::", "2002:c0a8:101::1"),
        ],
    )
    def test_private(self, number):
        assert is_private(number)

    @pytest.mark.parametrize(
        "number",
        [
            *("93.184.216.34", "1.1.1.1", "172.15.0.1", "172.32.0.1", "100.63.0.1", "100.128.0.1"),
            *("192.169.0.1", "223.255.255.255", "11.0.0.1"),
            *("2606:4700::1111", "2001:4860:4860::8888", "::ffff:1.1.1.1", "64:ff9b::101:101"),
            "198.18.0.5",  # what many proxies answer for every public name
        ],
    )
    def test_public(self, number):
        assert not is_private(number)

    @pytest.mark.parametrize(
        ("host", "private"),
        [
            *(("localhost", True), ("a.localhost", True), ("printer.local", True), ("::1", True)),
            *(("127.1", True), ("0x7f000001", True), ("2130706433", True), ("10.0.0.1", True)),
            *(("example.org", False), ("localhost.example.org", False), ("8.8.8.8", False)),
        ],
    )
    def test_by_name(self, host, private):
        assert is_private_name(host) == private


class TestNames:
    @pytest.mark.parametrize(
        ("address", "content_type", "begin", "ending"),
        [
            ("https://e.org/data/2026-06-30_AI_enhanced_Chinese.jsonl", "", "data_2026-06-30_AI_enhanced_Chinese_", ".jsonl"),
            ("https://rss.arxiv.org/rss/cs.LG", "application/rss+xml", "rss_cs.LG_", ".xml"),
            ("https://e.org/cs.LG/2024-04-04T0909_ab12cd.md", "text/plain", "cs.LG_2024-04-04T0909_ab12cd_", ".md"),
            ("https://e.org/feed?token=s3cret&date=2026-06-30", "text/html", "feed_2026-06-30_", ".html"),
            ("https://e.org/", "", "", ".txt"),
            ("https://e.org/%2E%2E%2F%2E%2E%2Fetc/..%2f..%2fpasswd", "", "etc_passwd_", ".txt"),
            ("https://e.org/.hidden/.git.md", "", "hidden_git_", ".md"),
            ("https://e.org/摘要/一.md", "", "", ".md"),
            ("https://e.org/" + "a" * 500 + ".md", "", "a" * 60 + "_", ".md"),
            ("https://e.org/x\0.md".replace("\0", "%00"), "", "x_", ".md"),
        ],
    )  # fmt: skip
    def test_what_documents_are_called(self, address, content_type, begin, ending):
        name = name_for(parse(address), content_type)
        assert name.startswith(begin)
        assert name.endswith(ending)
        assert len(name) - len(begin) - len(ending) == 12
        assert is_safe(name)
        assert "s3cret" not in name

    def test_date_and_channel_stay_readable(self):
        name = name_for(parse("https://e.org/cs.LG/2024-04-04T0909_ab12cd.md"), "")
        assert str(issued_in(name)) == "2024-04-04 09:09:00"
        assert channel_in(name) == "cs.LG"
        assert channel_in(name_for(parse("https://rss.arxiv.org/rss/cs.LG"), "")) == "cs.LG"
        assert not is_channel(name.rpartition("_")[2].partition(".")[0])

    def test_every_address_has_a_name_of_its_own(self):
        addresses = [
            "http://e.org/a.md",
            "https://e.org/a.md",
            "http://e.org/a.md?1",
            "http://E.org:81/a.md",
        ]
        names = {name_for(parse(address), "") for address in addresses}
        assert len(names) == len(addresses)
        same = name_for(parse("http://reader:word@e.org/a.md"), "")
        assert same == name_for(parse("http://other:secret@e.org/a.md#x"), "")

    @given(st.from_regex(r"https?://a\.org/.*"), st.text())
    @settings(max_examples=200, deadline=None)
    def test_any_address_makes_a_safe_name(self, text, content_type):
        try:
            address = parse(text)
        except AddressError:
            return
        assert is_safe(name_for(address, content_type))

    @pytest.mark.parametrize(
        "name", ["", ".x", "../x", "a/b", "a\\b", "a\0", "-x", "x" * 300, "a\n"]
    )
    def test_what_is_no_safe_name(self, name):
        assert not is_safe(name)
