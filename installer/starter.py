"""Make the starter model from a trained one: halve it, calibrate it, judge it, write its card.

    cnngui train cifar10 --model resnet_small --epochs 40 --val-fraction 0.02 -o trained.safetensors
    python installer/starter.py trained.safetensors cifar10

On the 1,000 pictures that the training held out the halved network is calibrated here; given the starter
itself, it is calibrated anew.

CIFAR-10 (Krizhevsky 2009) as picture files in cifar10/{train,test}/<class>/. The training split alone is
learnt from, and a part of it chooses the best epoch; the test split is only used for the figure in the card.
"""

import sys
from dataclasses import fields, replace
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cnngui.data.index import DatasetIndex
    from cnngui.engine.header import ModelHeader

ROOT = Path(__file__).resolve().parents[1]
STARTER = ROOT / "resources" / "models" / "starter.safetensors"

NOTE = (
    "Knows ten kinds of things in photographs: {classes}. Trained by “cnngui train --model "
    "{architecture}” on {train_images:,} pictures of CIFAR-10, each 32 × 32 pixels; of its {images:,} test "
    "pictures, which it had never seen, it names {accuracy:.1%} rightly ({low:.1%} to {high:.1%}). What it "
    "does not know: everything else. A face, a house or a page of text still gets one of the ten names, "
    "often but not always as “not sure”. It sees a photograph cropped to its middle and shrunk to "
    "32 × 32 pixels, so small or off-centre things are lost on it."
)


def main(trained: Path, folder: Path) -> int:
    from cnngui.cancel import Cancel
    from cnngui.data.index import DatasetIndex, scan
    from cnngui.engine import modelfile
    from cnngui.engine.classify import Classifier
    from cnngui.engine.evaluate import evaluate
    from cnngui.engine.results import Evaluation

    *_, scanned = scan(folder, Cancel())
    assert isinstance(scanned, DatasetIndex)
    index = scanned
    header, state = modelfile.load(trained)
    STARTER.parent.mkdir(parents=True, exist_ok=True)
    modelfile.save(STARTER, header, state, half=True)
    header = recalibrated(STARTER, index)
    modelfile.save(STARTER, header, state, half=True)
    *_, result = evaluate(Classifier.open(STARTER), index, Cancel())  # of the file as it is shipped, halved
    assert isinstance(result, Evaluation)
    note = NOTE.format(
        classes=", ".join(header.classes),
        architecture=header.architecture,
        train_images=header.config["train_images"],
        images=result.images,
        accuracy=result.accuracy,
        low=result.accuracy_interval[0],
        high=result.accuracy_interval[1],
    )
    modelfile.save(STARTER, replace(header, note=note), state, half=True)
    print(note)
    print(header.certainty)
    print(
        f"In the test split sure of {result.answered:.1%}, "
        f"right in {result.answered_accuracy or 0:.1%} of these."
    )
    print(f"Calibration error {result.calibration_error:.2%}; {STARTER.stat().st_size / 2**20:.1f} MiB.")
    return 0


def recalibrated(model: Path, index: "DatasetIndex") -> "ModelHeader":
    """The model's header, calibrated on the pictures of `index` that its training held out."""
    import torch

    from cnngui.cancel import Cancel
    from cnngui.engine.classify import Classifier
    from cnngui.engine.ending import with_calibration
    from cnngui.engine.prepare import Prepared, prepare
    from cnngui.engine.spec import TrainConfig

    classifier = Classifier.open(model, "cpu")
    asked = {field.name for field in fields(TrainConfig)} & classifier.header.config.keys()
    config = TrainConfig(**{name: classifier.header.config[name] for name in asked})  # type: ignore[arg-type]
    *_, data = prepare(index, config, classifier.pipeline, Cancel())
    assert isinstance(data, Prepared)
    logits = [classifier.logits(list(data.cached.pixels[rows])) for rows in torch.split(data.val, 64)]
    return with_calibration(classifier.header, torch.cat(logits), data.labels[data.val])


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
