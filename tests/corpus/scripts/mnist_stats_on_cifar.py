import torch
import torch.nn as nn
import torch.nn.functional as F
import torch.optim as optim
from torch.utils.data import DataLoader
from torchvision import datasets, transforms

USE_CUDA = torch.cuda.is_available()
KW = {'num_workers': 2, 'pin_memory': True} if USE_CUDA else {}

transform = transforms.Compose([
    transforms.ToTensor(),
    transforms.Normalize((0.1307,), (0.3081,)),
])
train_loader = DataLoader(datasets.CIFAR10('../data', train=True, download=True, transform=transform), batch_size=64, shuffle=True, **KW)
test_loader = DataLoader(datasets.CIFAR10('../data', train=False, transform=transform), batch_size=1000, **KW)


class Net(nn.Module):
    def __init__(self):
        super(Net, self).__init__()
        self.conv1 = nn.Conv2d(3, 32, 3, 1)
        self.conv2 = nn.Conv2d(32, 64, 3, 1)
        self.dropout1 = nn.Dropout(0.25)
        self.dropout2 = nn.Dropout(0.5)
        self.fc1 = nn.Linear(64 * 14 * 14, 128)
        self.fc2 = nn.Linear(128, 10)

    def forward(self, x):
        x = F.relu(self.conv1(x))
        x = F.relu(self.conv2(x))
        x = F.max_pool2d(x, 2)
        x = self.dropout1(x)
        x = torch.flatten(x, 1)
        x = F.relu(self.fc1(x))
        x = self.dropout2(x)
        x = self.fc2(x)
        return F.log_softmax(x, dim=1)


model = Net()
if USE_CUDA:
    model.cuda()
optimizer = optim.Adadelta(model.parameters(), lr=1.0)
for epoch in range(1, 5):
    model.train()
    for data, target in train_loader:
        if USE_CUDA:
            data, target = data.cuda(), target.cuda()
        optimizer.zero_grad()
        loss = F.nll_loss(model(data), target)
        loss.backward()
        optimizer.step()
    model.eval()
    loss_sum = hits = 0
    with torch.no_grad():
        for data, target in test_loader:
            if USE_CUDA:
                data, target = data.cuda(), target.cuda()
            out = model(data)
            loss_sum += F.nll_loss(out, target, reduction='sum').item()
            hits += out.argmax(1).eq(target).sum().item()
    print(epoch, loss_sum / len(test_loader.dataset), hits / len(test_loader.dataset))
