import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from PIL import Image
from torch.utils.data import DataLoader, Dataset


class Photos(Dataset):
    def __init__(self, files, labels):
        self.files, self.labels = files, labels

    def __len__(self):
        return len(self.files)

    def __getitem__(self, i):
        image = np.array(Image.open(self.files[i]).convert("RGB").resize((64, 64)))
        return torch.from_numpy(image).permute(2, 0, 1).float(), self.labels[i]

net = nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(8, 2))
opt = torch.optim.Adam(net.parameters())
for x, y in DataLoader(Photos(["a.jpg", "b.jpg"], [0, 1]), batch_size=2, shuffle=True):
    opt.zero_grad()
    F.cross_entropy(net(x), y).backward()
    opt.step()
