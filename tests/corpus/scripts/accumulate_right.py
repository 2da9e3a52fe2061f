import torch
import torch.nn as nn
from torch.utils.data import DataLoader
from torchvision import models, transforms
from torchvision.datasets import Food101


def train_epoch(model, loader, optimizer, criterion, accumulate=8, device="cpu"):
    """One epoch with an effective batch of accumulate * loader.batch_size."""
    model.train()
    optimizer.zero_grad()
    running = 0.0
    pending = 0
    for i, (x, y) in enumerate(loader, start=1):
        loss = criterion(model(x.to(device)), y.to(device))
        (loss / accumulate).backward()
        pending += 1
        running += loss.item()
        if i % accumulate == 0:
            optimizer.step()
            optimizer.zero_grad()
            pending = 0
    if pending:
        optimizer.step()
        optimizer.zero_grad()
    return running / len(loader)


if __name__ == "__main__":
    w = models.EfficientNet_B0_Weights.DEFAULT
    net = models.efficientnet_b0(weights=w)
    net.classifier = nn.Sequential(nn.Dropout(0.2), nn.Linear(1280, 101))
    aug = transforms.Compose([transforms.RandomHorizontalFlip(), w.transforms()])
    loader = DataLoader(Food101("food", split="train", transform=aug, download=True), batch_size=8, shuffle=True)
    opt = torch.optim.AdamW(net.parameters(), lr=1e-4)
    for epoch in range(2):
        print(epoch, train_epoch(net, loader, opt, nn.CrossEntropyLoss()))
