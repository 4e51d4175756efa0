from sidelight.collect.panel.visit import https_host, with_query


def test_a_query_is_added_to_addresses_with_and_without_one():
    assert with_query("https://a.example", {"k": "v"}) == "https://a.example?k=v"
    assert with_query("https://a.example/x#end", {"k": "ü"}) == "https://a.example/x?k=%C3%BC#end"


def test_only_a_plain_https_address_has_a_host():
    assert https_host("https://a.example:443/x") == "a.example"
    assert [https_host(a) for a in ("https://a.example:99999/", "https://a b", "ftp://a.example", "")] == [""] * 4
