"""Projects and runs on a real disk, with processes really killed."""

import json
import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from cnngui.data.project import Project, Run
from cnngui.errors import RequestError


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "home"
    monkeypatch.setenv("CNNGUI_HOME", str(folder))
    return folder


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    folder = tmp_path / "My Pictures (été)"
    folder.mkdir()
    return folder


def test_the_same_folder_is_the_same_project_however_it_is_spelled(
    pictures: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = Project.of(pictures)
    monkeypatch.chdir(pictures)
    assert Project.of(Path()) == project
    assert Project.of(pictures / ".." / pictures.name) == project
    assert project.folder.is_relative_to(home)
    assert project.folder.name.startswith("my-pictures-t-")
    assert list(pictures.iterdir()) == []


def test_folders_of_the_same_name_are_different_projects(tmp_path: Path) -> None:
    (tmp_path / "a" / "pets").mkdir(parents=True)
    (tmp_path / "b" / "pets").mkdir(parents=True)
    assert Project.of(tmp_path / "a" / "pets").folder != Project.of(tmp_path / "b" / "pets").folder


@pytest.mark.skipif(os.name == "nt", reason="names there are text, never bytes")
def test_a_root_that_is_not_utf8_is_remembered_as_it_is(tmp_path: Path) -> None:
    root = tmp_path / os.fsdecode(b"caf\xe9")
    project = Project.of(root)
    assert json.loads((project.folder / "project.json").read_bytes())["root"] == str(root)
    assert Project.of(root) == project


def test_runs_are_listed_in_the_order_they_began(pictures: Path) -> None:
    project = Project.of(pictures)
    assert project.runs() == []
    runs = [project.new_run({"seed": i}) for i in range(12)]
    assert [run.config["seed"] for run in project.runs()] == list(range(12))
    assert project.runs() == runs
    (project.folder / "runs" / "notes by hand").mkdir()
    assert project.runs() == runs


def test_runs_that_start_together_get_folders_of_their_own(pictures: Path) -> None:
    project = Project.of(pictures)
    with ThreadPoolExecutor(8) as pool:
        runs = list(pool.map(lambda i: project.new_run({"seed": i}), range(24)))
    assert len({run.folder for run in runs}) == 24
    assert [run.config["seed"] for run in runs] == list(range(24))


def test_events_come_back_in_order(pictures: Path) -> None:
    run = Project.of(pictures).new_run({})
    assert list(run.events()) == []
    run.append({"event": "a", "text": "é\n", "value": 0.5})
    run.append({"event": "b"})
    assert list(run.events()) == [{"event": "a", "text": "é\n", "value": 0.5}, {"event": "b"}]


def test_a_half_written_line_costs_only_itself(pictures: Path) -> None:
    run = Project.of(pictures).new_run({})
    run.append({"n": 1})
    with (run.folder / "events.jsonl").open("ab") as file:
        file.write(b'{"n": 2, "va')
    assert list(run.events()) == [{"n": 1}]
    run.append({"n": 3})
    assert list(run.events()) == [{"n": 1}, {"n": 3}]


@pytest.mark.skipif(os.name == "nt", reason="kill -9 is POSIX")
def test_what_was_appended_survives_kill_9(pictures: Path) -> None:
    run = Project.of(pictures).new_run({})
    code = (
        "import sys; from pathlib import Path; from cnngui.data.project import Run\n"
        "run = Run(Path(sys.argv[1])); n = 0\n"
        "while True:\n    run.append({'n': n}); print(n, flush=True); n += 1\n"
    )
    writer = subprocess.Popen(
        [sys.executable, "-c", code, str(run.folder)], stdout=subprocess.PIPE, text=True
    )
    assert writer.stdout is not None
    said = [int(writer.stdout.readline()) for _ in range(50)]
    writer.send_signal(signal.SIGKILL)
    writer.wait()
    said += [int(line) for line in writer.stdout.read().split()]
    writer.stdout.close()
    kept = [event["n"] for event in run.events()]
    assert kept[: len(said)] == said
    assert len(kept) - len(said) in (0, 1)


def test_the_latest_run_can_be_gone_on_with(pictures: Path) -> None:
    project = Project.of(pictures)
    assert project.unfinished() is None
    first = project.new_run({})
    first.checkpoint.write_bytes(b"x")
    assert project.unfinished() == first
    project.new_run({}).finish("refused")
    (project.new_run({}).folder / "config.json").unlink()  # the disk was full
    assert project.unfinished() == first, "the others never began"
    second = project.new_run({})  # died before its first checkpoint
    assert project.unfinished() == second

    second.finish("stopped")
    assert project.unfinished() == first, "Quick, say: it has nothing to go on from"
    second.reopen()
    assert project.unfinished() == second
    second.checkpoint.write_bytes(b"x")
    second.finish("stopped")
    assert project.unfinished() == second
    second.finish("finished")
    assert project.unfinished() is None


def test_a_best_stopped_before_its_first_checkpoint_can_be_begun_again(pictures: Path) -> None:
    project = Project.of(pictures)
    run = project.new_run({"method": "best"})
    for reason, counts in (("stopped", True), ("failed", True), ("refused", False), ("finished", False)):
        run.finish(reason)
        assert (project.unfinished() == run) is counts


def test_the_mark_says_why_a_run_ended_and_can_be_taken_back(pictures: Path) -> None:
    run = Project.of(pictures).new_run({})
    said = [run.ended]
    run.finish("stopped")
    said.append(run.ended)
    run.reopen()
    run.reopen()
    said.append(run.ended)
    assert said == [None, "stopped", None]


def test_an_old_interrupted_run_is_not_dug_up_behind_a_finished_one(pictures: Path) -> None:
    project = Project.of(pictures)
    for reason in ("stopped", "finished"):
        run = project.new_run({})
        run.checkpoint.write_bytes(b"x")
        run.finish(reason)
    assert project.unfinished() is None


def test_a_project_of_a_later_version_is_refused_untouched(pictures: Path) -> None:
    about = Project.of(pictures).folder / "project.json"
    about.write_text('{"version": 99, "root": "x"}')
    with pytest.raises(RequestError, match="later version"):
        Project.of(pictures)
    assert json.loads(about.read_text())["version"] == 99


@pytest.mark.parametrize("text", ["", "{", "[]", '{"config": {}}', '{"version": 1}'])
def test_a_damaged_configuration_says_where(pictures: Path, text: str) -> None:
    run = Project.of(pictures).new_run({})
    (run.folder / "config.json").write_text(text)
    with pytest.raises(RequestError, match=r"config\.json"):
        _ = run.config


def test_a_data_folder_that_cannot_be_made_is_one_sentence(
    tmp_path: Path, pictures: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("CNNGUI_HOME", str(tmp_path / "file"))
    with pytest.raises(RequestError, match="Cannot write") as caught:
        Project.of(pictures)
    assert "\n" not in str(caught.value)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_is_one_sentence(tmp_path: Path) -> None:
    run = Run(tmp_path)
    (tmp_path / "events.jsonl").symlink_to("/dev/full")
    with pytest.raises(RequestError, match="No space left on device"):
        run.append({"n": 1})


def test_choices_are_kept_until_others_are(pictures: Path) -> None:
    project = Project.of(pictures)
    assert project.choices() == {}
    project.remember({"minutes": 10, "mixup": 0.2})
    assert Project.of(pictures).choices() == {"minutes": 10, "mixup": 0.2}
    project.remember({})
    assert project.choices() == {}
    (project.folder / "choices.json").write_text("{", encoding="utf-8")
    with pytest.raises(RequestError, match="is damaged"):
        project.choices()
