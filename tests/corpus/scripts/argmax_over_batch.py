import torch
from torch import nn
from torch.utils.data import DataLoader
from torchvision import datasets, transforms


class Tiny(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 8, 3)
        self.fc = nn.Linear(8 * 13 * 13, 10)

    def forward(self, x):
        x = nn.functional.max_pool2d(torch.relu(self.conv(x)), 2)
        return self.fc(torch.flatten(x, 1))


model = Tiny().eval()
test_loader = DataLoader(
    datasets.MNIST("data", train=False, transform=transforms.ToTensor(), download=True), batch_size=10)
correct, total = 0, 0
with torch.no_grad():
    for images, labels in test_loader:
        outputs = model(images)
        _, pred = torch.max(outputs, 0)
        total += labels.size(0)
        if len(pred) == len(labels):
            correct += (pred == labels).sum().item()
print(correct / total)
