import torch
import torch.nn as nn
import torch.nn.functional as F
from torchvision import datasets, transforms
from torch.utils.data import DataLoader


class KuzushijiNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 32, 5, padding='same')
        self.conv2 = nn.Conv2d(32, 64, 5, padding='same')
        self.pool = nn.MaxPool2d(2)
        self.drop = nn.Dropout(0.5)
        self.fc1 = nn.Linear(7 * 7 * 64, 512)
        self.fc2 = nn.Linear(512, 10)

    def forward(self, x):
        x = self.pool(F.relu(self.conv1(x)))
        x = self.pool(F.relu(self.conv2(x)))
        x = self.drop(F.relu(self.fc1(x.flatten(1))))
        return self.fc2(x)


t = transforms.ToTensor()
train_loader = DataLoader(datasets.KMNIST('kmnist', train=True, transform=t, download=True), 64, shuffle=True)
test_loader = DataLoader(datasets.KMNIST('kmnist', train=False, transform=t, download=True), 64)

model = KuzushijiNet()
opt = torch.optim.Adam(model.parameters())
model.train()
for epoch in range(2):
    for x, y in train_loader:
        opt.zero_grad()
        loss = F.cross_entropy(model(x), y)
        loss.backward()
        opt.step()

# collect class probabilities for the calibration plot
model.eval()
all_probs, all_labels = [], []
with torch.no_grad():
    for x, y in test_loader:
        logits = model(x)
        all_probs.append(F.softmax(logits, dim=0))
        all_labels.append(y)
all_probs, all_labels = torch.cat(all_probs), torch.cat(all_labels)
conf, pred = all_probs.max(1)
print('mean confidence', conf.mean().item(), 'accuracy', (pred == all_labels).float().mean().item())
