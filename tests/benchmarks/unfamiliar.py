"""How well pictures of none of the classes are told from pictures of them, by four scores.

    python tests/benchmarks/unfamiliar.py MODEL KNOWN UNKNOWN

KNOWN is a folder the model's classes are in, with a training and a test split (cifar10); UNKNOWN is any
folder of pictures of other things (ants and bees). Both come to the network at its own size. Prints the area
under the ROC curve of each score, and what the model file's own lines make of the pictures. The features
that the distances need are those of up to 5,000 training pictures, before the last layer.
"""

import sys
from collections.abc import Callable
from itertools import islice
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional as F

ROOT = Path(__file__).resolve().parents[2]
_REFERENCE = 5000
_NEIGHBOUR = 20


def main(model: Path, known: Path, unknown: Path) -> int:
    from cnngui.cancel import Cancel
    from cnngui.data.index import DatasetIndex, Split, Unreadable, scan
    from cnngui.engine.calibrate import familiarity
    from cnngui.engine.classify import Classifier
    from cnngui.engine.reader import reading

    classifier = Classifier.open(model, "cpu")
    temperature = classifier.header.temperature
    inputs: list[Tensor] = []
    head = [layer for layer in classifier.network.modules() if isinstance(layer, nn.Linear)][-1]
    head.register_forward_pre_hook(lambda _layer, given: inputs.append(given[0]))

    def index(folder: Path) -> DatasetIndex:
        *_, found = scan(folder, Cancel())
        assert isinstance(found, DatasetIndex)
        return found

    def looked_at(paths: list[Path]) -> tuple[Tensor, Tensor]:
        """Features (N, D) and logits (N, classes)."""
        features, logits = [], []
        with reading(paths, classifier.header.spec, Cancel()) as read:
            images = (image for _, image in read if not isinstance(image, Unreadable))
            while some := list(islice(images, 16)):  # few enough for the network that the hook is on
                inputs.clear()
                logits.append(classifier.logits(some))
                features.append(torch.stack(inputs).mean(0))  # of one look or two
        return torch.cat(features), torch.cat(logits)

    folder = index(known)
    train = [record for record in folder.records if record.split is Split.TRAIN]
    train = train[:: max(1, len(train) // _REFERENCE)]
    test = [folder.file(record) for record in folder.records if record.split is Split.TEST]
    strange_index = index(unknown)
    strangers = [strange_index.file(record) for record in strange_index.records]
    reference, _ = looked_at([folder.file(record) for record in train])
    labels = torch.tensor([record.label for record in train])
    usual, strange = looked_at(test), looked_at(strangers)
    print(f"{model.name}: {len(usual[0]):,} known pictures, {len(strange[0]):,} unknown ones")

    scores: dict[str, Callable[[tuple[Tensor, Tensor]], Tensor]] = {
        "top probability": lambda one: -torch.softmax(one[1] / temperature, 1).amax(1),
        "energy": lambda one: -familiarity(one[1], temperature),
        "Mahalanobis": lambda one: mahalanobis(reference, labels, one[0]),
        "relative Mahalanobis": lambda one: (
            mahalanobis(reference, labels, one[0]) - mahalanobis(reference, torch.zeros_like(labels), one[0])
        ),
        "nearest neighbours": lambda one: neighbours(reference, one[0]),
    }
    for name, score in scores.items():
        print(f"  AUROC {auroc(score(usual), score(strange)):.3f}  {name}")
    line = classifier.header.unfamiliar_below
    for name, (_, logits) in (("known", usual), ("unknown", strange)):
        unfamiliar = familiarity(logits, temperature) < (float("-inf") if line is None else line)
        best = torch.softmax(logits / temperature, 1).amax(1)
        unsure = unfamiliar | (best < classifier.header.unsure_below)
        shares = f"{unfamiliar.double().mean():.1%} unfamiliar, {unsure.double().mean():.1%} not sure"
        print(f"  {name}: {shares}; {(best > 0.99).double().mean():.1%} more than 99 % probable")
    return 0


def mahalanobis(reference: Tensor, labels: Tensor, features: Tensor) -> Tensor:
    """The squared distance (N,) to the nearest class's mean in units of the shared covariance (Lee et al.
    2018); that to the mean of everything taken from it gives the relative one (Ren et al. 2021)."""
    reference, features = reference.double(), features.double()
    means = torch.stack([reference[labels == number].mean(0) for number in torch.unique(labels)])
    around = reference - means[labels]
    covariance = around.T @ around / len(around) + 1e-6 * torch.eye(around.shape[1])
    inverse = torch.linalg.inv(covariance)
    away = features[:, None] - means
    return torch.einsum("ncd,de,nce->nc", away, inverse, away).amin(1)


def neighbours(reference: Tensor, features: Tensor) -> Tensor:
    """The distance (N,) to the `_NEIGHBOUR`th nearest training picture, of unit vectors (Sun et al. 2022)."""
    distances = torch.cdist(F.normalize(features), F.normalize(reference))
    return distances.kthvalue(_NEIGHBOUR).values


def auroc(usual: Tensor, strange: Tensor) -> float:
    """How often a strange picture's score is above a usual one's; 0.5 is chance, 1 is perfect."""
    ordered = usual.double().sort().values
    below = torch.searchsorted(ordered, strange.double())
    not_above = torch.searchsorted(ordered, strange.double(), right=True)
    return float((below + not_above).double().mean() / 2 / len(usual))


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    sys.exit(main(*map(Path, sys.argv[1:4])))
