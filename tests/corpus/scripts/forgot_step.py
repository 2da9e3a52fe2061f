# STAT 479 -- HW 5
import torch
import torchvision
from torch import nn
from torchvision import transforms

torch.manual_seed(123)
train_loader = torch.utils.data.DataLoader(
    torchvision.datasets.MNIST('data', train=True, download=True, transform=transforms.ToTensor()),
    batch_size=256, shuffle=True)


class LeNet5(nn.Module):
    def __init__(self, num_classes, grayscale=True):
        super().__init__()
        in_channels = 1 if grayscale else 3
        self.features = nn.Sequential(
            nn.Conv2d(in_channels, 6, kernel_size=5),
            nn.Tanh(),
            nn.MaxPool2d(kernel_size=2),
            nn.Conv2d(6, 16, kernel_size=5),
            nn.Tanh(),
            nn.MaxPool2d(kernel_size=2),
        )
        self.classifier = nn.Sequential(
            nn.Linear(16 * 4 * 4, 120), nn.Tanh(),
            nn.Linear(120, 84), nn.Tanh(),
            nn.Linear(84, num_classes),
        )

    def forward(self, x):
        x = self.features(x)
        return self.classifier(torch.flatten(x, 1))


def train(model, optimizer, loader, n_epochs):
    loss_fn = nn.CrossEntropyLoss()
    for epoch in range(n_epochs):
        model.train()
        for features, targets in loader:
            logits = model(features)
            loss = loss_fn(logits, targets)
            optimizer.zero_grad()
            loss.backward()
        print('Epoch: %03d | loss %.4f' % (epoch + 1, loss))


model = LeNet5(num_classes=10)
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
train(model, optimizer, train_loader, 3)
