"""What is understood of things that are dropped."""

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtGui import QImage

from cnngui.gui import drops
from cnngui.gui.drops import Classify, OpenFolder, OpenModel, Refuse, understand


def make(folder: Path, *names: str) -> list[Path]:
    paths = [folder / name for name in names]
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return paths


def test_a_folder_is_opened(tmp_path: Path) -> None:
    assert understand([tmp_path]) == OpenFolder(tmp_path)


def test_pictures_are_classified_whatever_the_case_of_their_ending(tmp_path: Path) -> None:
    pictures = make(tmp_path, "a.JPG", "b.png", "c.WebP")
    assert understand(pictures) == Classify(tuple(pictures))


def test_a_model_file_is_opened(tmp_path: Path) -> None:
    (model,) = make(tmp_path, "bees.safetensors")
    assert understand([model]) == OpenModel(model)


def test_what_else_lies_among_pictures_is_named(tmp_path: Path) -> None:
    picture, text, other = make(tmp_path, "a.jpg", "notes.txt", "b.docx")
    one = understand([picture, text])
    assert one == Classify((picture,), "“notes.txt” is not a picture and was passed over.")
    two = understand([picture, text, other])
    assert isinstance(two, Classify)
    assert two.passed_over == "“notes.txt” and 1 more are not pictures and were passed over."


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (["report.docx"], "“report.docx” is not a picture, a folder or a model file (.safetensors)."),
        (["net.keras"], "“net.keras” is not one of cnngui's own model files (.safetensors)."),
        (["photos.zip"], "Unpack “photos.zip” first, then drop the folder that comes out."),
        (["labels.csv"], "Drop the folder that holds “labels.csv” and its pictures, not the file alone."),
        (
            ["a.safetensors", "b.safetensors"],
            "Open one model file at a time, and without pictures beside it.",
        ),
        (["a.safetensors", "b.jpg"], "Open one model file at a time, and without pictures beside it."),
    ],
)
def test_a_strange_thing_gets_one_plain_sentence(tmp_path: Path, names: list[str], words: str) -> None:
    assert understand(make(tmp_path, *names)) == Refuse(words)


def test_the_class_folders_themselves_point_to_their_parent(tmp_path: Path) -> None:
    root = tmp_path / "insects"
    for name in ("ants", "bees"):
        (root / name).mkdir(parents=True)
    words = "Drop one folder: “insects”, which holds these 2, if each of them is a class."
    assert understand([root / "ants", root / "bees"]) == Refuse(words)


def test_a_folder_beside_files_is_not_guessed_at(tmp_path: Path) -> None:
    (picture,) = make(tmp_path, "a.jpg")
    (tmp_path / "more").mkdir()
    assert isinstance(understand([picture, tmp_path / "more"]), Refuse)


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    assert understand([tmp_path / "gone.jpg"]) == Refuse(
        "“" + str(tmp_path / "gone.jpg") + "” does not exist or cannot be opened."
    )
    assert isinstance(understand([]), Refuse)


def test_the_preview_says_what_a_drop_would_do(tmp_path: Path) -> None:
    one, two, model, *_ = make(tmp_path, "a.jpg", "b.png", "bees.safetensors", "notes.txt", "train.py")

    def preview(*paths: Path) -> str:
        mime = QMimeData()
        mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
        return drops.preview(mime)

    assert preview(tmp_path) == f"Drop to open the folder “{tmp_path.name}”"
    assert preview(one) == "Drop to classify “a.jpg”"
    assert preview(one, two) == "Drop to classify 2 pictures"
    assert preview(model) == "Drop to open the network “bees.safetensors”"
    assert preview(one, tmp_path / "notes.txt") == "Drop to classify 1 picture"
    assert preview(tmp_path / "train.py") == "Drop to check “train.py” for pitfalls"
    assert preview(one, model) == "Open one model file at a time, and without pictures beside it."
    assert preview(tmp_path / "notes.txt") == (
        "“notes.txt” is not a picture, a folder or a model file (.safetensors)."
    )
    assert preview(tmp_path, one) == "Drop one folder at a time, without other files beside it."
    address = QMimeData()
    address.setUrls([QUrl("https://example.org/a.jpg")])
    assert drops.preview(address) == drops.web_address()
    image = QMimeData()
    image.setImageData(QImage(4, 4, QImage.Format.Format_RGB888))
    assert drops.acceptable(image)
    assert drops.preview(image) == "Drop to classify the picture"
    assert not drops.acceptable(QMimeData())
