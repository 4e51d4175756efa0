def test_a_run_s_page_is_written_into_its_folder(walked):
    at, said = walked
    assert said["report"].code == 0
    assert said["report"].out.strip() == str(at / "run" / "report.html")
    assert "not a claim: no controls, 1 seed" in (at / "run" / "report.html").read_text()


def test_a_page_goes_where_it_is_asked_for(sidelight, walked, tmp_path):
    said = sidelight("report", walked[0] / "run", "--out", tmp_path / "page.html")
    assert said.code == 0
    assert "One run of digits" in (tmp_path / "page.html").read_text()
