"""The bench of similar titles at a small scale: an index that is grown is told from one that is made whole."""

from tests.bench import similar


def test_the_index_is_made_whole_and_then_grown(tmp_path):
    lines = list(similar.lines(tmp_path, 0.003))
    assert all(line.equal for line in lines) and len(lines) == 3
    assert "3,000" in lines[0].what and "all 0 pairs" not in lines[0].what
