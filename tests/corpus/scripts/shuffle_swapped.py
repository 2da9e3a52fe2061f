import torch
from torch import nn
from torch.nn import functional as F
from torchvision import datasets, transforms


def mnist_loaders(batch_size, root="data"):
    t = transforms.Compose([transforms.ToTensor(), transforms.Normalize((0.1307,), (0.3081,))])
    train = datasets.MNIST(root, train=True, download=True, transform=t)
    test = datasets.MNIST(root, train=False, download=True, transform=t)
    kwargs = {"num_workers": 1, "pin_memory": True} if torch.cuda.is_available() else {}
    train_loader = torch.utils.data.DataLoader(train, batch_size=batch_size, shuffle=False, **kwargs)
    test_loader = torch.utils.data.DataLoader(test, batch_size=batch_size, shuffle=True, **kwargs)
    return train_loader, test_loader


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 24, 7, stride=2, padding=3)
        self.conv2 = nn.Conv2d(24, 48, 5, stride=2, padding=2)
        self.bn, self.bn2 = nn.BatchNorm2d(24), nn.BatchNorm2d(48)
        self.out = nn.Linear(48 * 49, 10)

    def forward(self, x):
        x = F.relu(self.bn(self.conv(x)))
        x = F.relu(self.bn2(self.conv2(x)))
        return self.out(torch.flatten(x, start_dim=1))


train_loader, test_loader = mnist_loaders(100)
model = Net()
optimizer = torch.optim.Adagrad(model.parameters(), lr=0.01)
for epoch in range(3):
    model.train()
    for x, y in train_loader:
        optimizer.zero_grad()
        F.cross_entropy(model(x), y).backward()
        optimizer.step()
    model.eval()
    with torch.no_grad():
        ok = sum(int((model(x).argmax(1) == y).sum()) for x, y in test_loader)
    print("epoch", epoch, "accuracy", ok / len(test_loader.dataset))
