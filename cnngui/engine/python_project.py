"""A trained network as a folder of plain PyTorch that runs without this program."""

import ast
import inspect
from importlib import import_module
from pathlib import Path

from safetensors.torch import save
from torch import nn

from cnngui.data.decode import reduced_side
from cnngui.engine.header import ModelHeader
from cnngui.engine.models import registry
from cnngui.engine.spec import ImageSpec, Looks
from cnngui.errors import RequestError

_MODELS = "cnngui.engine.models"

_SETTINGS = '''\
"""What the network was made for. Generated; change it only together with the weights."""

CLASSES = {classes}
TEMPERATURE = {temperature!r}  # logits are divided by it, so that probabilities mean what they say
UNSURE_BELOW = {unsure_below!r}  # a smaller top probability is better read as "not sure"
UNFAMILIAR_BELOW = {unfamiliar_below!r}  # a less familiar picture is unlike all that was learnt

RESIZE = {resize}  # pixels per side that a picture is scaled to
SIZE = {size}  # pixels per side that the network sees: the middle
DRAFT = {draft}  # pixels per side that a large JPEG keeps at least when it is decoded at reduced size
MEAN = {mean}  # of red, green and blue, as shares of 255
STD = {std}
'''

_PICTURES = '''\
"""From a picture file to the tensor that the network takes."""

import torch
from PIL import Image, ImageOps

from settings import DRAFT, MEAN, RESIZE, SIZE, STD


def load(path):
    """A picture as float32 (1, 3, SIZE, SIZE), normalised."""
    with Image.open(path) as file:
        file.draft(None, (DRAFT, DRAFT))  # as in the training
        picture = rgb(ImageOps.exif_transpose(file))
    picture = {fit}
    margin = (RESIZE - SIZE) // 2
    picture = picture.crop((margin, margin, margin + SIZE, margin + SIZE))
    pixels = torch.frombuffer(bytearray(picture.tobytes()), dtype=torch.uint8)
    pixels = pixels.view(1, SIZE, SIZE, 3).permute(0, 3, 1, 2) / 255
    return (pixels - torch.tensor(MEAN).view(1, 3, 1, 1)) / torch.tensor(STD).view(1, 3, 1, 1)


def rgb(picture):
    """In colours of 8 bits, with what is transparent on white."""
    if picture.mode == "F" or picture.mode.startswith("I"):
        return Image.frombytes("L", picture.size, bytes(eight_bits(picture))).convert("RGB")
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    picture = picture.convert("RGBA")
    opaque = picture.getchannel("A")
    if opaque.getextrema() == (0, 0):  # an empty channel: the colours are taken as they stand
        return picture.convert("RGB")
    ground = Image.new("RGB", picture.size, "white")
    ground.paste(picture.convert("RGB"), mask=opaque)
    return ground


def eight_bits(picture):
    """Of deep greys the top 8 of 16 or 12 bits; of fractions 0 to 1 or 255; of others their own range."""
    mode, kind = ("F", torch.float32) if picture.mode == "F" else ("I", torch.int32)
    deep = torch.frombuffer(bytearray(picture.convert(mode).tobytes()), dtype=kind).double()
    finite = deep[deep.isfinite()]
    low, high = finite.min().item(), finite.max().item()
    if mode == "I" and low >= 0 and high < 65536:
        return (deep // (256 if high > 4095 else 16 if high > 255 else 1)).byte().tolist()
    deep = deep.nan_to_num(low, high, low)
    if mode == "F" and low >= 0 and high <= 255:
        low, high = 0, 1 if high <= 1 else 255
    return ((deep - low) * 255 / ((high - low) or 1)).round().byte().tolist()


{helper}'''

_FIT = {"crop": "middle_square(picture)", "pad": "padded(picture)", "stretch": "stretched(picture)"}

_HELPER = {
    "crop": '''\
def middle_square(picture):
    """The largest square in the middle, scaled."""
    width, height = picture.size
    side = min(width, height)
    left, top = (width - side) / 2, (height - side) / 2
    box = (left, top, left + side, top + side)
    return picture.resize((RESIZE, RESIZE), Image.Resampling.{filter}, box=box)
''',
    "pad": '''\
def padded(picture):
    """The whole picture, scaled, in the middle of a grey square."""
    scale = RESIZE / max(picture.size)
    width, height = (max(1, round(edge * scale)) for edge in picture.size)
    ground = Image.new("RGB", (RESIZE, RESIZE), (128, 128, 128))
    scaled = picture.resize((width, height), Image.Resampling.{filter})
    ground.paste(scaled, ((RESIZE - width) // 2, (RESIZE - height) // 2))
    return ground
''',
    "stretch": '''\
def stretched(picture):
    """The whole picture, whatever its proportions."""
    return picture.resize((RESIZE, RESIZE), Image.Resampling.{filter})
''',
}

_TORCHVISION = '''\
"""The network, from torchvision."""

from torchvision import models


def {name}(classes):
    return models.get_model("{name}", weights=None, num_classes=classes)
'''

_LOGITS = {
    1: "    logits = network(picture)",
    2: "    logits = (network(picture) + network(picture.flip(3))) / 2",
    6: """\
    # Six looks: the picture, which counts twice, moved by a pixel either way, and all of it mirrored.
    around = torch.nn.functional.pad(picture, (1, 1, 1, 1), mode="reflect")
    looks = torch.cat([picture, picture, around[:, :, 2:, 2:], around[:, :, :-2, :-2]])
    logits = network(torch.cat([looks, looks.flip(3)])).mean(0, keepdim=True)""",
}

_PREDICT = '''\
"""python predict.py PICTURE ...: what is on each picture."""

import math
import sys
from pathlib import Path

import torch
from safetensors.torch import load_file

from {module} import {builder}
from pictures import load
from settings import CLASSES, TEMPERATURE, UNFAMILIAR_BELOW, UNSURE_BELOW

network = {builder}(len(CLASSES)).eval()
network.load_state_dict(load_file(Path(__file__).with_name("weights.safetensors")))


@torch.inference_mode()
def predict(path):
    """The probability of each class, in the order of CLASSES."""
    picture = load(path)
{logits}
    return torch.softmax(logits.double() / TEMPERATURE, dim=1)[0].tolist()


def is_sure(probabilities):
    """Whether the best one is probable enough, and the picture like what the network was trained on."""
    familiarity = -sum(math.log(max(one, 1e-300)) for one in probabilities) / len(probabilities)
    familiar = UNFAMILIAR_BELOW is None or familiarity >= UNFAMILIAR_BELOW
    return familiar and max(probabilities) >= UNSURE_BELOW


if __name__ == "__main__":
    for path in sys.argv[1:]:
        probabilities = predict(path)
        probability, name = max(zip(probabilities, CLASSES))
        unsure = "" if is_sure(probabilities) else " (not sure)"
        print(f"{{path}}: {{name}} {{probability:.1%}}{{unsure}}")
'''

_README = """\
# {architecture} for {classes}

    pip install torch torchvision pillow safetensors
    python predict.py PICTURE ...

- `{module}.py`: the network
- `pictures.py`: how a picture file becomes what the network takes
- `settings.py`: classes, sizes, calibration
- `predict.py`: the three together
- `weights.safetensors`: what it has learnt
- `model.json`: what it takes and gives, and how far the answers were from those of the program it comes from

{note}
"""


def write(header: ModelHeader, network: nn.Module, looks: Looks, folder: Path) -> None:
    """Write the project into the new `folder`. Needs torch, torchvision, Pillow and safetensors to run.

    Raises RequestError for a network whose code cannot stand alone.
    """
    if type(network).__module__.startswith("torchvision."):
        name, module = header.architecture, "network"
        files = {"network.py": _TORCHVISION.format(name=name)}
    else:
        builder = registry.builder(header.architecture)
        name, module = builder.__name__, builder.__module__.rpartition(".")[2]
        files = sources(builder.__module__)
    spec: ImageSpec = header.spec
    files |= {
        "settings.py": _SETTINGS.format(
            classes=_listed(header.classes),
            temperature=header.temperature,
            unsure_below=header.unsure_below,
            unfamiliar_below=header.unfamiliar_below,
            resize=spec.resize,
            size=spec.size,
            draft=reduced_side(spec.resize),
            mean=spec.mean,
            std=spec.std,
        ),
        "pictures.py": _PICTURES.format(
            fit=_FIT[spec.fit], helper=_HELPER[spec.fit].format(filter=spec.scaling.upper())
        ),
        "predict.py": _PREDICT.format(module=module, builder=name, logits=_LOGITS[looks]),
        "README.md": _README.format(
            architecture=header.architecture,
            classes=", ".join(header.classes[:10]) + (" and more" if len(header.classes) > 10 else ""),
            module=module,
            note=header.note,
        ),
    }
    folder.mkdir()
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8", errors="backslashreplace")
    state = {name: tensor.detach().cpu().contiguous() for name, tensor in network.state_dict().items()}
    (folder / "weights.safetensors").write_bytes(save(state))


def sources(module: str) -> dict[str, str]:
    """File name → text of a network family's module and of those of our other families that it builds on,
    without anything of this program."""
    source = inspect.getsource(import_module(module))
    lines = source.splitlines(keepends=True)
    files: dict[str, str] = {}
    for node in reversed(ast.parse(source).body):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("cnngui."):
            assert node.module is not None
            parent, _, name = node.module.rpartition(".")
            kept = ""
            if parent == _MODELS and name != "registry":
                files |= sources(node.module)
                kept = f"from {name} import {', '.join(alias.name for alias in node.names)}\n"
            lines[node.lineno - 1 : node.end_lineno] = [kept] if kept else []
        elif isinstance(node, ast.FunctionDef) and node.decorator_list:
            # The decorator enters the network into our registry.
            lines[node.decorator_list[0].lineno - 1 : node.lineno - 1] = []
    text = "".join(lines)
    if "cnngui" in text:
        raise RequestError(f"{module} cannot stand alone as Python: choose onnx or pt2.")
    return {f"{module.rpartition('.')[2]}.py": text, **files}


def _listed(classes: tuple[str, ...]) -> str:
    return "[\n" + "".join(f"    {name!r},\n" for name in classes) + "]"
