from __future__ import annotations

from pathlib import Path

import torch
import torch.nn as nn
from PIL import Image
from torch.utils.data import DataLoader, Dataset
from torchvision import transforms


class GlyphDataset(Dataset):
    """One folder per letter; every file is a 40x40 scan of that letter."""

    def __init__(self, folder: Path, transform=None) -> None:
        self.letters = sorted(p.name for p in folder.iterdir() if p.is_dir())
        self.items: list[tuple[Path, int]] = [
            (file, i) for i, letter in enumerate(self.letters) for file in sorted((folder / letter).glob("*.png"))
        ]
        self.transform = transform

    def __len__(self) -> int:
        return len(self.items)

    def __getitem__(self, idx: int) -> tuple[torch.Tensor, int]:
        path, label = self.items[idx]
        image = Image.open(path).convert("RGB")
        if self.transform:
            image = self.transform(image)
        return image, label


class GlyphNet(nn.Module):
    def __init__(self, n_letters: int) -> None:
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(1, 24, 3), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(24, 48, 3), nn.ReLU(), nn.MaxPool2d(2),
        )
        self.head = nn.Sequential(nn.Flatten(), nn.Linear(48 * 6 * 6, n_letters))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.head(self.body(x))


def main() -> None:
    transform = transforms.Compose([transforms.Resize((32, 32)), transforms.ToTensor()])
    data = GlyphDataset(Path("glyphs"), transform)
    loader = DataLoader(data, batch_size=8, shuffle=True)
    net = GlyphNet(len(data.letters))
    criterion = nn.CrossEntropyLoss()
    optimiser = torch.optim.Adam(net.parameters(), lr=2e-3)
    for epoch in range(20):
        for images, labels in loader:
            optimiser.zero_grad()
            loss = criterion(net(images), labels)
            loss.backward()
            optimiser.step()
        print(f"epoch {epoch}: {loss.item():.3f}")


if __name__ == "__main__":
    main()
