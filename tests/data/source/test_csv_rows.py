import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidelight.data.source.csv_rows import COLUMNS, read_rows
from sidelight.records.errors import UserFault

HEADER = "path,label,x,y,annotator,time,x0,y0,x1,y1,map_path,split\n"


def read(text, units="fraction"):
    faults = []
    content = text if isinstance(text, bytes) else text.encode()
    rows = list(read_rows(content, name="t.csv", units=units, faults=faults))
    return rows, [str(fault) for fault in faults]


def test_a_full_line_is_read():
    ((row,), faults) = read(HEADER + "a/1.png,cat,0.25,0.5,W1,350,0,0.1,0.5,1,maps/1.png,test\n")
    assert faults == []
    assert row == (2, "a/1.png", "cat", (0.25, 0.5), "W1", 350.0, (0.0, 0.1, 0.5, 1.0), "maps/1.png", "test")


def test_fields_and_columns_may_be_left_out():
    ((row,), _) = read("label,path\ncat,1.png\n")
    assert row == (2, "1.png", "cat", None, "", None, None, None, None)
    ((row,), _) = read(HEADER + "1.png,cat,,,,,,,,,,\n")
    assert (row.point, row.box, row.split) == (None, None, None)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_what_spreadsheets_write_is_read(delimiter, end, mark):
    lines = ["path,label,x,y", '"a b.png",cat,0.5,1', "", ",,,", "2.png, dog ,,"]
    rows, faults = read(mark + end.join(lines).replace(",", delimiter))
    assert faults == []
    assert [(row.line, row.path, row.label, row.point) for row in rows] == [
        (2, "a b.png", "cat", (0.5, 1.0)),
        (5, "2.png", "dog", None),
    ]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("1.png,cat,1.5,0.5", "x is 1.5; a fraction in [0, 1] is expected; for pixels pass --units pixel"),
        ("1.png,cat,-0.1,0.5", "x is -0.1; at least 0"),
        ("1.png,cat,abc,0.5", "x is 'abc'; a number is expected"),
        ('1.png,cat,"0,5",0.5', "write a decimal point"),
        ("1.png,cat,nan,0.5", "x is 'nan'; a finite number"),
        ("1.png,cat,1_0,0.5", "x is '1_0'; a number"),
        ("1.png,cat,0.5,", "y is ''; a number"),
        ("1.png,,0.5,0.5", "label is empty"),
        (",cat,0.5,0.5", "path is ''"),
        ("/1.png,cat,0.5,0.5", "path is '/1.png', an absolute path"),
        (r"C:\1.png,cat,0.5,0.5", "an absolute path"),
        (r"\\server\1.png,cat,0.5,0.5", "an absolute path"),
        ("../1.png,cat,0.5,0.5", "without '..'"),
        ("1\0.png,cat,0.5,0.5", "the path of a file"),
        ("1.png,cat,0.5", "3 fields; the header has 4 columns"),
        ('1.png,"cat,0.5,0.5', "unexpected end of data"),
    ],
)
def test_a_broken_line_is_told_by_its_number_and_the_others_are_kept(line, said):
    rows, faults = read(f"path,label,x,y\n0.png,cat,,\n{line}\n2.png,dog,0.5,0.5\n")
    assert [row.path for row in rows] == ["0.png", "2.png"]
    (fault,) = faults
    assert fault.startswith("t.csv, line 3: ")
    assert said in fault


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ("soon,,,,,", "time is 'soon'"),
        ("-3,,,,,", "time is -3.0; milliseconds >= 0"),
        (",0.5,0,0.5,1,", "x0 < x1"),
        (",0.5,0,,1,", "x1 is ''"),
        (",0,0,2,1,", "x1 is 2.0; a fraction"),
        (",,,,,dev", "split is 'dev'; allowed: train, validation, test"),
    ],
)
def test_other_columns_are_checked_too(fields, said):
    rows, (fault,) = read(f"path,label,time,x0,y0,x1,y1,split\n1.png,cat,{fields}\n")
    assert rows == []
    assert said in fault


def test_pixels_may_exceed_one():
    ((row,), faults) = read("path,label,x,y\n1.png,cat,120,3.5\n", units="pixel")
    assert (row.point, faults) == ((120.0, 3.5), [])


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("path,lable", ["column 'lable' is unknown; did you mean 'label'?", "column 'label' is missing"]),
        ("Path,label", ["'Path' is unknown; did you mean 'path'?"]),
        ("path,label,mood", ["column 'mood' is unknown; allowed: path, label, x"]),
        ("path,label,x", ["column 'y' is missing; x, y come together"]),
        ("path,label,x0,x1,y1", ["column 'y0' is missing"]),
        ("path,label,label", ["column 'label' is there twice"]),
        ("", ["column 'path' is missing"]),
    ],
)
def test_all_that_is_wrong_with_the_header_is_told_at_once(header, said):
    with pytest.raises(UserFault) as refused:
        read(header + "\n1.png,cat\n")
    for message in said:
        assert message in str(refused.value)


@pytest.mark.parametrize("content", ["path,label\n1.png,caf\xe9\n".encode("latin-1"), "path,label\n".encode("utf-16")])
def test_other_encodings_are_refused(content):
    with pytest.raises(UserFault, match=r"t.csv, line [12]: byte 0x.*UTF-8"):
        read(content)


@given(st.text(max_size=200), st.sampled_from(["", "path,label\n", HEADER]))
def test_no_table_breaks_the_reader(text, header):
    try:
        rows, _ = read(header.encode() + text.encode(errors="replace"))
    except UserFault:
        return
    assert all(row.path and row.label and not row.path.startswith("/") for row in rows)


def test_every_known_column_is_in_the_documented_header():
    assert ",".join(COLUMNS) == HEADER.strip()
