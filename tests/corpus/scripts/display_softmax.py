# くずし字の分類
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader
from torchvision import datasets, transforms

前処理 = transforms.Compose([transforms.ToTensor(), transforms.Normalize((0.1918,), (0.3483,))])
train_loader = DataLoader(datasets.KMNIST("./data", train=True, download=True, transform=前処理), batch_size=64, shuffle=True)
test_loader = DataLoader(datasets.KMNIST("./data", train=False, download=True, transform=前処理), batch_size=64)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 32, 3, padding=1)
        self.conv2 = nn.Conv2d(32, 64, 3, padding=1)
        self.fc = nn.Linear(64 * 7 * 7, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        return self.fc(torch.flatten(x, 1))  # ロジット


net = Net()
optimizer = torch.optim.Adam(net.parameters())
for epoch in range(3):
    for x, t in train_loader:
        y = net(x)
        loss = F.cross_entropy(y, t)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        確信度 = F.softmax(y.detach(), dim=1).max(dim=1).values.mean().item()
    # 最後のバッチの平均確信度
    print(f"epoch {epoch}: loss {loss.item():.4f} confidence {確信度:.3f}")

with torch.no_grad():
    正解 = sum((net(x).argmax(1) == t).sum().item() for x, t in test_loader)
print("正解率", 正解 / len(test_loader.dataset))
