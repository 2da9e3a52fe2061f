import torch
from torch import nn
from torchvision import datasets
from torchvision.transforms import v2

transform = v2.Compose([
    v2.ToImage(),
    v2.RandomHorizontalFlip(p=0.5),
    v2.ToDtype(torch.float32),
])

train = torch.utils.data.DataLoader(
    datasets.SVHN("svhn", split="train", transform=transform, download=True), batch_size=100, shuffle=True)

model = nn.Sequential(
    nn.Conv2d(3, 16, 5, stride=2), nn.ReLU(),
    nn.Conv2d(16, 32, 3, stride=2), nn.ReLU(),
    nn.Flatten(),
    nn.Linear(32 * 6 * 6, 84), nn.ReLU(),
    nn.Linear(84, 10),
)
optimizer = torch.optim.SGD(model.parameters(), lr=1e-3, momentum=0.9)
criterion = nn.CrossEntropyLoss()
for epoch in range(8):
    total = 0.0
    for x, y in train:
        optimizer.zero_grad()
        loss = criterion(model(x), y)
        loss.backward()
        optimizer.step()
        total += loss.item()
    print(f"{epoch}: {total / len(train):.3f}")
