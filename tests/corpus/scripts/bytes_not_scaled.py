from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import nn
from torch.utils.data import DataLoader, Dataset


class Pictures(Dataset):
    def __init__(self, root, size=64):
        self.files = sorted(Path(root).rglob("*.jpg"))
        self.names = sorted({f.parent.name for f in self.files})
        self.size = size

    def __len__(self):
        return len(self.files)

    def __getitem__(self, i):
        img = Image.open(self.files[i]).convert("RGB").resize((self.size, self.size))
        x = torch.from_numpy(np.array(img)).permute(2, 0, 1).float()
        return x, self.names.index(self.files[i].parent.name)


net = nn.Sequential(
    nn.Conv2d(3, 16, 3, 2), nn.ReLU(), nn.Conv2d(16, 32, 3, 2), nn.ReLU(),
    nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(32, 3))
opt = torch.optim.SGD(net.parameters(), lr=0.01)
loader = DataLoader(Pictures("fruit/train"), batch_size=8, shuffle=True)
for epoch in range(2):
    for x, y in loader:
        opt.zero_grad()
        loss = nn.functional.cross_entropy(net(x), y)
        loss.backward()
        opt.step()
