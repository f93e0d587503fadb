"""What was measured on a machine is kept for that machine, and what models really did with it."""

from tests.engine.test_speed import PROBE
from writer_app.engine.measuring import Measured, Speeds
from writer_app.engine.protocol import Done, Ending, Seconds
from writer_app.engine.speed import Pace


def done(read=0, written=0, seconds=1.0):
    return Done(
        reason=Ending.END,
        tokens_read=read,
        tokens_written=written,
        seconds=Seconds(read=seconds, write=seconds),
    )


def test_a_measurement_holds_over_restarts_and_on_its_machine_only(tmp_path):
    path = tmp_path / "cache" / "speed.json"
    assert Speeds(path, "old").measured is None
    Speeds(path, "old").learn(Measured(processor=PROBE))
    Speeds(path, "new").learn(Measured(processor=PROBE, graphics_free=(1,)))
    assert Speeds(path, "old").measured == Measured(processor=PROBE)
    assert Speeds(path, "new").measured.graphics_free == (1,)
    assert Speeds(path, "third").measured is None


def test_what_a_model_did_is_kept_for_its_file_as_it_was(tmp_path):
    path, model = tmp_path / "speed.json", tmp_path / "m.gguf"
    model.write_bytes(b"one")
    speeds = Speeds(path, "here")
    speeds.note(model, done(read=20, written=3))
    assert speeds.seen(model) is None  # too little to tell anything
    speeds.note(model, done(read=100))
    speeds.note(model, done(written=30))
    assert Speeds(path, "here").seen(model) == Pace(100.0, 30.0)
    model.write_bytes(b"another")
    assert Speeds(path, "here").seen(model) is None


def test_two_programs_do_not_undo_what_the_other_found_out(tmp_path):
    path, model = tmp_path / "speed.json", tmp_path / "m.gguf"
    model.write_bytes(b"one")
    window, verb = Speeds(path, "here"), Speeds(path, "here")
    verb.learn(Measured(processor=PROBE))
    window.note(model, done(read=100, written=30))
    assert Speeds(path, "here").measured
    assert Speeds(path, "here").seen(model)


def test_a_damaged_file_or_a_disk_that_refuses_costs_only_another_measurement(tmp_path):
    path = tmp_path / "speed.json"
    path.write_bytes(b"\xff{")
    assert Speeds(path, "here").measured is None
    (tmp_path / "file").write_bytes(b"")
    Speeds(tmp_path / "file" / "speed.json", "here").learn(Measured(processor=PROBE))
