import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from torchvision.datasets import FashionMNIST

train = FashionMNIST('fashion', train=True, download=True)
# keep a small part: this has to run on a netbook
X = train.data[:600].unsqueeze(1).float()
Y = train.targets[:600]
print(X.shape, X.dtype, Y.shape)

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 8, 3, padding=1)
        self.conv2 = nn.Conv2d(8, 16, 3, padding=1)
        self.fc = nn.Linear(16 * 7 * 7, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        return self.fc(x.view(-1, 16 * 7 * 7))

net = Net()
optimizer = torch.optim.Adam(net.parameters(), lr=0.001)
batch_size = 50
for epoch in range(3):
    order = np.random.permutation(len(X))
    for start in range(0, len(X), batch_size):
        idx = order[start:start + batch_size]
        optimizer.zero_grad()
        loss = F.cross_entropy(net(X[idx]), Y[idx])
        loss.backward()
        optimizer.step()
    print('epoch', epoch, 'loss', loss.item())
