"""The bench of the forecast at a small scale: every line is there, with what it reached."""

from tests.bench import use


def test_the_forecast_is_learnt_and_tried(tmp_path):
    lines = list(use.lines(tmp_path, 0.003))
    assert [line.reached is None for line in lines] == [False] * 6
    assert lines[0].reached and lines[1].reached
    assert "parted by time" in lines[2].what and "parted by titles" in lines[4].what
