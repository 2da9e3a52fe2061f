import torch
import torch.nn as nn
from torch.utils.data import DataLoader
from torchvision import datasets, transforms

cifar = {
    part: DataLoader(
        datasets.CIFAR10("cifar", train=part == "train", download=True, transform=transforms.ToTensor()),
        batch_size=64,
        shuffle=part == "train",
    )
    for part in ("train", "test")
}

model = nn.Sequential(
    nn.Conv2d(3, 32, 3, padding=1, bias=False), nn.BatchNorm2d(32), nn.Mish(), nn.MaxPool2d(2),
    nn.Conv2d(32, 64, 3, padding=1, bias=False), nn.BatchNorm2d(64), nn.Mish(), nn.MaxPool2d(2),
    nn.Flatten(), nn.Dropout(0.3), nn.Linear(64 * 8 * 8, 10),
)
optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
criterion = nn.CrossEntropyLoss()

for epoch in range(6):
    model.train(True)
    for inputs, labels in cifar["train"]:
        optimizer.zero_grad()
        loss = criterion(model(inputs), labels)
        loss.backward()
        optimizer.step()

    model.train(False)
    with torch.no_grad():
        correct = sum((model(i).argmax(1) == l).sum().item() for i, l in cifar["test"])
    print(f"{epoch}: {correct / len(cifar['test'].dataset):.3f}")
