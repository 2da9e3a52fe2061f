import torch
import torch.nn as nn
import torchvision
import torchvision.transforms as transforms
from torch.optim.lr_scheduler import MultiStepLR

num_epochs = 90
batch_size = 128

normalize = transforms.Normalize((0.4914, 0.4822, 0.4465), (0.2470, 0.2435, 0.2616))
train_set = torchvision.datasets.CIFAR10('data', train=True, download=True, transform=transforms.Compose([
    transforms.RandomCrop(32, 4), transforms.RandomHorizontalFlip(), transforms.ToTensor(), normalize]))
test_set = torchvision.datasets.CIFAR10('data', train=False, download=True, transform=transforms.Compose([
    transforms.ToTensor(), normalize]))
train_loader = torch.utils.data.DataLoader(train_set, batch_size, shuffle=True, num_workers=2)
test_loader = torch.utils.data.DataLoader(test_set, batch_size, num_workers=2)


class SqueezeNetish(nn.Module):
    class Fire(nn.Module):
        def __init__(self, cin, squeeze, expand):
            super().__init__()
            self.squeeze = nn.Conv2d(cin, squeeze, 1)
            self.e1 = nn.Conv2d(squeeze, expand, 1)
            self.e3 = nn.Conv2d(squeeze, expand, 3, padding=1)

        def forward(self, x):
            s = self.squeeze(x).relu()
            return torch.cat([self.e1(s).relu(), self.e3(s).relu()], 1)

    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(3, 64, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2))
        self.f1 = self.Fire(64, 16, 64)
        self.f2 = self.Fire(128, 32, 128)
        self.pool = nn.MaxPool2d(2)
        self.last = nn.Conv2d(256, 10, 1)

    def forward(self, x):
        x = self.f2(self.pool(self.f1(self.stem(x))))
        return self.last(x).mean([2, 3])


model = SqueezeNetish()
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.04, momentum=0.9, weight_decay=2e-4)
scheduler = MultiStepLR(optimizer, milestones=[45, 70], gamma=0.1)

for epoch in range(num_epochs):
    model.train()
    for inputs, targets in train_loader:
        optimizer.zero_grad()
        outputs = model(inputs)
        loss = criterion(outputs, targets)
        loss.backward()
        optimizer.step()
        scheduler.step()

    model.eval()
    correct = 0
    with torch.no_grad():
        for inputs, targets in test_loader:
            correct += (model(inputs).argmax(1) == targets).sum().item()
    print(f'{epoch}: {100 * correct / len(test_set):.2f} %')
