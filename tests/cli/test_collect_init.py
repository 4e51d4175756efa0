import json

import pytest
from PIL import Image

from sidelight.cli import collect_init, collect_status, collect_withdraw
from sidelight.collect.campaign.folder import open_campaign
from sidelight.collect.measure.activity import Activity
from sidelight.collect.store import answers, leases, people
from sidelight.collect.store.engine import open_store
from sidelight.collect.store.ids import hash_token
from sidelight.collect.wire.answer import BrowseAnswer
from sidelight.records.errors import UserFault


@pytest.fixture
def photos(tmp_path):
    for label in ("owl", "heron"):
        (tmp_path / "photos" / label).mkdir(parents=True)
        for i in range(4):
            Image.new("RGB", (8, 6)).save(tmp_path / "photos" / label / f"{i}.png")
    (tmp_path / "photos" / "page.svg").write_text("<svg/>")
    return tmp_path / "photos"


@pytest.fixture
def made(photos, tmp_path, capsys):
    folder = tmp_path / "campaign"
    words = ["--task", "browse", "--images", str(photos), "--candidates", "8", "--pay", "2.5", "--minutes", "10"]
    assert collect_init.main([str(folder), *words, "--conditions", "plain", "blurred"]) == 0
    return folder, capsys.readouterr().out


def test_init_tells_what_was_found_the_faults_the_cost_and_what_comes_next(made):
    folder, out = made
    assert "fault: page.svg: a name that ends in '.svg'" in out
    assert "found: 8 pictures, 0 distractors, 0 gold, 2 classes, 1 faults" in out
    assert "cost         2.50 EUR (pay 2.50, panel's fee 0.00)" in out
    assert "pay an hour  15.00 EUR" in out
    assert "note: no ethics approval" in out
    assert f"sidelight collect serve {folder}" in out


def test_init_writes_what_was_asked_for(made):
    settings = json.loads((made[0] / "campaign.json").read_text())
    assert (settings["task"], settings["candidates"], settings["pages_per_hit"]) == ("browse", 8, 10)
    assert [one["blurred"] for one in settings["conditions"]] == [False, True]


def test_init_refuses_a_folder_with_a_campaign_before_looking_at_pictures(made):
    with pytest.raises(UserFault, match="a campaign is in it"):
        collect_init.main([str(made[0]), "--task", "tag", "--images", "nowhere"])


def test_a_tag_campaign_has_cocos_panels_and_twenty_pages_a_hit(photos, tmp_path):
    collect_init.main([str(tmp_path / "t"), "--task", "tag", "--images", str(photos)])
    settings = open_campaign(tmp_path / "t").settings
    assert (len(settings.class_panels()), settings.pages_per_hit, settings.pay.expected_minutes) == (11, 20, 15.0)


def test_a_paint_campaign_decides_between_its_folders(photos, tmp_path):
    collect_init.main([str(tmp_path / "p"), "--task", "paint", "--images", str(photos), "--annotators", "3"])
    settings = open_campaign(tmp_path / "p").settings
    assert [one.name for one in settings.options()] == ["heron", "owl"]


def work(folder) -> str:
    """One person labels a page; her withdrawal token."""
    campaign = open_campaign(folder)
    store = open_store(campaign.store_url, clock=lambda: 0.0)

    def do(what, *arguments, **options):
        return store.write(lambda c: what(c, *arguments, **options)).result()

    who = do(people.create_session, panel="link", condition={}, locale="en", preview=False, now=0.0)
    token = campaign.withdraw_token(who)
    do(people.agree, who, version="v", publish=True, withdraw_hash=hash_token(token), now=0.0)
    do(people.passed_practice, who, now=0.0)
    page = do(leases.take_page, who, now=0.0, lease_s=60.0)
    spent = Activity(active_ms=3.6e6, idle_ms=0.0, hidden_ms=0.0)
    kept = {"answer": BrowseAnswer({}), "complete": True, "agrees": True, "activity": spent}
    do(answers.submit, who, page.id, **kept, now=0.0)
    store.close()
    return token


def test_status_shows_how_far_it_is_while_the_service_runs(made, capsys):
    folder, _ = made
    work(folder)
    serving = open_store(open_campaign(folder).store_url, clock=lambda: 0.0)
    assert collect_status.main([str(folder)]) == 0
    serving.close()
    out = capsys.readouterr().out
    for said in ("1 of", "100.00% of them", "1 work", "0 running, 1 overdue", "1.00 h active"):
        assert said in out


def test_status_of_a_campaign_that_nobody_came_to(made, capsys):
    collect_status.main([str(made[0])])
    assert "none yet" in capsys.readouterr().out


def test_withdraw_removes_a_persons_work_while_the_service_runs(made, capsys):
    folder, _ = made
    token = work(folder)
    serving = open_store(open_campaign(folder).store_url, clock=lambda: 0.0)
    assert collect_withdraw.main([str(folder), token.lower()]) == 0
    assert "removed: 1 answers, 0 chunks" in capsys.readouterr().out
    with serving.read() as c:
        assert people.arrivals(c) == 1
    serving.close()


def test_withdraw_refuses_a_token_that_nobody_was_given_without_repeating_it(made):
    with pytest.raises(UserFault, match="nobody of this campaign") as fault:
        collect_withdraw.main([str(made[0]), "ABCD-EFGH"])
    assert "ABCD" not in str(fault.value)


def test_the_panels_options_and_its_token_are_kept_where_they_belong(photos, tmp_path, capsys):
    (tmp_path / "token").write_text("tok-123\n")
    words = [
        "--panel",
        "prolific",
        "--panel-options",
        "code=C1",
        "study=5f00",
        "--panel-token",
        str(tmp_path / "token"),
    ]
    assert collect_init.main([str(tmp_path / "c"), "--task", "paint", "--images", str(photos), *words]) == 0
    campaign, file = open_campaign(tmp_path / "c"), tmp_path / "c" / "secrets.json"
    assert campaign.settings.panel_options == {"code": "C1", "study": "5f00"}
    assert campaign.secrets.panel["api_token"] == "tok-123"
    assert file.stat().st_mode & 0o777 == 0o600
    said = capsys.readouterr()
    assert "tok-123" not in said.out + said.err + (tmp_path / "c" / "campaign.json").read_text()


def test_a_code_that_is_not_known_yet_is_asked_for_and_can_be_written_later(photos, tmp_path, capsys):
    words = ["--task", "paint", "--images", str(photos), "--panel", "prolific"]
    collect_init.main([str(tmp_path / "c"), *words])
    assert "completion code (panel_options" in capsys.readouterr().out
    assert json.loads((tmp_path / "c" / "secrets.json").read_text())["panel"] == {"api_token": "", "webhook_secret": ""}


@pytest.mark.parametrize(
    ("words", "seen"),
    [
        (["--panel", "prolific", "--panel-options", "cod=C1"], "unknown field `cod`"),
        (["--panel", "prolific", "--panel-options", "C1"], "NAME=VALUE"),
        (["--panel", "prolific", "--panel-token", "nowhere"], "FileNotFoundError"),
        (["--panel-token", "nowhere"], "a token for the panel 'link'"),
        (["--panel", "prolific", "--hits-per-person", "2"], "pays a submission once"),
    ],
)
def test_what_the_panel_cannot_do_is_refused_before_anything_is_made(photos, tmp_path, words, seen):
    with pytest.raises(UserFault, match=seen):
        collect_init.main([str(tmp_path / "c"), "--task", "paint", "--images", str(photos), *words])
    assert not (tmp_path / "c").exists()


def test_a_class_name_that_no_log_takes_is_refused_before_anything_is_made(photos, tmp_path):
    (tmp_path / "names.txt").write_text("owl\n" + "h" * 257 + "\n")
    words = ["--task", "paint", "--images", str(photos), "--classes", str(tmp_path / "names.txt")]
    with pytest.raises(UserFault, match="at most 256 letters"):
        collect_init.main([str(tmp_path / "c"), *words])
    assert not (tmp_path / "c").exists()
