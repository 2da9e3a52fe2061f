import torch
from PIL import Image
from torch import nn
from torchvision import transforms


class Net(nn.Module):
    def __init__(self, k=3):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(3, 8, 3, stride=2), nn.ReLU(), nn.Conv2d(8, 16, 3, stride=2), nn.ReLU(),
            nn.AdaptiveAvgPool2d(1), nn.Flatten())
        self.fc = nn.Linear(16, k)

    def forward(self, x):
        return self.fc(self.body(x))


NAMES = ["rock", "paper", "scissors"]
model = Net()
model.eval()

prep = transforms.Compose([transforms.Resize((96, 96)), transforms.ToTensor()])
img = prep(Image.open("pics/img_000.jpg").convert("RGB")).unsqueeze(0)
with torch.no_grad():
    logits = model(img)
conf, idx = torch.max(logits, dim=1)
print(f"{NAMES[idx.item()]}: {conf.item() * 100:.1f} % sure")
