import os
import cv2
import numpy as np
import torch
import torch.nn as nn
from torch.utils.data import Dataset, DataLoader


class ASLDataset(Dataset):
    """American sign language letters. root/<letter>/*.jpg"""

    def __init__(self, root, size=64):
        self.files, self.labels = [], []
        self.size = size
        for idx, letter in enumerate(sorted(os.listdir(root))):
            for fname in os.listdir(os.path.join(root, letter)):
                self.files.append(os.path.join(root, letter, fname))
                self.labels.append(idx)

    def __len__(self):
        return len(self.files)

    def __getitem__(self, i):
        img = cv2.imread(self.files[i])
        img = cv2.cvtColor(img, cv2.COLOR_BGR2RGB)
        img = cv2.resize(img, (self.size, self.size))
        img = np.transpose(img, (2, 0, 1)).astype(np.float32)
        return torch.from_numpy(img), self.labels[i]


class ASLNet(nn.Module):
    def __init__(self, n):
        super().__init__()
        self.conv = nn.Sequential(
            nn.Conv2d(3, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(32, 64, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        )
        self.fc = nn.Sequential(nn.Linear(64 * 8 * 8, 128), nn.ReLU(), nn.Linear(128, n))

    def forward(self, x):
        x = self.conv(x)
        return self.fc(x.view(x.size(0), -1))


dataset = ASLDataset('asl')
loader = DataLoader(dataset, batch_size=32)
model = ASLNet(3)
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)

for epoch in range(10):
    for batch_x, batch_y in loader:
        optimizer.zero_grad()
        loss = criterion(model(batch_x), batch_y)
        loss.backward()
        optimizer.step()
    print(f'epoch {epoch}: {loss.item():.4f}')
