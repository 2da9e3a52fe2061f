"""The header of a model file: everything about a network but its numbers. Read without torch.

A model file is a safetensors file: eight bytes with the length of a JSON object, the object, the
tensors' bytes. Its `__metadata__` holds our own header as JSON under the key `cnngui`.
"""

import json
import math
import struct
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from cnngui.engine.spec import LOOKS, ImageSpec, Looks
from cnngui.errors import RequestError

FORMAT_VERSION = 1
KEY = "cnngui"

# safetensors itself refuses longer ones; a file that claims more is not one.
_LONGEST = 100_000_000


@dataclass(frozen=True, slots=True)
class Drawn:
    """How the line between "sure" and "not sure" was drawn, on `images` held-out pictures.

    With it the network answered the share `answered` of them, of which the share `right` was right;
    `wanted` is the share that should be right. All three are 0 to 1.
    """

    images: int
    wanted: float
    answered: float
    right: float

    def sentence(self, unsure_below: float) -> str:
        """What the line means, for people."""
        line = f"“Not sure” below a probability of {unsure_below:.0%}: of {self.images:,} held-out pictures"
        if not self.answered:
            return f"{line} it was sure of none."
        return (
            f"{line} it was sure of {self.answered:.0%}, and {self.right:.1%} of these answers were right "
            f"(wanted: {self.wanted:.0%})."
        )


@dataclass(frozen=True, slots=True)
class ModelHeader:
    """What a model file says of itself."""

    architecture: str
    classes: tuple[str, ...]
    spec: ImageSpec
    parameters: int
    temperature: float  # logits are divided by it before softmax
    unsure_below: float  # a top probability below it is shown as "not sure"
    val_images: int
    val_accuracy: float | None  # 0 to 1
    val_accuracy_interval: tuple[float, float] | None  # Wilson, 95 %
    val_loss: float | None  # mean cross-entropy in nats, before calibration
    fingerprint: str  # of the data set it was trained on
    config: dict[str, str | int | float | bool | None]
    versions: dict[str, str]
    created: str  # ISO 8601, UTC
    note: str  # how it was made and what it does not know, for people
    looks: Looks = 1  # at a picture, whose mean is the answer; see `views.answer`
    drawn: Drawn | None = None  # None: `unsure_below` is the usual one, for want of held-out pictures
    unfamiliar_below: float | None = None  # a familiarity below it is of nothing the network knows

    @property
    def certainty(self) -> str:
        """When the network is sure and how far that can be trusted, in a sentence or two."""
        if self.drawn is None:
            return (
                f"“Not sure” below a probability of {self.unsure_below:.0%}: the usual line, because too few "
                "pictures were held out to draw one for this network."
            )
        return self.drawn.sentence(self.unsure_below)

    def to_json(self) -> str:
        return json.dumps({"format": FORMAT_VERSION, **asdict(self)}, ensure_ascii=False)

    def with_note(self, note: str) -> "ModelHeader":
        return replace(self, note=note)


def read(path: Path) -> ModelHeader:
    """Read the header alone.

    Raises RequestError with a sentence for a file that is missing, cut short, a pickle, of a later
    version of the format, or not a cnngui model file.
    """
    if path.exists() and not path.is_file() and not path.is_dir():  # opening a pipe would wait for ever
        raise RequestError(f"{path} is not an ordinary file.")
    try:
        with path.open("rb") as file:
            start = file.read(8)
            length = struct.unpack("<Q", start)[0] if len(start) == 8 else _LONGEST + 1
            text = file.read(length) if length <= _LONGEST else b""
            size = file.seek(0, 2)
    except IsADirectoryError as error:
        raise RequestError(f"{path} is a folder, not a model file.") from error
    except FileNotFoundError as error:
        raise RequestError(f"There is no model file {path}.") from error
    except OSError as error:
        raise RequestError(f"Cannot read {path}: {error.strerror or error}.") from error
    if length > _LONGEST or not text.startswith(b"{"):
        raise RequestError(f"{path} is not a cnngui model file: {_what_instead(start, size)}.")
    if len(text) < length:
        raise RequestError(f"{path} is cut short: copy or download it again.")
    tensors = _json_object(text, path)
    if size < 8 + length + _tensor_bytes(tensors):
        raise RequestError(f"{path} is cut short: copy or download it again.")
    metadata = tensors.get("__metadata__")
    if not isinstance(metadata, dict) or not isinstance(metadata.get(KEY), str):
        raise RequestError(
            f"{path} holds weights without cnngui's header, so its classes and picture size are unknown."
        )
    return _from_json(_json_object(metadata[KEY].encode(), path), path)


def _from_json(values: dict[str, Any], path: Path) -> ModelHeader:
    version = values.pop("format", None)
    if isinstance(version, int) and version > FORMAT_VERSION:
        raise RequestError(f"{path} was made by a later version of cnngui: update cnngui to open it.")
    try:
        spec = values["spec"]
        interval = values["val_accuracy_interval"]
        header = ModelHeader(
            architecture=str(values["architecture"]),
            classes=tuple(str(name) for name in values["classes"]),
            spec=ImageSpec(
                size=int(spec["size"]),
                resize=int(spec["resize"]),
                fit=_fit(spec["fit"]),
                mean=_rgb(spec["mean"]),
                std=_rgb(spec["std"]),
                scaling=_scaling(spec.get("scaling", "bilinear")),
            ),
            parameters=int(values["parameters"]),
            temperature=float(values["temperature"]),
            unsure_below=float(values["unsure_below"]),
            val_images=int(values["val_images"]),
            val_accuracy=_optional(values["val_accuracy"]),
            val_accuracy_interval=None if interval is None else (float(interval[0]), float(interval[1])),
            val_loss=_optional(values["val_loss"]),
            fingerprint=str(values["fingerprint"]),
            config=dict(values["config"]),
            versions={str(key): str(value) for key, value in dict(values["versions"]).items()},
            created=str(values["created"]),
            note=str(values["note"]),
            looks=_looks(values.get("looks", 1)),
            drawn=_drawn(values.get("drawn")),
            unfamiliar_below=_optional(values.get("unfamiliar_below")),
        )
    except (KeyError, TypeError, ValueError, IndexError, OverflowError) as error:
        raise RequestError(f"{path} has a damaged header ({error!r}): it cannot be used.") from error
    wrong = _impossible(header)
    if wrong:
        raise RequestError(f"{path} has a damaged header ({wrong}): it cannot be used.")
    return header


def _impossible(header: ModelHeader) -> str:
    """What of the numbers no training can have written; nothing where all is well."""
    spec = header.spec
    if not header.classes:
        return "no classes"
    if not 1e-6 < header.temperature < 1e6:
        return "no temperature"
    if not 0 <= header.unsure_below <= 1:
        return "no line for “not sure”"
    if not all(map(math.isfinite, (*spec.mean, *spec.std))) or not all(one > 0 for one in spec.std):
        return "no normalisation"
    return ""


def _drawn(values: Any) -> Drawn | None:
    if values is None:
        return None
    shares = (float(values[name]) for name in ("wanted", "answered", "right"))
    return Drawn(int(values["images"]), *shares)


def _json_object(text: bytes, path: Path) -> dict[str, Any]:
    try:
        values = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise RequestError(f"{path} has a damaged header: it cannot be used.") from error
    if not isinstance(values, dict):
        raise RequestError(f"{path} has a damaged header: it cannot be used.")
    return values


def _tensor_bytes(tensors: dict[str, Any]) -> int:
    ends = [
        entry["data_offsets"][1]
        for entry in tensors.values()
        if isinstance(entry, dict)
        and isinstance(entry.get("data_offsets"), list)
        and entry["data_offsets"][1:]
    ]
    return max((end for end in ends if isinstance(end, int)), default=0)


def _what_instead(start: bytes, size: int) -> str:
    if size == 0:
        return "it is empty"
    if start.startswith((b"PK\x03\x04", b"\x80")):
        return "it is a pickled PyTorch file, which could run code when opened, so cnngui never opens one"
    return "it is some other kind of file"


def _fit(value: object) -> Any:
    if value not in ("crop", "pad", "stretch"):
        raise ValueError(f"fit {value!r}")
    return value


def _scaling(value: object) -> Any:
    if value not in ("bilinear", "bicubic"):
        raise ValueError(f"scaling {value!r}")
    return value


def _looks(value: object) -> Any:
    if value not in LOOKS:
        raise ValueError(f"looks {value!r}")
    return value


def _rgb(values: Any) -> tuple[float, float, float]:
    red, green, blue = values
    return (float(red), float(green), float(blue))


def _optional(value: Any) -> float | None:
    return None if value is None else float(value)
