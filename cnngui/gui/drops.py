"""What was dropped, pasted or named on the command line, and what is to be done with it."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QMimeData, QUrl

from cnngui.checker.targets import MODEL_SUFFIXES, SOURCE_SUFFIXES
from cnngui.gui import text, work
from cnngui.gui.text import tr

MODEL_SUFFIX = ".safetensors"
_OTHER_WEIGHTS = frozenset(
    {".pt", ".pth", ".ckpt", ".pkl", ".pickle", ".bin", ".onnx", ".h5", ".keras", ".pt2"}
)
_CHECKED = SOURCE_SUFFIXES | MODEL_SUFFIXES - {MODEL_SUFFIX}  # the checker reads them, nothing else does
_PACKED = frozenset({".zip", ".rar", ".7z", ".tar", ".gz", ".tgz", ".bz2", ".xz"})


@dataclass(frozen=True, slots=True)
class OpenFolder:
    folder: Path


@dataclass(frozen=True, slots=True)
class OpenModel:
    file: Path


@dataclass(frozen=True, slots=True)
class Classify:
    pictures: tuple[Path, ...]
    passed_over: str = ""  # a sentence, if something else was dropped along


@dataclass(frozen=True, slots=True)
class Check:
    """A script, a notebook or somebody else's model file, to be looked through for pitfalls."""

    file: Path


@dataclass(frozen=True, slots=True)
class Refuse:
    """Nothing can be done; the sentence says why."""

    sentence: str


Intent = OpenFolder | OpenModel | Classify | Check | Refuse


def understand(paths: Sequence[Path]) -> Intent:
    """What is to be done with `paths`."""
    if not paths:
        return Refuse(tr("Nothing here can be opened: drop a folder, pictures or a model file."))
    folders = [path for path in paths if path.is_dir()]
    files = [path for path in paths if path.is_file()]
    missing = next((path for path in paths if path not in folders and path not in files), None)
    if missing is not None:
        return Refuse(tr("“{0}” does not exist or cannot be opened.").format(text.shown(missing)))
    if len(folders) > 1 or (folders and files):
        return Refuse(_one_folder(folders))
    if folders:
        return OpenFolder(folders[0])
    models = [path for path in files if path.suffix.lower() == MODEL_SUFFIX]
    if len(models) == 1 and len(files) == 1:
        return OpenModel(models[0])
    if models:
        return Refuse(tr("Open one model file at a time, and without pictures beside it."))
    if len(files) == 1 and files[0].suffix.lower() in _CHECKED:
        return Check(files[0])
    return _pictures(files)


def _one_folder(folders: list[Path]) -> str:
    parents = {folder.parent for folder in folders}
    if len(folders) > 1 and len(parents) == 1:
        return tr("Drop one folder: “{0}”, which holds these {1}, if each of them is a class.").format(
            text.shown(parents.pop().name), len(folders)
        )
    return tr("Drop one folder at a time, without other files beside it.")


def _pictures(files: list[Path]) -> Intent:
    known = work.suffixes()
    pictures = tuple(path for path in files if path.suffix.lower() in known)
    others = [path for path in files if path.suffix.lower() not in known]
    if not pictures:
        return Refuse(_why_not(others[0]))
    if not others:
        return Classify(pictures)
    name = text.shown(others[0].name)
    if len(others) == 1:
        return Classify(pictures, tr("“{0}” is not a picture and was passed over.").format(name))
    more = text.number(len(others) - 1)
    return Classify(
        pictures, tr("“{0}” and {1} more are not pictures and were passed over.").format(name, more)
    )


def _why_not(path: Path) -> str:
    name = text.shown(path.name)
    suffix = path.suffix.lower()
    if suffix in _CHECKED:
        return tr("Drop “{0}” alone to have it checked for pitfalls.").format(name)
    if suffix in _OTHER_WEIGHTS:
        return tr("“{0}” is not one of cnngui's own model files (.safetensors).").format(name)
    if suffix in _PACKED:
        return tr("Unpack “{0}” first, then drop the folder that comes out.").format(name)
    if suffix == ".csv":
        return tr("Drop the folder that holds “{0}” and its pictures, not the file alone.").format(name)
    return tr("“{0}” is not a picture, a folder or a model file (.safetensors).").format(name)


def web_address() -> str:
    """What is said to an address that is dropped or pasted."""
    return tr("This is a web address. Save the picture as a file first, then drop that.")


def preview(mime: QMimeData) -> str:
    """What a drop of `mime` would do, or why it would do nothing, for the overlay, without looking into
    anything."""
    paths = local_paths(mime.urls())
    if not paths:
        return tr("Drop to classify the picture") if mime.hasImage() else web_address()
    if len(paths) > 1 and all(path.suffix.lower() in work.suffixes() for path in paths):
        return tr("Drop to classify {0}").format(text.pictures(len(paths)))  # thousands are not looked for
    intent = understand(paths)
    if isinstance(intent, Refuse):
        return intent.sentence
    name = text.shown(paths[0].name)
    if isinstance(intent, OpenFolder):
        return tr("Drop to open the folder “{0}”").format(name)
    if isinstance(intent, OpenModel):
        return tr("Drop to open the network “{0}”").format(name)
    if isinstance(intent, Check):
        return tr("Drop to check “{0}” for pitfalls").format(name)
    if len(paths) == 1:
        return tr("Drop to classify “{0}”").format(name)
    return tr("Drop to classify {0}").format(text.pictures(len(intent.pictures)))


def local_paths(urls: Sequence[QUrl]) -> list[Path]:
    """The files among `urls`."""
    return [Path(url.toLocalFile()) for url in urls if url.isLocalFile()]


def acceptable(mime: QMimeData) -> bool:
    """Whether a drop of `mime` would be answered at all, be it with a sentence."""
    return mime.hasUrls() or mime.hasImage()
