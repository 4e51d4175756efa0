from sidelight.collect.service.joined import Joined

HEAD = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n"


class Line:
    """A transport that remembers."""

    def __init__(self):
        self.sent, self.closed = [], False

    def write(self, data):
        self.sent.append(data)

    def close(self):
        self.closed = True

    def is_closing(self):
        return self.closed


def test_a_head_and_its_body_leave_in_one_piece():
    line = Line()
    joined = Joined(line)
    joined.write(HEAD)
    assert line.sent == []
    joined.write(b"ab")
    joined.flush()
    assert line.sent == [HEAD + b"ab"]


def test_an_answer_without_a_body_leaves_when_it_is_over():
    line = Line()
    joined = Joined(line)
    joined.write(HEAD)
    joined.flush()
    joined.flush()
    assert line.sent == [HEAD]


def test_what_waits_leaves_before_the_connection_ends():
    line = Line()
    joined = Joined(line)
    joined.write(HEAD)
    joined.close()
    assert line.sent == [HEAD]
    assert joined.is_closing()


def test_later_parts_of_a_body_and_what_asks_for_one_leave_at_once():
    line = Line()
    joined = Joined(line)
    parts = [b"HTTP/1.1 100 Continue\r\n\r\n", b"5\r\nabcde\r\n", b"0\r\n\r\n"]
    for part in parts:
        joined.write(part)
    assert line.sent == parts
