import torch
import torch.nn as nn
import torch.nn.functional as F
from torchvision import datasets, transforms

EPS = [0, .05, .1, .2]


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 16, 3)
        self.conv2 = nn.Conv2d(16, 32, 3)
        self.drop = nn.Dropout(0.25)
        self.fc = nn.Linear(32 * 144, 10)

    def forward(self, x):
        x = F.relu(self.conv2(F.relu(self.conv1(x))))
        x = self.drop(F.max_pool2d(x, 2))
        return self.fc(x.flatten(1))


def fgsm(image, epsilon, grad):
    return torch.clamp(image + epsilon * grad.sign(), 0, 1)


def attack(model, loader, epsilon):
    correct = n = 0
    for data, target in loader:
        data.requires_grad = True
        loss = F.cross_entropy(model(data), target)
        model.zero_grad()
        loss.backward()
        with torch.no_grad():
            adv = fgsm(data, epsilon, data.grad)
            correct += (model(adv).argmax(1) == target).sum().item()
        n += len(target)
    return correct / n


tf = transforms.ToTensor()
train = torch.utils.data.DataLoader(datasets.MNIST('.', True, tf, download=True), 64, shuffle=True)
test = torch.utils.data.DataLoader(datasets.MNIST('.', False, tf, download=True), 64)
model = Net()
opt = torch.optim.Adam(model.parameters())
model.train()
for epoch in range(1):
    for x, y in train:
        opt.zero_grad()
        F.cross_entropy(model(x), y).backward()
        opt.step()
model.eval()
for eps in EPS:
    print(eps, attack(model, test, eps))
