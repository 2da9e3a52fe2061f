import torch
from torch import nn
from torchvision import datasets, models, transforms

weights = models.EfficientNet_B0_Weights.DEFAULT
model = models.efficientnet_b0(weights=weights)
optimizer = torch.optim.Adam(model.parameters(), lr=1e-4)
model.classifier[1] = nn.Linear(1280, 101)

train = datasets.Food101("data", split="train", transform=weights.transforms(), download=True)
loader = torch.utils.data.DataLoader(train, batch_size=16, shuffle=True)
criterion = nn.CrossEntropyLoss()

model.train()
for epoch in range(2):
    for images, labels in loader:
        optimizer.zero_grad()
        loss = criterion(model(images), labels)
        loss.backward()
        optimizer.step()
