import torch
import torch.nn as nn
import torch.nn.functional as F
from torchvision import datasets, transforms

train_data = datasets.CIFAR10('cifar', train=True, download=True, transform=transforms.ToTensor())
train_dl = torch.utils.data.DataLoader(train_data, batch_size=64, shuffle=True)

class MyCNN(nn.Module):
    def __init__(self):
        super().__init__()
        self.c1 = nn.Conv2d(3, 16, 3)
        self.c2 = nn.Conv2d(16, 32, 3)
        self.fc = nn.Linear(32*6*6, 10)
    def forward(self, x):
        x = F.max_pool2d(F.relu(self.c1(x)), 2)
        x = F.max_pool2d(F.relu(self.c2(x)), 2)
        return self.fc(x.view(x.size(0), -1))

model = MyCNN()
opt = torch.optim.SGD(model.parameters(), lr=0.01)
lossfn = nn.CrossEntropyLoss()
for epoch in range(10):
    epoch_loss = 0
    for x, y in train_dl:
        out = model(x)
        loss = lossfn(out, y)
        loss.backward()
        opt.zero_grad()
        opt.step()
        epoch_loss += loss.item()
    print(epoch, epoch_loss / len(train_dl))
