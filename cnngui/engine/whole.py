"""A network with everything around it as one module: pictures of any size in, probabilities out.

What is exported. It does what `ImagePipeline.prepare`, `to_batch`, `views.answer` and the softmax do, in
operations that ONNX and torch.export know.
"""

import PIL
import torch
from torch import Tensor, nn

from cnngui.engine.header import ModelHeader
from cnngui.engine.pipeline import ImagePipeline
from cnngui.engine.spec import Looks
from cnngui.engine.views import answer

_GREY = 128.0
_STEPS = 2.0**22  # of a weight from 0 to 1, as Pillow stores it

# Before version 13 columns always came first.
_KNOWS_ROWS_FIRST = int(PIL.__version__.partition(".")[0]) >= 13


class Whole(nn.Module):
    """uint8 (N, H, W, 3), red first, all of one size and turned upright → float32 (N, classes).

    Rows are calibrated probabilities that add up to 1. Scaling is Pillow's, antialiased, bilinear or bicubic,
    to the last bit: a filter as wide as the reduction, its weights in steps of 2^-22, columns before rows or,
    by a rule of Pillow 13, rows before columns, rounded to whole numbers after each; so it is computed in
    float64.
    """

    def __init__(self, network: nn.Module, header: ModelHeader, looks: Looks) -> None:
        super().__init__()
        self.network, self.looks = network, looks
        self.spec, self.temperature = header.spec, header.temperature
        self._normalise = ImagePipeline(header.spec).to_batch

    def forward(self, images: Tensor) -> Tensor:
        logits = answer(self.network, self._normalise(self._prepared(images)), self.looks)
        return torch.softmax(logits / self.temperature, dim=1)

    def _prepared(self, images: Tensor) -> Tensor:
        """float32 (N, 3, resize, resize): the whole numbers that `ImagePipeline.prepare` gives."""
        _, high, wide, _ = images.shape
        height = torch.scalar_tensor(high, dtype=torch.float64)
        width = torch.scalar_tensor(wide, dtype=torch.float64)
        down, across = self._window(height, width)
        from_rows, from_columns = self._weights(high, *down), self._weights(wide, *across)
        # Pillow takes the rows first where it has more than twice as many of them to take away.
        shorter, narrower = height - down[3], width - across[3]
        rows_first = (shorter > 0) & (shorter > 2 * narrower) & _KNOWS_ROWS_FIRST
        scaled: Tensor = torch.cond(
            rows_first, _rows_first, _columns_first, (images, from_rows, from_columns)
        )
        if self.spec.fit != "pad":
            return scaled
        covered = from_rows.sum(1)[:, None] * from_columns.sum(1)[None, :] > 0.5
        return torch.where(covered, scaled, _GREY)

    def _window(self, height: Tensor, width: Tensor) -> list[tuple[Tensor, Tensor, Tensor, Tensor]]:
        """Down and across: where the part that is seen begins and how long it is, in the picture's pixels,
        and where it lies and how long it is in the prepared picture."""
        side = torch.scalar_tensor(self.spec.resize, dtype=torch.float64)
        nothing = torch.zeros((), dtype=torch.float64)
        if self.spec.fit == "stretch":
            return [(nothing, edge, nothing, side) for edge in (height, width)]
        if self.spec.fit == "crop":
            shorter = torch.minimum(height, width)
            return [((edge - shorter) / 2, shorter, nothing, side) for edge in (height, width)]
        scale = side / torch.maximum(height, width)
        lengths = [torch.clamp(torch.round(edge * scale), min=1.0) for edge in (height, width)]
        starts = [torch.floor((side - length) / 2) for length in lengths]
        return [
            (nothing, edge, start, length)
            for edge, start, length in zip((height, width), starts, lengths, strict=True)
        ]

    def _weights(self, edge: int, start: Tensor, span: Tensor, place: Tensor, length: Tensor) -> Tensor:
        """(resize, edge): how much of each of the picture's `edge` pixels is in each prepared one. Rows add
        up to 1, those outside `place` to `place + length` to 0."""
        scale = span / length
        reach = torch.clamp(scale, min=1.0)
        prepared = torch.arange(self.spec.resize, dtype=torch.float64)
        centre = start + (prepared - place + 0.5) * scale
        pixel = torch.arange(edge, dtype=torch.float64) + 0.5
        distance = (pixel[None, :] - centre[:, None]).abs() / reach
        weights = _cubic(distance) if self.spec.scaling == "bicubic" else torch.clamp(1 - distance, min=0.0)
        inside = (prepared >= place) & (prepared < place + length)
        shares = weights / weights.sum(1, keepdim=True).clamp(min=1e-12) * inside[:, None]
        return torch.floor(shares * _STEPS + 0.5) / _STEPS


def _columns_first(images: Tensor, from_rows: Tensor, from_columns: Tensor) -> Tensor:
    pixels = images.permute(0, 3, 1, 2).double()
    narrowed = _whole_numbers(torch.matmul(pixels, from_columns.T))
    return _whole_numbers(torch.matmul(from_rows, narrowed)).float()


def _rows_first(images: Tensor, from_rows: Tensor, from_columns: Tensor) -> Tensor:
    pixels = images.permute(0, 3, 1, 2).double()
    shortened = _whole_numbers(torch.matmul(from_rows, pixels))
    return _whole_numbers(torch.matmul(shortened, from_columns.T)).float()


def _whole_numbers(values: Tensor) -> Tensor:
    """Rounded, and within 0 to 255, which a cubic filter may leave."""
    return torch.clamp(torch.floor(values + 0.5), min=0.0, max=255.0)


def _cubic(distance: Tensor) -> Tensor:
    """Keys' cubic convolution with a = -1/2 (Keys 1981), the one Pillow has; 0 from a distance of 2 on."""
    near = (1.5 * distance - 2.5) * distance**2 + 1
    far = ((-0.5 * distance + 2.5) * distance - 4) * distance + 2
    return torch.where(distance < 1, near, torch.where(distance < 2, far, 0.0))
