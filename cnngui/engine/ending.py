"""What a finished training leaves behind: the model file's header, calibrated on the validation pictures."""

import platform
from dataclasses import asdict, replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from cnngui import __version__
from cnngui.engine import calibrate, modelfile
from cnngui.engine.batches import Batches
from cnngui.engine.events import EpochDone
from cnngui.engine.header import ModelHeader
from cnngui.engine.metrics import wilson
from cnngui.engine.models import registry
from cnngui.engine.prepare import Prepared
from cnngui.engine.spec import Looks, TrainConfig
from cnngui.engine.views import answer

BEST = "best.safetensors"  # in the run's folder


@torch.inference_mode()
def all_logits(
    network: nn.Module, batches: Batches, rows: Tensor, batch_size: int, looks: Looks
) -> tuple[Tensor, Tensor]:
    """Logits (N, classes), float32, and labels (N,) of the pictures `rows`, on the CPU.

    It leaves the network in evaluation mode.
    """
    network.eval()
    pairs = [
        (answer(network, images, looks).float().cpu(), labels.cpu())
        for images, labels in batches.validation(rows, batch_size)
    ]
    return torch.cat([logits for logits, _ in pairs]), torch.cat([labels for _, labels in pairs])


def first_header(data: Prepared, config: TrainConfig, network: nn.Module, epoch: EpochDone) -> ModelHeader:
    """The header of the network after `epoch`, not calibrated yet."""
    images = len(data.val)
    right = round((epoch.val_accuracy or 0.0) * images)
    return ModelHeader(
        architecture=config.model,
        classes=data.index.classes,
        spec=data.pipeline.spec,
        parameters=sum(parameter.numel() for parameter in network.parameters()),
        temperature=1.0,
        unsure_below=calibrate.UNSURE_BELOW,
        val_images=images,
        val_accuracy=epoch.val_accuracy,
        val_accuracy_interval=wilson(right, images),
        val_loss=epoch.val_loss,
        fingerprint=data.index.fingerprint,
        config={
            **asdict(config),
            # A path says more of the computer than of the network.
            "weights": Path(config.weights).name if config.weights else None,
            "epoch": epoch.epoch,
            "train_images": len(data.train),
        },
        versions={
            "cnngui": __version__,
            "torch": torch.__version__,
            "torchvision": version("torchvision"),
            "python": platform.python_version(),
        },
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        note="",
        looks=registry.card(config.model).looks,
    )


def calibrated(
    best: Path, network: nn.Module, batches: Batches, data: Prepared, batch_size: int
) -> ModelHeader:
    """Bring `network` back to the best epoch's, judge and calibrate it, and write that into the model file.

    In full precision whatever the training used: the figures in the file are those that the model gives.
    """
    header, state = modelfile.load(best)
    network.load_state_dict(state)
    if len(data.val):
        logits, labels = all_logits(network, batches, data.val, batch_size, header.looks)
        right = int((logits.argmax(1) == labels).sum())
        header = replace(
            with_calibration(header, logits, labels),
            val_accuracy=right / len(labels),
            val_accuracy_interval=wilson(right, len(labels)),
            val_loss=float(F.cross_entropy(logits.double(), labels)),
        )
        modelfile.save(best, header, state)
    return header


def save_best(
    folder: Path, data: Prepared, config: TrainConfig, network: nn.Module, epoch: EpochDone
) -> None:
    """Keep the network of `epoch` as the run's best."""
    modelfile.save(folder / BEST, first_header(data, config, network, epoch), network.state_dict())


def with_calibration(header: ModelHeader, logits: Tensor, labels: Tensor) -> ModelHeader:
    """`header` with everything that `calibrate` fits to held-out pictures' logits and labels."""
    fitted = calibrate.calibrate(logits, labels)
    return replace(
        header,
        temperature=fitted.temperature,
        unsure_below=fitted.unsure_below,
        drawn=fitted.drawn,
        unfamiliar_below=fitted.unfamiliar_below,
    )
