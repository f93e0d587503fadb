"""Choosing the number of threads, on simulated machines: seconds a step takes, by threads."""

import random
from collections import Counter

import pytest

from writer_app.engine import cores
from writer_app.engine.pace import Pace, counts

#: Measured once, the starter model on 2 cores: alone, beside one busy process, and beside one where the threads
#: of a team wait for each other without sleeping.
ALONE = {2: 1 / 44, 1: 1 / 30}.__getitem__
BUSY = {2: 1 / 16, 1: 1 / 32}.__getitem__
SPINNING = {2: 1.0, 1: 1 / 32}.__getitem__
SEEDS = range(10)


def cores_with_others(number, others):
    """Work that is shared by ``number`` cores; a team with a thread too many waits for it."""
    return lambda threads: 0.1 * (1 / threads + 0.02) * (2.5 if threads > number - others else 1)


def hybrid(threads):
    """6 performance cores; with a slow core, all wait for it."""
    return 0.1 / threads if threads <= 6 else 0.1 / (threads * 0.3)


class Machine:
    """Writes with the threads that the pace says, and keeps the time."""

    def __init__(self, pace, seed=1):
        self.pace = pace
        self.now = 100.0
        self._random = random.Random(seed)

    def write(self, speed, steps, rows=1):
        """(seconds, steps by threads, steps until the last change of the choice) of so many steps."""
        began, used, changed, chosen = self.now, Counter(), 0, self.pace.chosen
        for step in range(steps):
            used[self.pace.threads] += 1
            self.step(speed, rows)
            if self.pace.chosen != chosen:
                chosen, changed = self.pace.chosen, step + 1
        return self.now - began, used, changed

    def step(self, speed, rows=1):
        late = self._random.choices([0, self._random.uniform(0.02, 0.1)], [99, 1])[0]
        took = speed(self.pace.threads) * (1 + abs(self._random.gauss(0, 0.05))) + late
        self.pace.tell(self.now, self.now + took, rows)
        self.now += took


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("speed", "best"), [(ALONE, 2), (BUSY, 1), (SPINNING, 1)])
def test_it_settles_on_the_best_within_twelve_steps_and_five_seconds(seed, speed, best):
    machine = Machine(Pace((2, 1)), seed)
    seconds, _used, _changed = machine.write(speed, 12)
    assert machine.pace.is_settled
    assert machine.pace.chosen == best
    assert seconds < 5


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("others", [0, 1, 4, 8])
def test_on_sixteen_cores_it_leaves_room_for_the_others(seed, others):
    speed = cores_with_others(16, others)
    machine = Machine(Pace(counts(16)), seed)
    machine.write(speed, 36)
    assert machine.pace.is_settled
    assert speed(machine.pace.chosen) == pytest.approx(min(map(speed, counts(16))), rel=0.1)


@pytest.mark.parametrize("seed", SEEDS)
def test_on_a_hybrid_processor_it_takes_the_fast_cores(seed):
    machine = Machine(Pace(counts(14, fast=6)), seed)
    machine.write(hybrid, 36)
    assert machine.pace.chosen == 6


@pytest.mark.parametrize("seed", SEEDS)
def test_a_program_that_gets_busy_is_noticed_within_a_second(seed):
    machine = Machine(Pace((2, 1)), seed)
    machine.write(ALONE, 200)
    _seconds, used, changed = machine.write(BUSY, 200)
    assert machine.pace.chosen == 1
    assert changed <= 12
    assert used[2] <= 25


@pytest.mark.parametrize("seed", SEEDS)
def test_that_it_has_ended_is_noticed_though_nothing_gets_faster_by_itself(seed):
    machine = Machine(Pace((2, 1)), seed)
    machine.write(BUSY, 400)
    _seconds, _used, changed = machine.write(ALONE, 400)
    assert machine.pace.chosen == 2
    assert changed <= 300  # under ten seconds


def test_after_a_rest_it_is_noticed_at_once():
    machine = Machine(Pace((2, 1)))
    machine.write(BUSY, 400)
    machine.now += 60
    machine.write(ALONE, 12)
    assert machine.pace.chosen == 2


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("speed", "tried"), [(ALONE, (2, 1)), (BUSY, (2, 1)), (None, counts(16))])
def test_probing_costs_next_to_nothing(seed, speed, tried):
    speed = speed or cores_with_others(16, 4)
    machine = Machine(Pace(tried), seed)
    machine.write(speed, 100)
    _seconds, used, _changed = machine.write(speed, 3_000)
    best = min(map(speed, tried))
    assert sum(steps * speed(threads) for threads, steps in used.items()) <= 3_000 * best * 1.03


def test_when_many_leave_all_cores_are_used_again():
    machine = Machine(Pace(counts(16)))
    machine.write(cores_with_others(16, 8), 200)
    assert machine.pace.chosen == 8
    machine.write(cores_with_others(16, 0), 400)
    assert machine.pace.chosen >= 15


@pytest.mark.parametrize("seed", SEEDS)
def test_a_text_that_gets_longer_is_no_reason_to_change(seed):
    machine = Machine(Pace((2, 1)), seed)
    used = Counter()
    for length in range(3_000):
        used += machine.write(lambda threads, read=length: ALONE(threads) * (1 + read / 2_000), 1)[
            1
        ]
    assert machine.pace.chosen == 2
    assert used[1] <= 60


@pytest.mark.parametrize("seed", SEEDS)
def test_several_texts_at_once_cost_more_and_change_nothing(seed):
    machine = Machine(Pace((2, 1)), seed)
    machine.write(ALONE, 100)
    for rows, dearer in ((4, 2.6), (3, 2.1), (1, 1.0)) * 3:
        _seconds, used, _changed = machine.write(
            lambda threads, dearer=dearer: dearer * ALONE(threads), 60, rows
        )
        assert used[2] >= 50
    machine.write(lambda threads: 2.6 * ALONE(threads), 20, rows=4)
    machine.write(lambda threads: 2.6 * BUSY(threads), 60, rows=4)
    assert machine.pace.chosen == 1


def test_a_single_hiccup_changes_nothing():
    pace = Pace((2, 1))
    machine = Machine(pace)
    machine.write(ALONE, 100)
    machine.pace.tell(machine.now, machine.now + 1.0)
    _seconds, used, _changed = machine.write(ALONE, 100)
    assert used[2] >= 93


def test_a_clock_that_stands_still_does_no_harm():
    machine = Machine(Pace(counts(4)))
    for rows in (1, 2, 1):
        for _step in range(50):
            machine.pace.tell(machine.now, machine.now, rows)
    assert machine.pace.is_settled


@pytest.mark.parametrize("threads", [1, 3, 8])
def test_a_fixed_number_never_changes(threads):
    machine = Machine(Pace([threads]))
    _seconds, used, _changed = machine.write(lambda _threads: random.random(), 500)
    assert used == {threads: 500}
    assert machine.pace.is_settled


def test_one_core_is_always_used():
    assert counts(1) == (1,)


def test_the_counts_worth_a_trial():
    assert counts(2) == (2, 1)
    assert counts(4) == (4, 3, 2, 1)
    assert counts(16) == (16, 15, 12, 8, 4, 1)
    assert counts(14, fast=6) == (14, 6, 5, 4, 3, 1)
    assert counts(4, fast=6) == (4, 3, 2, 1)  # not all cores may be used


def test_fast_cores_are_counted_without_their_second_threads(tmp_path):
    (tmp_path / "cpu_core").mkdir()
    (tmp_path / "cpu_core" / "cpus").write_text("0-3,5\n")
    for number, siblings in enumerate(["0-1", "0-1", "2-3", "2-3", "4", "5"]):
        topology = tmp_path / "system" / "cpu" / f"cpu{number}" / "topology"
        topology.mkdir(parents=True)
        (topology / "core_cpus_list").write_text(siblings)
    assert cores.fast(tmp_path) == 3


def test_where_the_system_does_not_tell_no_core_is_fast(tmp_path):
    assert cores.fast(tmp_path) == 0
    assert cores.usable() >= 1
