def test_a_run_s_page_is_written_into_its_folder(walked):
    at, said = walked
    assert said["report"].code == 0
    assert said["report"].out.strip() == str(at / "run" / "report.html")
    assert "not a claim: no controls, 1 seed" in (at / "run" / "report.html").read_text()


def test_a_page_goes_where_it_is_asked_for(sidelight, walked, tmp_path):
    said = sidelight("report", walked[0] / "run", "--out", tmp_path / "page.html")
    assert said.code == 0
    assert "One run of digits" in (tmp_path / "page.html").read_text()


def test_several_folders_make_the_paper_s_tables(sidelight, walked, tmp_path):
    said = sidelight("report", walked[0] / "run", walked[0] / "run", "--out", tmp_path / "paper.html")
    assert said.code == 0
    assert said.out.strip() == str(tmp_path / "paper.html")
    assert "Runs beside the paper" in (tmp_path / "paper.html").read_text()
    assert (tmp_path / "paper.csv").read_text().startswith("table,row,column")


def test_one_folder_can_stand_beside_the_paper_too(sidelight, walked, tmp_path):
    said = sidelight("report", walked[0] / "run", "--paper", "--out", tmp_path / "paper.html")
    assert said.code == 0
    assert "Runs beside the paper" in (tmp_path / "paper.html").read_text()


def test_a_folder_must_be_named(sidelight):
    said = sidelight("report")
    assert said.code == 1
    assert "no folder" in said.err
