import torch
import torch.nn as nn
import torch.nn.functional as F
from torchvision import datasets, transforms

epochs = 10
learning_rate = 0.1
batch = 64

class CifarNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 32, 3, padding=1)
        self.conv2 = nn.Conv2d(32, 64, 3, padding=1)
        self.conv3 = nn.Conv2d(64, 64, 3, padding=1)
        self.fc1 = nn.Linear(64 * 4 * 4, 64)
        self.fc2 = nn.Linear(64, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        x = F.max_pool2d(F.relu(self.conv3(x)), 2)
        x = torch.flatten(x, 1)
        return self.fc2(F.relu(self.fc1(x)))

trainset = datasets.CIFAR10('./cifar', train=True, download=True,
                            transform=transforms.Compose([transforms.ToTensor(), transforms.Normalize((.5, .5, .5), (.5, .5, .5))]))
loader = torch.utils.data.DataLoader(trainset, batch_size=batch, shuffle=True)
net = CifarNet()
optimizer = torch.optim.Adam(net.parameters(), lr=learning_rate)
log = []
for epoch in range(epochs):
    for x, y in loader:
        optimizer.zero_grad()
        loss = F.cross_entropy(net(x), y)
        loss.backward()
        optimizer.step()
        log.append(loss.item())
    print('epoch', epoch, 'loss', sum(log[-len(loader):]) / len(loader))
