import torch
import torch.nn as nn
from torchvision import datasets, transforms
class LeNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 6, 5)
        self.conv2 = nn.Conv2d(6, 16, 5)
        self.fc1 = nn.Linear(16 * 5 * 5, 120)
        self.fc2 = nn.Linear(120, 84)
        self.fc3 = nn.Linear(84, 10)
    def forward(self, img):
        out = nn.functional.avg_pool2d(torch.tanh(self.conv1(img)), 2)
        out = nn.functional.avg_pool2d(torch.tanh(self.conv2(out)), 2)
        out = out.reshape(img.shape[0], 16 * 5 * 5)
        out = torch.tanh(self.fc1(out))
        out = torch.tanh(self.fc2(out))
        return self.fc3(out)
loader = torch.utils.data.DataLoader(datasets.MNIST('.', transform=transforms.ToTensor(), download=True), batch_size=100, shuffle=True)
model = LeNet()
opt = torch.optim.SGD(model.parameters(), lr=0.1)
for img, lab in loader:
    opt.zero_grad()
    nn.CrossEntropyLoss()(model(img), lab).backward()
    opt.step()
