from sidelight.collect.service.headers import ALWAYS, NOTHING, PICTURE, page_policy


def rules(policy):
    return dict(rule.strip().partition(" ")[::2] for rule in policy.decode().split(";"))


def test_a_page_runs_only_its_own_files_and_is_embedded_nowhere():
    said = rules(page_policy(ancestors=(), form_hosts=()))
    assert said["default-src"] == "'none'"
    assert said["script-src"] == said["style-src"] == said["connect-src"] == said["form-action"] == "'self'"
    assert said["frame-ancestors"] == said["base-uri"] == "'none'"
    assert "unsafe" not in str(said)


def test_a_campaign_may_be_embedded_by_the_origins_it_names():
    said = rules(page_policy(ancestors=("https://panel.example",), form_hosts=("www.panel.example",)))
    assert said["frame-ancestors"] == "https://panel.example"
    assert said["form-action"] == "'self' https://www.panel.example"


def test_pictures_and_answers_can_do_nothing():
    assert "sandbox" in rules(PICTURE)
    assert rules(PICTURE)["default-src"] == rules(NOTHING)["default-src"] == "'none'"
    assert (b"referrer-policy", b"no-referrer") in ALWAYS
