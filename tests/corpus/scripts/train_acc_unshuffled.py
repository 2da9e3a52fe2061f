import torch
import torch.nn as nn
from torch.utils.data import DataLoader
from torchvision import datasets, transforms

# 1. data
tf = transforms.Compose([transforms.ToTensor(), transforms.Normalize((0.5, 0.5, 0.5), (0.5, 0.5, 0.5))])
train_set = datasets.CIFAR10(root="~/datasets", train=True, transform=tf, download=True)
test_set = datasets.CIFAR10(root="~/datasets", train=False, transform=tf, download=True)
train_loader = DataLoader(train_set, batch_size=128, shuffle=True)
train_eval_loader = DataLoader(train_set, batch_size=512, shuffle=False)
test_loader = DataLoader(test_set, batch_size=512, shuffle=False)

# 2. network
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.stack = nn.Sequential(
            nn.Conv2d(3, 32, 3), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(64, 64, 3), nn.ReLU())
        self.out = nn.Sequential(nn.Flatten(), nn.Linear(1024, 64), nn.ReLU(), nn.Linear(64, 10))
    def forward(self, x):
        return self.out(self.stack(x))

# 3. helpers
def accuracy(model, loader):
    model.eval()
    n_ok = 0
    with torch.no_grad():
        for x, y in loader:
            n_ok += (model(x).argmax(dim=1) == y).sum().item()
    model.train()
    return n_ok / len(loader.dataset)

# 4. training
model = Net()
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
criterion = nn.CrossEntropyLoss()
for epoch in range(5):
    for x, y in train_loader:
        optimizer.zero_grad()
        loss = criterion(model(x), y)
        loss.backward()
        optimizer.step()
    print(f"epoch {epoch}: train acc {accuracy(model, train_eval_loader):.3f}, test acc {accuracy(model, test_loader):.3f}")
