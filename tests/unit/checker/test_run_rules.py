"""Recorded trainings through the watcher: healthy ones stay silent, faulty ones give their finding."""

import math
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace

import pytest

from cnngui.checker.finding import Finding, Severity
from cnngui.checker.rule import Kind, Registry, Report, Rule
from cnngui.checker.run import RunWatcher
from cnngui.checker.run_facts import RunFacts
from cnngui.engine.events import EpochDone, Health, RunStarted, StepDone, TrainEvent
from tests.unit.checker.runs.replay import HERE, load

RECORDED = {path.stem: load(path) for path in sorted(HERE.glob("*.json"))}
HEALTHY = [name for name, (expect, _) in RECORDED.items() if not expect]
FAULTY = [name for name, (expect, _) in RECORDED.items() if expect]


def loud(events: list[TrainEvent]) -> list[Finding]:
    watcher = RunWatcher()
    found = [finding for event in events for finding in watcher.feed(event)]
    return [one for one in found if one.severity is not Severity.INFO]


def test_enough_runs_were_recorded() -> None:
    assert len(HEALTHY) >= 20
    assert len({RECORDED[name][0] for name in FAULTY}) >= 10


@pytest.mark.parametrize("name", HEALTHY)
def test_a_healthy_run_gives_no_error_or_warning(name: str) -> None:
    assert not loud(RECORDED[name][1])


@pytest.mark.parametrize("name", HEALTHY)
def test_a_healthy_run_that_is_stopped_half_way_gives_none_either(name: str) -> None:
    events = RECORDED[name][1]
    assert not loud(events[: len(events) // 2])


@pytest.mark.parametrize("name", FAULTY)
def test_a_faulty_run_gives_its_finding_alone(name: str) -> None:
    expect, events = RECORDED[name]
    found = loud(events)
    assert [one.rule for one in found] == [expect]
    assert found[0].fix.endswith(".")
    exact = expect in {"loss-not-finite", "parameters-unchanged", "empty-gradients", "training-in-eval-mode"}
    assert found[0].severity is (Severity.ERROR if exact else Severity.WARNING)


@pytest.mark.parametrize("name", ["frozen", "eval_mode", "no_gradient"])
def test_exact_faults_are_said_at_the_first_look(name: str) -> None:
    expect, events = RECORDED[name]
    first = next(number for number, event in enumerate(events) if isinstance(event, Health))
    assert [one.rule for one in loud(events[: first + 1])] == [expect]


@pytest.mark.parametrize(
    "name", [name for name in FAULTY if RECORDED[name][0] in {"not-learning", "overfitting"}]
)
def test_judgements_wait(name: str) -> None:
    events = RECORDED[name][1]
    epochs = [number for number, event in enumerate(events) if isinstance(event, EpochDone)]
    assert not loud(events[: epochs[3] + 1])


STARTED = next(event for event in RECORDED["colours"][1] if isinstance(event, RunStarted))
HEALTH = next(event for event in RECORDED["colours"][1] if isinstance(event, Health))
EPOCH = next(event for event in RECORDED["colours"][1] if isinstance(event, EpochDone))


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_a_loss_that_is_no_number_is_said_at_once(value: float) -> None:
    step = StepDone(1, 2, 3, value, 0.1, 1.0, 1.0)
    for event in (step, replace(HEALTH, loss=value), replace(EPOCH, val_loss=value)):
        found = loud([STARTED, event])
        assert [one.rule for one in found] == ["loss-not-finite"]


def test_each_rule_speaks_once() -> None:
    watcher = RunWatcher()
    watcher.feed(STARTED)
    still = replace(HEALTH, changed=0)
    assert [one.rule for one in watcher.feed(still)] == ["parameters-unchanged"]
    assert not watcher.feed(still)


def test_a_rule_that_crashes_says_so_once() -> None:
    def broken(facts: RunFacts) -> Iterator[Report]:
        raise ZeroDivisionError("oh")

    rule = Rule("broken", Kind.RUN, "judged", Severity.ERROR, "", "", "", broken)
    watcher = RunWatcher(Registry([rule]))
    assert "broken failed here (ZeroDivisionError: oh)" in watcher.feed(HEALTH)[0].message
    assert not watcher.feed(HEALTH)


def test_batch_norm_that_is_kept_fixed_on_purpose_is_silent() -> None:
    assert not loud([STARTED, replace(HEALTH, training=True, mode_layers=20)])
    assert not loud([STARTED, replace(HEALTH, training=False, mode_layers=0)])


def test_the_validation_set_is_called_small_with_its_interval() -> None:
    watcher = RunWatcher()
    found = [one for event in RECORDED["colours"][1] for one in watcher.feed(event)]
    small = next(one for one in found if one.rule == "val-set-too-small")
    assert small.severity is Severity.INFO
    assert "is of 12 pictures: it lies between 76% and 100%" in small.message


def test_a_resumed_run_brings_its_history() -> None:
    expect, events = RECORDED["overfitted"]
    started = next(event for event in events if isinstance(event, RunStarted))
    epochs = tuple(event for event in events if isinstance(event, EpochDone))
    resumed = replace(started, history=epochs[:-1], first_epoch=len(epochs))
    assert [one.rule for one in loud([resumed, epochs[-1]])] == [expect]


def test_a_network_that_has_learnt_is_trained_longer_by_small_steps() -> None:
    expect, events = RECORDED["rate_too_low_simple"]
    learnt = [
        replace(event, train_loss=0.1 * event.train_loss) if isinstance(event, EpochDone) else event
        for event in events
    ]
    assert expect == "lr-too-low"
    assert expect not in {one.rule for one in loud(learnt)}


def test_watching_needs_no_torch() -> None:
    code = "import sys; import cnngui.checker.run; sys.exit('torch' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
