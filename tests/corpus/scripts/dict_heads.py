import csv
from typing import Dict
import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, Dataset
from torchvision.io import ImageReadMode, read_image

TASKS: Dict[str, int] = {"make": 4, "colour": 4}


class Cars(Dataset):
    def __init__(self) -> None:
        with open("cars.csv") as f:
            self.rows = list(csv.DictReader(f))

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, i: int):
        r = self.rows[i]
        img = read_image("cars/" + r["file"], ImageReadMode.RGB).float() / 255
        return img, {t: int(r[t]) for t in TASKS}


class MultiHead(nn.Module):
    def __init__(self, tasks: Dict[str, int]) -> None:
        super().__init__()
        self.trunk = nn.Sequential(
            nn.Conv2d(3, 16, 5, 2), nn.ReLU(), nn.Conv2d(16, 32, 5, 2), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten()
        )
        self.heads = {name: nn.Linear(32, n) for name, n in tasks.items()}

    def forward(self, x: Tensor) -> Dict[str, Tensor]:
        h = self.trunk(x)
        return {name: head(h) for name, head in self.heads.items()}


model = MultiHead(TASKS)
opt = torch.optim.Adam(model.parameters(), 1e-3)
for epoch in range(10):
    for x, targets in DataLoader(Cars(), 4, shuffle=True):
        out = model(x)
        loss = sum(nn.functional.cross_entropy(out[t], targets[t]) for t in TASKS)
        opt.zero_grad()
        loss.backward()
        opt.step()
