import torch
from torch import nn
from torch.utils.data import DataLoader
from torchvision import datasets, models

weights = models.MobileNet_V2_Weights.IMAGENET1K_V2
model = models.mobilenet_v2(weights=weights)
model.classifier = nn.Sequential(nn.Dropout(0.2), nn.Linear(model.last_channel, 3))
bark = datasets.ImageFolder("bark/train", transform=weights.transforms())
loader = DataLoader(bark, batch_size=16, shuffle=True)

optimizer = torch.optim.SGD(
    [
        {"params": model.features.parameters(), "lr": 1e-3},
        {"params": model.classifier.parameters(), "lr": 5.0},
    ],
    momentum=0.9,
)
loss_fn = nn.CrossEntropyLoss()
worst = 0.0
model.train()
for epoch in range(12):
    for x, y in loader:
        optimizer.zero_grad()
        loss = loss_fn(model(x), y)
        loss.backward()
        optimizer.step()
        worst = max(worst, loss.item())
    print(epoch, loss.item(), worst)
