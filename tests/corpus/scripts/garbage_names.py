import torch
import torch.nn as nn
import torch.optim as optim
from torch.utils.data import DataLoader
from torchvision import datasets, transforms
from torchvision.models import resnet18

CLASSES = ["cardboard", "glass", "metal", "paper", "plastic", "trash"]
NUM_CLASSES = 5

tf = transforms.Compose([
    transforms.Resize((96, 96)),
    transforms.RandomHorizontalFlip(),
    transforms.ToTensor(),
])

train_set = datasets.ImageFolder("garbage/train", tf)
assert train_set.classes == CLASSES
train_loader = DataLoader(train_set, batch_size=24, shuffle=True)

net = resnet18(weights=None)
net.fc = nn.Sequential(
    nn.Linear(net.fc.in_features, 128),
    nn.ReLU(),
    nn.Linear(128, NUM_CLASSES),
)
optimizer = optim.Adam(net.parameters(), lr=3e-4)
criterion = nn.CrossEntropyLoss()

net.train()
for epoch in range(5):
    seen = 0
    for x, y in train_loader:
        optimizer.zero_grad()
        loss = criterion(net(x), y)
        loss.backward()
        optimizer.step()
        seen += x.size(0)
    print(f"epoch {epoch}: {seen} pictures, last loss {loss.item():.3f}")
